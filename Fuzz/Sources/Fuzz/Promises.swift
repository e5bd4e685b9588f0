// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What must hold for every outcome, whatever came in.
enum Promises {
    /// The secret that is sent and must never be shown.
    static let secret = "fuzz-marked-secret-7Qx"
    private static let secretBytes = Array(secret.utf8)

    /// Checks a token.
    static func check(_ token: AccessToken) {
        if token.token.isEmpty { Violation.report("an empty token") }
        if !token.expiresOn.timeIntervalSince1970.isFinite { Violation.report("a token that expires at no time") }
        if !token.token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { Violation.report("a token that no header can carry") }
    }

    /// Checks an error: its type, its texts, and that the secret is in none of them.
    static func check(_ error: any Error) {
        guard let error = error as? AuthenticationError else { Violation.report("not an AuthenticationError: \(error)") }
        if error.summary.count > 400 { Violation.report("a summary of \(error.summary.count) characters") }
        self.checkLine(error.summary, "summary")
        self.checkLine(error.message, "message")
        for line in error.description.split(separator: "\n") { self.checkLine(String(line), "description") }
        if let retryAfter = error.retryAfter, retryAfter < .zero || retryAfter > .seconds(86_400) {
            Violation.report("retryAfter is \(retryAfter)")
        }
        guard let json = try? JSONEncoder().encode(error) else { Violation.report("an error that can't be encoded") }
        self.checkSecret(String(decoding: json, as: UTF8.self), "JSON")
        if let response = error.response {
            for (name, value) in response.headers { self.checkLine("\(name): \(value)", "response.headers") }
            self.checkLine(response.body ?? "", "response.body")
        }
        if let service = error.serviceError {
            for text in [service.error, service.message, service.suberror, service.traceID, service.claims, service.errorURL] {
                self.checkLine(text ?? "", "serviceError")
            }
        }
    }

    /// Checks a text that must be one clean line without the secret.
    static func checkLine(_ text: String, _ place: String) {
        let isDirty = text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        if isDirty { Violation.report("\(place) holds a control character: \(text.debugDescription)") }
        self.checkSecret(text, place)
    }

    /// Checks that a text doesn't hold the secret.
    static func checkSecret(_ text: String, _ place: String) {
        if self.containsSecret(Array(text.utf8)) { Violation.report("\(place) holds the secret: \(text.debugDescription)") }
    }

    /// Whether bytes hold the secret. Compares bytes: for `String`, a letter with an accent behind it is another letter.
    static func containsSecret(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= self.secretBytes.count else { return false }
        return (0...(bytes.count - self.secretBytes.count)).contains { start in
            bytes[start] == self.secretBytes[0] && bytes[start...].starts(with: self.secretBytes)
        }
    }

    /// Whether a text made of bytes can hold the secret once it is cleaned: its bytes are there in order, or there are escapes.
    static func mayShowSecret(_ bytes: [UInt8]) -> Bool {
        var rest = self.secretBytes[...]
        for byte in bytes where byte == rest.first { rest.removeFirst() }
        return rest.isEmpty || bytes.firstRange(of: Array(#"\u"#.utf8)) != nil
    }

    /// Asks for a token and checks whatever comes.
    static func check(_ credential: some TokenCredential, _ context: TokenRequestContext = Self.context) async {
        do {
            self.check(try await credential.token(for: context))
        } catch {
            self.check(error)
        }
    }

    /// A request as good as any.
    static let context = TokenRequestContext(scopes: ["https://vault.azure.net/.default"])
}
