// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// What every credential promises, by both ways to the account of Visual Studio Code.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EditorConformanceTests {
    enum Way: String, CaseIterable, Sendable {
        case broker, older
    }

    /// A stage on which one way leads to an account, and what requests go through.
    private func fixture(_ way: Way) async throws -> EngineFixture {
        let stage = try EditorStage()
        let secret = try await stage.refreshToken()
        let gate = GatedTransport(stage.emulator.transport)
        let broker: EditorBrokerClient?
        switch way {
        case .broker:
            try stage.signIn()
            broker = EditorBrokerClient(stage, transport: gate, secret: secret)
        case .older:
            try stage.set("{}")
            stage.store(secret)
            broker = nil
        }
        var fixture = EngineFixture(
            clock: stage.clock,
            gate: gate,
            scope: vaultScope,
            secret: secret.revealed,
            requestsPerFailure: way == .broker ? 1 : 4,
            supportsClaims: true,
            make: { cache in
                VisualStudioCodeCredential(
                    options: .init(
                        broker: broker?.signIn,
                        credentialOptions: stage.options(transport: gate, tokenCache: cache)
                    ))
            },
            fail: { requests, status, retryAfter in
                stage.emulator.play(FaultScript(steps: [.init(.status(status, retryAfter: retryAfter), requests: requests)]))
            },
            refuse: { stage.emulator.revokeRefreshTokens(of: Sample.userName) },
            setLifetime: { seconds, refreshIn in
                stage.emulator.update {
                    $0.tokenLifetime = seconds
                    $0.refreshIn = refreshIn
                }
            }
        )
        fixture.knowsRefreshIn = way == .older
        fixture.knowsRetryAfter = way == .older
        // The broker's time is limited besides.
        fixture.limitsPerRequest = way == .broker ? 2 : 1
        return fixture
    }

    @Test(arguments: Way.allCases, EngineConformance.all)
    func keepsTheEnginesPromises(way: Way, check: EngineConformance) async throws {
        let violations = await check.violations(try await self.fixture(way))
        #expect(violations.isEmpty, "\(way): \(violations)")
    }

    @Test(arguments: Way.allCases)
    func keepsThePublicPromises(way: Way) async throws {
        let fixture = try await self.fixture(way)
        let conformance = CredentialConformance(scope: vaultScope, secrets: [fixture.secret ?? ""]) { fixture.make(.inMemory) }
        let violations = await conformance.violations()
        #expect(violations.isEmpty, "\(way): \(violations)")
    }
}
