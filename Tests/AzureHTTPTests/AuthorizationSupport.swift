// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Answers requests by their number, from 0, and records them.
final class ScriptedService: HTTPTransport {
    private let requestsSeen = Locked<[TransportRequest]>([])
    private let answer: @Sendable (Int, TransportRequest) async throws -> TransportResponse

    init(_ answer: @escaping @Sendable (Int, TransportRequest) async throws -> TransportResponse) { self.answer = answer }

    convenience init(_ answers: [TransportResponse]) {
        self.init { number, _ in number < answers.count ? answers[number] : TransportResponse(status: 599) }
    }

    var requests: [TransportRequest] { self.requestsSeen.withLock { $0 } }
    /// The `Authorization` headers in order; a hyphen for none.
    var authorizations: [String] { self.requests.map { $0.headers["Authorization"] ?? "-" } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let number = self.requestsSeen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        return try await self.answer(number, request)
    }
}

/// Gives tokens by the number of the question, from 0, and records the questions.
final class CountingCredential: TokenCredential {
    private let contextsSeen = Locked<[TokenRequestContext]>([])
    private let answer: @Sendable (Int, TokenRequestContext) async throws -> AccessToken

    init(_ answer: @escaping @Sendable (Int, TokenRequestContext) async throws -> AccessToken) { self.answer = answer }

    /// Gives `t0`, `t1` and so on.
    convenience init() { self.init { number, _ in accessToken("t\(number)") } }

    var contexts: [TokenRequestContext] { self.contextsSeen.withLock { $0 } }

    nonisolated(nonsending) func token(for context: TokenRequestContext) async throws -> AccessToken {
        let number = self.contextsSeen.withLock { seen in
            seen.append(context)
            return seen.count - 1
        }
        return try await self.answer(number, context)
    }
}

/// A token that lasts, by the virtual clock and the real one.
func accessToken(
    _ text: String, expiresOn: Date = .distantFuture, type: AccessToken.TokenType = .bearer,
    provenance: AccessToken.Provenance? = nil
) -> AccessToken {
    AccessToken(token: text, expiresOn: expiresOn, type: type, provenance: provenance)
}

let sampleClaims = #"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#

/// The challenge by which a service asks for claims.
func claimsChallenge(_ claims: String = sampleClaims) -> String {
    #"Bearer realm="", error="insufficient_claims", claims="\#(Base64URL.encode(Array(claims.utf8)))""#
}

/// The challenge by which a vault says what it wants.
func vaultChallenge(tenant: String = "tenant-1", resource: String = "https://vault.azure.net") -> String {
    #"Bearer authorization="https://login.microsoftonline.com/\#(tenant)", resource="\#(resource)""#
}

func unauthorized(_ challenges: String...) -> TransportResponse {
    var response = TransportResponse(status: 401)
    for challenge in challenges { response.headers.append(name: "WWW-Authenticate", value: challenge) }
    return response
}

func url(_ text: String) throws -> URL { try #require(URL(string: text)) }
