// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct SharingTests {
    private let cache = TokenCache.inMemory
    private let emulator = EntraEmulator()

    private func credential(
        secret: String = Sample.clientSecret,
        tenantID: String = Sample.tenantID,
        change: (inout CredentialOptions) -> Void = { _ in }
    ) -> ClientSecretCredential {
        var options = self.emulator.credentialOptions(tokenCache: self.cache)
        change(&options)
        return ClientSecretCredential(
            tenantID: tenantID, clientID: Sample.clientID, clientSecret: Secret(secret), options: options)
    }

    @Test func aWrongSecretNeverGetsAnothersToken() async throws {
        let token = try await self.credential().token(forScopes: vaultScope)
        let error = try await authenticationError { try await self.credential(secret: "wrong").token(forScopes: vaultScope) }
        #expect(error.serviceError?.codes == [7_000_215])
        #expect(try await self.credential().token(forScopes: vaultScope) == token)
        #expect(self.emulator.tokenRequestCount == 2)
    }

    @Test func aSecondGoodSecretMakesItsOwnRequest() async throws {
        self.emulator.update { $0.tenants[0].applications[0].secrets.append(.init(value: "second")) }
        let first = try await self.credential().token(forScopes: vaultScope)
        let second = try await self.credential(secret: "second").token(forScopes: vaultScope)
        #expect(first != second && self.emulator.tokenRequestCount == 2)
    }

    @Test func tenantsAuthoritiesAndTransportsAreKeptApart() async throws {
        let storageScope = "https://storage.azure.com/.default"  // The same in all clouds.
        let first = try await self.credential().token(forScopes: storageScope)
        let other = try await self.credential(tenantID: Sample.otherTenantID).token(forScopes: storageScope)
        let government = try await self.credential { $0.authorityHost = .usGovernment }.token(forScopes: storageScope)
        let gated = try await self.credential { $0.transport = GatedTransport(self.emulator.transport) }.token(
            forScopes: storageScope)
        let requested = try await self.credential { $0.additionallyAllowedTenants = [.any] }
            .token(for: .init(scopes: [storageScope], tenantID: Sample.otherTenantID))
        #expect(Set([first, other, government, gated, requested].map(\.token)).count == 5)
        #expect(other.provenance?.tenantID == Sample.otherTenantID && requested.provenance?.tenantID == Sample.otherTenantID)
    }

    @Test func whatDecidesAboutARequestIsPartOfTheKey() async throws {
        let changes: [@Sendable (inout CredentialOptions) throws -> Void] = [
            { _ in }, { $0.regionalAuthority = try RegionalAuthority("westeurope") },
            { $0.regionalAuthority = try RegionalAuthority("northeurope") },
            { $0.authorityHost = try AuthorityHost("login.windows.net") },
            { $0.cloud = AzureCloud(name: "Mine", authorityHost: .publicCloud, audiences: ["https://a.example"]) },
            { $0.cloud = AzureCloud(name: "Mine", authorityHost: .publicCloud, audiences: ["https://b.example"]) },
            { $0.authorityHost = try AuthorityHost("login.private.example") },
            {
                $0.authorityHost = try AuthorityHost("login.private.example")
                $0.isInstanceDiscoveryEnabled = false
            },
        ]
        var tokens: Set<String> = []
        for change in changes {
            var problem: (any Error)?
            let credential = self.credential { options in
                do { try change(&options) } catch { problem = error }
            }
            #expect(problem == nil)
            tokens.insert(try await credential.token(forScopes: "https://storage.azure.com/.default").token)
        }
        #expect(tokens.count == changes.count)
    }

    @Test func aTransportThatIsAValueSharesNothing() async throws {
        struct Passing: HTTPTransport {
            let inner: any HTTPTransport
            func send(_ request: TransportRequest) async throws -> TransportResponse { try await self.inner.send(request) }
        }
        for _ in 0..<2 {
            _ = try await self.credential { $0.transport = Passing(inner: self.emulator.transport) }.token(forScopes: vaultScope)
        }
        #expect(self.emulator.tokenRequestCount == 2)
    }

    @Test func transportsAtTheSameAddressHaveDifferentNames() {
        var names: Set<String> = []
        for _ in 0..<1000 { names.insert(TransportIdentity.name(of: GatedTransport(self.emulator.transport))) }
        #expect(names.count == 1000)
        let kept = GatedTransport(self.emulator.transport)
        #expect(TransportIdentity.name(of: kept) == TransportIdentity.name(of: kept))
    }

    @Test func removalDropsOnlyTheCredentialsOwn() async throws {
        let first = self.credential()
        let second = self.credential(tenantID: Sample.otherTenantID)
        _ = try await first.token(forScopes: vaultScope)
        let kept = try await second.token(forScopes: vaultScope)
        first.removeCachedTokens()
        #expect(self.cache.count == 1)
        #expect(try await second.token(forScopes: vaultScope) == kept)
        _ = try await first.token(forScopes: vaultScope)
        #expect(self.emulator.tokenRequestCount == 3)
    }

    @Test func closuresShareOnlyByKeyAndCache() async throws {
        func make(key: String?, cache: TokenCache) -> CachingTokenCredential {
            CachingTokenCredential(key: key, cache: cache) { _ in
                AccessToken(token: "\(UInt64.random(in: 0 ... .max))", expiresOn: .distantFuture)
            }
        }
        let first = try await make(key: "a", cache: self.cache).token(forScopes: "s")
        #expect(try await make(key: "a", cache: self.cache).token(forScopes: "s") == first)
        #expect(try await make(key: "b", cache: self.cache).token(forScopes: "s") != first)
        #expect(try await make(key: "a", cache: .inMemory).token(forScopes: "s") != first)
        let keyless = try await make(key: nil, cache: self.cache).token(forScopes: "s")
        #expect(try await make(key: nil, cache: self.cache).token(forScopes: "s") != keyless)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 0])
    func aClosuresOddDatesDoNoHarm(seconds: Double) async throws {
        for isRefresh in [true, false] {
            let credential = CachingTokenCredential { _ in
                let odd = Date(timeIntervalSinceReferenceDate: seconds)
                return AccessToken(token: "t", expiresOn: isRefresh ? .distantFuture : odd, refreshOn: isRefresh ? odd : nil)
            }
            let isUsable = isRefresh || seconds == .infinity
            let token = try? await credential.token(forScopes: "s")
            #expect((token != nil) == isUsable)
        }
    }

    @Test func theCacheIsBounded() async throws {
        let cache = TokenCache.inMemory(capacity: 10)
        let credential = CachingTokenCredential(cache: cache) { context in
            AccessToken(token: context.scopes[0], expiresOn: .distantFuture)
        }
        for index in 0..<100 { _ = try await credential.token(forScopes: "s\(index)") }
        #expect(cache.count == 10)
        #expect(try await credential.token(forScopes: "s99").source == .memory)
        #expect(try await credential.token(forScopes: "s0").source == .network)
    }
}
