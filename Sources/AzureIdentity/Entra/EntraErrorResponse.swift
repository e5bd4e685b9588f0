// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A refusal of Microsoft Entra ID (RFC 6749, section 5.2, and Microsoft's additions), read leniently. Pure.
struct EntraErrorResponse: Decodable {
    let error: String
    private let errorDescription: String?
    private let errorCodes: [Int]
    private let suberror: String?
    private let timestamp: String?
    private let traceID: String?
    private let correlationID: String?
    private let claims: String?
    private let errorURL: String?
    /// Tokens that a refusal has no business to hold; they must not be shown either.
    private let tokens: [String]

    private enum CodingKeys: String, CodingKey {
        case error, suberror, timestamp, claims
        case errorDescription = "error_description"
        case errorCodes = "error_codes"
        case traceID = "trace_id"
        case correlationID = "correlation_id"
        case errorURL = "error_uri"
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case idToken = "id_token"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) -> String? { try? container.decodeIfPresent(String.self, forKey: key) }
        self.error = try container.decode(String.self, forKey: .error)
        self.errorDescription = text(.errorDescription)
        let numbers = (try? container.decodeIfPresent([LooseNumber].self, forKey: .errorCodes)) ?? []
        self.errorCodes = numbers.prefix(20).compactMap { $0.seconds.flatMap { Int(exactly: $0) } }
        self.suberror = text(.suberror)
        self.timestamp = text(.timestamp)
        self.traceID = text(.traceID)
        self.correlationID = text(.correlationID)
        self.claims = text(.claims)
        self.errorURL = text(.errorURL)
        self.tokens = [text(.accessToken), text(.refreshToken), text(.idToken)].compactMap(\.self)
    }

    /// What is shown of the refusal: cleaned, shortened, and without the secrets that were sent.
    func serviceError(secrets sent: [String]) -> AuthenticationError.ServiceError {
        let secrets = sent + self.tokens
        func clean(_ text: String?, _ limit: Int) -> String? {
            text.map { HostileText.withoutTokens(HostileText.sanitized($0, removing: secrets, limit: limit)) }
        }
        let description = clean(self.errorDescription, HostileText.defaultLimit) ?? ""
        let codes = self.errorCodes.isEmpty ? ServiceText.codes(in: description) : self.errorCodes
        var result = AuthenticationError.ServiceError(
            error: clean(self.error, 100) ?? "",
            message: description,
            codes: codes.filter { $0 > 0 }
        )
        result.suberror = clean(self.suberror, 100)
        result.timestamp = clean(self.timestamp, 40)
        result.traceID = clean(self.traceID, 64)
        result.correlationID = clean(self.correlationID, 64)
        result.claims = self.claims.flatMap { Self.isSendable($0, secrets: secrets) ? $0 : nil }
        result.errorURL = clean(self.errorURL, 300)
        return result
    }

    /// Whether claims can be handed on as they are, which is the only way that makes sense: printable, of bounded size, no secret in them.
    private static func isSendable(_ claims: String, secrets: [String]) -> Bool {
        claims.utf8.count <= TokenRequestContext.maximumClaimsLength
            && claims.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            && !secrets.contains { !$0.isEmpty && claims.contains($0) }
    }
}
