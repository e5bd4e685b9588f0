// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What a tool complains of: its text, fit to be shown, and what can be told from it. Pure.
struct ToolComplaint {
    /// In one line, without tokens; empty if the tool has said nothing.
    let text: String
    /// The same before tokens were taken out, to compare with what tools are known to say; never shown.
    private let whole: String
    /// What Microsoft Entra ID has said by way of the tool.
    let serviceError: AuthenticationError.ServiceError?

    /// - Parameters:
    ///   - text: The part of the tool's output that matters.
    ///   - details: More of the output, in which codes are looked for too.
    ///   - tokens: Tokens that are known; they aren't shown.
    init(_ text: String, details: String = "", tokens: [String] = []) {
        self.text = OutputRedaction.shown(text, removing: tokens)
        self.whole = HostileText.sanitized(text, limit: 8_000)
        self.serviceError =
            Self.serviceError(self.text) ?? Self.serviceError(OutputRedaction.shown(details, removing: tokens, limit: 16_000))
    }

    /// Codes that are gone after a new sign-in: the old one has expired or was revoked (50132, 50133, 50173, 70008, 70043, 700081, 700082,
    /// 700084), or another factor is asked for, which a sign-in asks for in turn (50072, 50074, 50076, 50078, 50079). What an
    /// administrator has to allow (53003, 65001) is not among them.
    private static let signInCodes: Set<Int> = [
        50_072, 50_074, 50_076, 50_078, 50_079, 50_132, 50_133, 50_173, 70_008, 70_043, 700_081, 700_082, 700_084,
    ]
    /// Codes by which the service asks for patience.
    private static let transientCodes: Set<Int> = [50_196, 90_006, 90_012, 90_020, 90_033, 90_055]

    /// Whether the code says that a person has to sign in again.
    var isForSignIn: Bool { self.serviceError?.codes.contains { Self.signInCodes.contains($0) } ?? false }

    /// Whether the tool has said one of some sentences, in any case.
    func says(_ sentences: [String]) -> Bool {
        let text = self.whole.lowercased()
        return sentences.contains { text.contains($0.lowercased()) }
    }

    /// Whether the same may succeed later without anybody doing anything: the network or the service is at fault.
    var isTransient: Bool {
        if let codes = self.serviceError?.codes, !codes.isEmpty { return codes.contains { Self.transientCodes.contains($0) } }
        return self.says(Self.networkTexts) || Self.hasTransientStatus(self.whole.lowercased())
    }

    /// What Python, Go and .NET say when there is no way to the service, in lower case. A certificate that isn't trusted is none of these.
    private static let networkTexts = [
        "too many requests", "temporarily_unavailable", "temporarily unavailable", "service unavailable", "bad gateway",
        "gateway timeout",
        "gateway time-out", "failed to establish a new connection", "connection aborted", "connection refused",
        "connection reset",
        "remote end closed connection", "name or service not known", "temporary failure in name resolution", "getaddrinfo failed",
        "no such host", "network is unreachable", "no route to host", "read timed out", "connect timed out",
        "connection timed out",
        "i/o timeout", "tls handshake timeout", "deadline exceeded", "throttled",
    ]

    /// Whether a status such as 429 or 503 is named as one: after "status", "code", "http", "response" or "error", or before "server error".
    private static func hasTransientStatus(_ text: String) -> Bool {
        let words = text.split { !($0.isLetter || $0.isNumber) }
        return words.indices.contains { index in
            guard ["429", "500", "502", "503", "504"].contains(words[index]) else { return false }
            let before = words[..<index].last.map(String.init) ?? ""
            let after = words[(index + 1)...].first.map(String.init) ?? ""
            return ["status", "code", "http", "response", "error"].contains(before) || ["server", "client"].contains(after)
        }
    }

    private static func serviceError(_ text: String) -> AuthenticationError.ServiceError? {
        let codes = ServiceText.codes(in: text)
        guard !codes.isEmpty, let start = text.firstRange(of: "AADSTS")?.lowerBound else { return nil }
        // azd writes the OAuth error before the text, in parentheses; az doesn't write it.
        let before = text[..<start].split(separator: " ").last.map(String.init) ?? ""
        let isError = before.hasPrefix("(") && before.hasSuffix(")")
        var error = AuthenticationError.ServiceError(
            error: isError ? String(before.dropFirst().dropLast()) : "", message: String(text[start...].prefix(1_000)),
            codes: codes)
        error.traceID = Self.word(after: "Trace ID: ", in: text)
        error.correlationID = Self.word(after: "Correlation ID: ", in: text)
        error.timestamp = text.firstRange(of: "Timestamp: ").map { range in
            HostileText.trimmed(text[range.upperBound...].prefix { $0.isNumber || "-:TZ ".contains($0) }.prefix(30))
        }
        return error
    }

    private static func word(after label: String, in text: String) -> String? {
        guard let range = text.firstRange(of: label) else { return nil }
        let word = text[range.upperBound...].prefix { $0.isHexDigit || $0 == "-" }
        return word.isEmpty || word.count > 64 ? nil : String(word)
    }
}
