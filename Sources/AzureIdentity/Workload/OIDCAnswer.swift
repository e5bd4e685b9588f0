// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads whatever comes back from a build service that was asked for an identity token. Pure; shows no body of a success.
struct OIDCAnswer {
    /// The name of the credential, for errors.
    let credential: String
    let issuer: OIDCIssuer
    /// The values that were sent and must not be shown.
    let secrets: [String]

    /// The members that matter; those of another type count as missing.
    private struct Body: Decodable {
        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ name: String) { self.stringValue = name }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        let tokens: [String: String]
        let message: String?
        let typeKey: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            func text(_ name: String) -> String? { (try? container.decodeIfPresent(String.self, forKey: Name(name))) ?? nil }
            self.tokens = ["oidcToken": text("oidcToken"), "value": text("value")].compactMapValues { $0 }
            self.message = text("message").flatMap { $0.isEmpty ? nil : $0 }
            self.typeKey = text("typeKey").flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The identity token of a response.
    ///
    /// - Throws: `AuthenticationError` with `.authenticationFailed`.
    func token(of exchange: HTTPPipeline.Exchange) throws -> String {
        guard exchange.response.status == 200, let text = Self.body(exchange)?.tokens[self.issuer.member] else {
            throw self.failure(of: exchange)
        }
        let token = HostileText.trimmed(text)
        if let problem = FederatedToken.problem(token) {
            throw self.error("OIDC token not found in response. Its member \(self.issuer.member) \(problem).", exchange: exchange)
        }
        return token
    }

    /// The error of a response that brings no token.
    func failure(of exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let response = exchange.response
        let body = Self.body(exchange)
        // Whatever the status, a token that came along isn't shown.
        let hidden = self.secrets + (body.map { Array($0.tokens.values).flatMap(FormEncoding.echoes) } ?? [])
        let isSuccess = (200..<300).contains(response.status)
        let message =
            isSuccess
            ? nil : body?.message.map { HostileText.withoutTokens(HostileText.sanitized($0, removing: hidden, limit: 500)) }
        let excerpt = isSuccess || response.body.isEmpty ? nil : Self.excerpt(response.body, removing: hidden)
        let isPage = (300..<400).contains(response.status) || response.status == 203 || (isSuccess && Self.isHTML(response))
        var text: String
        if response.status == 401 {
            text = "401 (Unauthorized) response from OIDC endpoint."
        } else if isPage {
            text =
                "OIDC token not found in response. The answer (status \(response.status)) is no JSON but a redirect or a page, "
            text += "such as that to sign in at."
        } else {
            text = "OIDC token not found in response. The answer's status is \(response.status)."
        }
        if let message {
            let kind = body?.typeKey.map { " (\(HostileText.sanitized($0, removing: hidden, limit: 100)))" } ?? ""
            text += " It says: \(message)\(kind)"
        } else if let excerpt {
            text += " Response: \(excerpt)"
        }
        var error = self.error(text, exchange: exchange)
        error.response?.body = excerpt
        let isSignIn = response.status == 401 || isPage
        error.remedy = self.issuer.row(isSignIn: isSignIn, message: message).map { Guide.remedy($0) }
        return error
    }

    private func error(_ text: String, exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let response = exchange.response
        let headers = LogRedaction(options: .init(), secrets: self.secrets).allowed(response.headers)
        var text = text
        for name in ["x-vss-e2eid", "x-msedge-ref"] {
            if let value = headers[name], !value.isEmpty { text += " \(name): \(HostileText.withoutTokens(value))" }
        }
        var error = AuthenticationError(
            .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(text)",
            isRetryable: RetryOptions.default.statusCodes.contains(response.status)
        )
        error.response = .init(status: response.status, headers: headers.mapValues { HostileText.withoutTokens($0) })
        error.retryAfter = exchange.retryAfter
        error.remedy = self.issuer.row(isSignIn: false, message: nil).map { Guide.remedy($0) }
        return error
    }

    private static func body(_ exchange: HTTPPipeline.Exchange) -> Body? {
        try? JSONDecoder().decode(Body.self, from: ServiceText.json(exchange.response.body))
    }

    private static func isHTML(_ response: TransportResponse) -> Bool {
        response.headers["content-type"]?.lowercased().contains("html") ?? false
    }

    private static func excerpt(_ body: [UInt8], removing secrets: [String]) -> String {
        HostileText.withoutTokens(HostileText.sanitized(String(decoding: body, as: UTF8.self), removing: secrets, limit: 500))
    }
}
