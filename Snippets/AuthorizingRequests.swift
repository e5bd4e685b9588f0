// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of requests with tokens, compiled. They need the trait AsyncHTTPClient.

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureHTTP
import AzureIdentity
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

let credential = DefaultAzureCredential()

// snippet.CLIENT
let client = HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: .init(redirectConfiguration: .disallow)
)
// snippet.end

// snippet.EXECUTE
let authorizer = BearerTokenAuthorizer(credential: credential, scopes: "https://graph.microsoft.com/.default")
var request = HTTPClientRequest(url: "https://graph.microsoft.com/v1.0/organization")
request.headers.add(name: "Accept", value: "application/json")
let response = try await client.execute(request, authorizedBy: authorizer, timeout: .seconds(30))
// snippet.end

// snippet.BODY
var upload = HTTPClientRequest(url: "https://contoso.vault.azure.net/secrets/password?api-version=7.6")
upload.method = .PUT
upload.body = .bytes(ByteBuffer(string: #"{"value":"…"}"#))
let vault = BearerTokenAuthorizer(credential: credential, scopes: [], options: .init(discovery: .keyVault))
let stored = try await client.execute(upload, authorizedBy: vault, timeout: .seconds(30), replaysBody: true)
// snippet.end

guard let url = URL(string: "https://graph.microsoft.com/v1.0/organization") else { throw OtherClient.NotAnURL() }
let otherClient = OtherClient()

// snippet.OTHER
func get(_ url: URL) async throws -> OtherClient.Answer {
    var authorization = try authorizer.authorization(for: url)
    var answer: OtherClient.Answer
    repeat {
        let header = try await authorization.header()
        answer = try await otherClient.get(url, authorization: header)
    } while try authorization.continues(afterStatus: answer.status, challenges: answer.challenges)
    return answer
}
// snippet.end

print(response.status, stored.status, try await get(url).status)
try await client.shutdown().get()

/// Stands in for the client of another library.
struct OtherClient {
    struct NotAnURL: Error {}
    struct Answer {
        var status: Int
        var challenges: [String]
    }

    func get(_ url: URL, authorization: String?) async throws -> Answer { Answer(status: 200, challenges: []) }
}
#endif
