// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HiddenValueTests {
    private static let marker = "MARKED-7d1c"

    /// All the ways in which a value shows itself.
    private func shown(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let children = Mirror(reflecting: value).children.map { "\($0.value)" }
        return [dumped, "\(value)", String(reflecting: value), String(describing: [value]), String(reflecting: [value])]
            + children
    }

    @Test func aSecretNeverShows() {
        for text in self.shown(Secret(Self.marker)) { #expect(!text.contains(Self.marker)) }
        #expect(Secret(Self.marker).revealed == Self.marker)
        #expect(!(Secret(Self.marker) as Any is any Encodable))
    }

    @Test func aTokenNeverShows() {
        let token = AccessToken(
            token: Self.marker,
            expiresOn: Date(timeIntervalSince1970: 0),
            provenance: .init(credential: "XCredential")
        )
        for text in self.shown(token) { #expect(!text.contains(Self.marker)) }
        #expect(
            token.description
                == "AccessToken(type: Bearer, expiresOn: 1970-01-01T00:00:00Z, credential: XCredential, source: network)")
        #expect(!(token as Any is any Encodable))
        #expect(token.token == Self.marker)
    }

    @Test func credentialsOfTheContractHideTheirToken() async throws {
        let token = AccessToken(token: Self.marker, expiresOn: .distantFuture)
        for text in self.shown(StaticTokenCredential(token)) { #expect(!text.contains(Self.marker)) }
        let provider = StaticTokenCredential(token).bearerTokenProvider(forScopes: "s")
        for text in self.shown(provider) { #expect(!text.contains(Self.marker)) }
        #expect(try await provider() == Self.marker)
    }
}
