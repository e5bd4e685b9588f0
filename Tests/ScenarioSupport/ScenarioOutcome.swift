// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a scenario came to, in the library, in azid or in another library.
package struct ScenarioOutcome: Sendable {
    /// A token, by what can be told of it.
    package struct Token: Sendable {
        package let text: String
        /// Which credential gave it; `nil`: it isn't said.
        package let credential: String?
        package let application: String?, tenant: String?

        package init(_ text: String, credential: String?) {
            let claims = Claims(of: text)
            self.text = text
            self.credential = credential
            self.application = claims?.appid
            self.tenant = claims?.tid
        }
    }

    /// An error as the library writes it in JSON.
    package struct Failure: Decodable, Sendable {
        package let code: String, credential: String, message: String, aadsts: [Int], guide: String?
    }

    package let token: Token?, error: Failure?

    package init(_ token: Token) {
        self.token = token
        self.error = nil
    }

    package init(_ error: Failure) {
        self.token = nil
        self.error = error
    }

    private struct Claims: Decodable {
        let appid: String?, tid: String?

        init?(of token: String) {
            let parts = token.split(separator: ".")
            guard parts.count == 3, let bytes = Base64URL.decode(String(parts[1])) else { return nil }
            guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(bytes)) else { return nil }
            self = claims
        }
    }
}

extension Scenario {
    /// What is not as it must be; empty if all is.
    package func complaints(about outcome: ScenarioOutcome) -> [String] {
        switch (self.expected.token, self.expected.error, outcome.token, outcome.error) {
        case (let expected?, nil, let token?, _): Self.complaints(token, expected)
        case (nil, let expected?, _, let error?): Self.complaints(error, expected)
        case (_?, nil, nil, let error?): ["a token was expected, not \(error.code): \(error.message)"]
        case (nil, _?, _?, _): ["an error was expected, not a token"]
        default: ["either a token or an error has to be expected"]
        }
    }

    private static func complaints(_ token: ScenarioOutcome.Token, _ expected: Expectation.Token) -> [String] {
        var complaints: [String] = []
        if let credential = token.credential, credential != expected.credential {
            complaints.append("the token is \(credential)'s, not \(expected.credential)'s")
        }
        if let application = expected.application, token.application != application {
            complaints.append("the token is for the application \(token.application ?? "-"), not \(application)")
        }
        if let tenant = expected.tenant, token.tenant != tenant {
            complaints.append("the token is of the tenant \(token.tenant ?? "-"), not \(tenant)")
        }
        return complaints
    }

    private static func complaints(_ error: ScenarioOutcome.Failure, _ expected: Expectation.Failure) -> [String] {
        var complaints = expected.contains.filter { !error.message.contains($0) }.map {
            "the message lacks \"\($0)\": \(error.message)"
        }
        if error.code != expected.code { complaints.append("the code is \(error.code), not \(expected.code): \(error.message)") }
        if let credential = expected.credential, error.credential != credential {
            complaints.append("the error is \(error.credential)'s, not \(credential)'s")
        }
        if error.aadsts != expected.aadsts ?? [] {
            complaints.append("the codes are \(error.aadsts), not \(expected.aadsts ?? [])")
        }
        if error.guide != expected.row { complaints.append("the row is \(error.guide ?? "-"), not \(expected.row ?? "-")") }
        return complaints
    }
}
#endif
