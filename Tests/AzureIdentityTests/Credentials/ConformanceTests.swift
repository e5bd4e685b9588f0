// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One after the other: the many callers of several checks at once would keep the sockets of other tests waiting.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConformanceTests {
    @Test(arguments: Subject.allCases + Subject.people, EngineConformance.all)
    func keepsTheEnginesPromises(subject: Subject, check: EngineConformance) async {
        let violations = await check.violations(subject.fixture(secret: "MARKED-secret-51c9"))
        #expect(violations.isEmpty, "\(subject): \(violations)")
    }

    @Test(arguments: Subject.allCases + Subject.people)
    func keepsThePublicPromises(subject: Subject) async {
        let emulator = Subject.emulator()
        let conformance = CredentialConformance(scope: vaultScope, secrets: [Sample.clientSecret, Subject.keyExcerpt]) {
            subject.make(options: emulator.credentialOptions(), emulator: emulator)
        }
        let violations = await conformance.violations()
        #expect(violations.isEmpty, "\(subject): \(violations)")
    }

    @Test func credentialsOfTheContractConform() async {
        let token = AccessToken(token: "static-token", expiresOn: .distantFuture, source: .memory)
        let fixed = CredentialConformance(scope: vaultScope) { StaticTokenCredential(token) }
        #expect(await fixed.violations().isEmpty)
        let closure = CredentialConformance(scope: vaultScope, keepsTokens: false) { ClosureTokenCredential { _ in token } }
        #expect(await closure.violations().isEmpty)
    }

    /// The checks can fail: a credential that breaks each promise is found out.
    @Test func aBadCredentialIsFoundOut() async {
        struct Bad: TokenCredential {
            let secret = "leaked-secret"
            func token(for context: TokenRequestContext) async throws -> AccessToken {
                struct Odd: Error {}
                if Task.isCancelled { throw Odd() }
                if context.scopes.isEmpty { throw Odd() }
                return AccessToken(token: "\(UInt64.random(in: 0 ... .max))", expiresOn: .distantFuture)
            }
        }
        let conformance = CredentialConformance(scope: vaultScope, secrets: ["leaked-secret"]) { Bad() }
        let checks = Set(await conformance.violations().map(\.check))
        #expect(checks == ["refusesBadScopes", "rethrowsCancellation", "hidesSecrets", "keepsItsToken", "servesManyCallers"])
    }

    @Test(arguments: EngineConformance.all)
    func aCredentialWithoutAnEngineIsFoundOut(check: EngineConformance) async {
        // What the promises are about: no cache, no sharing. Checks that don't concern these may pass.
        let concerned = ["oneRequestForManyCallers", "oneRequestAcrossInstances", "claimsReplaceTheToken", "retryAfterIsHeeded"]
        guard concerned.contains(check.name) else { return }
        var fixture = Subject.clientSecret.fixture()
        let make = fixture.make
        fixture.make = { _ in ClosureTokenCredential { try await make(.inMemory).token(for: $0) } }
        #expect(await !check.violations(fixture).isEmpty)
    }
}
