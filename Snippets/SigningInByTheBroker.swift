// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of brokered sign-in, compiled.

import AzureIdentity
import AzureIdentityBroker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.BROKER
let credential = BrokerCredential(options: .init(usesDefaultBrokerAccount: true))
let token = try await credential.token(forScopes: "https://management.azure.com/.default")
// snippet.end

// snippet.WINDOW
var options = BrokerCredential.Options()
options.tenantID = "11111111-1111-4111-8111-111111111111"
options.clientID = "22222222-2222-4222-8222-222222222222"
options.parentWindow = BrokerWindow(handle: mainWindowHandle())
options.authenticatesAutomatically = false
options.authenticationRecord = try savedRecord()
let tool = BrokerCredential(options: options)
do {
    _ = try await tool.token(forScopes: "https://management.azure.com/.default")
} catch let error as AuthenticationError where error.code == .authenticationRequired {
    let record = try await tool.authenticate(for: error.context)
    try save(record.json)
}
// snippet.end

// snippet.CHAIN
let chain = DefaultAzureCredential(options: .init(broker: .system))
// snippet.end

// snippet.PROOF
var context = TokenRequestContext(scopes: ["https://graph.microsoft.com/.default"])
context.proofOfPossession = ProofOfPossession(nonce: nonceOfTheChallenge(), method: "GET", url: url)
let bound = try await credential.token(for: context)
print("Authorization: \(bound.type.rawValue) …")
// snippet.end

print(token, chain.plan())

private func mainWindowHandle() -> UInt { 0x20000 }
private func savedRecord() throws -> AuthenticationRecord? { nil }
private func save(_ json: String) throws {}
private func nonceOfTheChallenge() -> String { "nonce" }
private var url: URL { URL(filePath: "/") }

// snippet.LIBRARY
var elsewhere = BrokerCredential.Options()
elsewhere.broker = .msalRuntime(path: "/opt/microsoft/libmsalruntime.so")
// snippet.end
