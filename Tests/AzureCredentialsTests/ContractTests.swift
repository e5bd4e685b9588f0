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

@Suite struct ContractTests {
    private let token = AccessToken(token: "t", expiresOn: .distantFuture)

    private func some(_ credential: some TokenCredential) async throws -> AccessToken {
        try await credential.token(forScopes: "s")
    }
    private func any(_ credential: any TokenCredential) async throws -> AccessToken {
        try await credential.token(forScopes: ["s"])
    }

    @Test func leadingDotsWorkForSomeAndAny() async throws {
        #expect(try await self.some(.static(self.token)) == self.token)
        #expect(try await self.any(.static(self.token)) == self.token)
        let token = self.token
        let closed = try await self.any(.closure { _ in token })
        #expect(closed == token)
    }

    @MainActor @Test func aMainActorCallerStaysOnItsActor() async throws {
        let token = self.token
        let credential = ClosureTokenCredential { _ in token }
        let result = try await credential.token(forScopes: "s")
        MainActor.preconditionIsolated()
        #expect(result == self.token)
    }

    @Test(arguments: [[], [""], ["a b"], ["a\n"], ["\u{0}"], ["ü"], ["\""], ["\\"], [String(repeating: "a", count: 2049)]])
    func badScopesAreRefused(scopes: [String]) async throws {
        let error = await #expect(throws: AuthenticationError.self) { try await self.any2(.static(self.token), scopes) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.credential == "StaticTokenCredential")
    }

    private func any2(_ credential: any TokenCredential, _ scopes: [String]) async throws -> AccessToken {
        try await credential.token(forScopes: scopes)
    }

    @Test func tooManyScopesAndTooLongClaimsAreRefused() {
        var context = TokenRequestContext(scopes: Array(repeating: "s", count: 101))
        #expect(throws: AuthenticationError.self) { try context.validate(for: "X") }
        context = TokenRequestContext(scopes: ["s"], claims: String(repeating: "c", count: 40_000))
        #expect(throws: AuthenticationError.self) { try context.validate(for: "X") }
    }

    @Test func aClosuresErrorIsWrappedOnce() async {
        struct Mine: Error {}
        let wrapped = await #expect(throws: AuthenticationError.self) {
            try await self.any(ClosureTokenCredential(name: "Mine") { _ in throw Mine() })
        }
        #expect(wrapped?.credential == "Mine" && wrapped?.underlyingError is Mine)
        let own = AuthenticationError.credentialUnavailable("not here", credential: "Other")
        let passed = await #expect(throws: AuthenticationError.self) { try await self.any(.closure { _ in throw own }) }
        #expect(passed?.credential == "Other" && passed?.isUnavailable == true)
        await #expect(throws: CancellationError.self) { try await self.any(.closure { _ in throw CancellationError() }) }
    }
}
