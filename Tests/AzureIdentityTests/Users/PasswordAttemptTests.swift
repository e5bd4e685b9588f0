// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// How often a password is sent: each refusal counts towards the account's being locked.
@Suite(.timeLimit(.minutes(1))) struct PasswordAttemptTests {
    private static let scopes = (0..<5).map { "https://s\($0).example/.default" }

    /// Asks for five scopes at once; what they came to, when the first request goes on as soon as all others wait.
    private func attempts(_ username: String, password: String) async throws -> (
        EntraEmulator, UserEngine, [AuthenticationError?]
    ) {
        let emulator = EntraEmulator(clock: VirtualClock())
        let gate = GatedTransport(emulator.transport, isOpen: false)
        var client = UserEngine.Client(
            credential: "UsernamePasswordCredential", tenantID: Sample.tenantID, clientID: Sample.publicClientID)
        client.guideProof = .password
        let engine = UserEngine(
            client,
            options: emulator.credentialOptions(transport: gate, retry: .none),
            flow: PasswordFlow(username: username, password: Secret(password), asksForRealm: true)
        )
        let tasks = Self.scopes.map { scope in
            Task { () -> AuthenticationError? in
                do {
                    _ = try await engine.token(for: .init(scopes: [scope]))
                    return nil
                } catch { return error as? AuthenticationError }
            }
        }
        while engine.waiterCount < Self.scopes.count - 1 { await Task.yield() }
        gate.open()
        var outcomes: [AuthenticationError?] = []
        for task in tasks { outcomes.append(await task.value) }
        return (emulator, engine, outcomes)
    }

    @Test(arguments: [
        (Sample.userName, "wrong", 50_126), (Sample.lockedUserName, Sample.password, 50_053),
        (Sample.expiredPasswordUserName, Sample.password, 50_055), (Sample.disabledUserName, Sample.password, 50_057),
    ])
    func aRefusedPasswordIsSentOnceForAllWhoWait(username: String, password: String, code: Int) async throws {
        let (emulator, engine, outcomes) = try await self.attempts(username, password: password)
        #expect(outcomes.count == 5 && outcomes.allSatisfy { $0?.serviceError?.codes == [code] }, "\(outcomes)")
        #expect(emulator.tokenRequestCount == 1)
        // Nothing sticks: the person may have changed the password meanwhile.
        _ = try await authenticationError { try await engine.token(for: .init(scopes: [vaultScope])) }
        #expect(emulator.tokenRequestCount == 2)
    }

    @Test func aFederationServiceIsAskedOnceToo() async throws {
        let (emulator, _, outcomes) = try await self.attempts(Sample.federatedUserName, password: "wrong")
        #expect(outcomes.allSatisfy { $0?.remedy?.guide == "G17" }, "\(outcomes)")
        #expect(emulator.requests.filter { $0.path.hasSuffix("/usernamemixed") }.count == 1 && emulator.tokenRequestCount == 0)
    }

    @Test func whatMayDependOnTheResourceIsAskedForEach() async throws {
        let (emulator, _, outcomes) = try await self.attempts(Sample.multifactorUserName, password: Sample.password)
        #expect(outcomes.allSatisfy { $0?.serviceError?.codes == [50_076] }, "\(outcomes)")
        #expect(emulator.tokenRequestCount == 5)
    }

    @Test func aGoodPasswordIsSentOnce() async throws {
        let (emulator, _, outcomes) = try await self.attempts(Sample.userName, password: Sample.password)
        #expect(outcomes.allSatisfy { $0 == nil }, "\(outcomes)")
        let grants = emulator.requests.compactMap { $0.form["grant_type"] }
        #expect(grants.filter { $0 == "password" }.count == 1 && grants.filter { $0 == "refresh_token" }.count == 4)
    }

    // MARK: How caches call it

    @Test(arguments: [
        ("authorization_code", true), ("password", true), ("urn:ietf:params:oauth:grant-type:device_code", true),
        ("urn:ietf:params:oauth:grant-type:jwt-bearer", false), ("urn:ietf:params:oauth:grant-type:saml1_1-bearer", false),
        ("refresh_token", false), ("client_credentials", false),
    ])
    func cachesCallAnAccountByTheGrant(grant: String, isNamed: Bool) {
        #expect(AccountSource.name(ofGrant: grant) == (isNamed ? grant : nil))
        #expect(AccountSource.name(ofGrant: nil) == nil)
    }

    @Test(arguments: [(Sample.userName, "password"), (Sample.federatedUserName, nil)] as [(String, String?)])
    func theAccountIsKeptWithItsSource(username: String, source: String?) async throws {
        let emulator = EntraEmulator(clock: VirtualClock())
        let cache = TokenCache.inMemory
        let credential = UsernamePasswordCredential(
            name: "UsernamePasswordCredential",
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            username: username,
            password: Secret(Sample.password),
            options: emulator.credentialOptions(tokenCache: cache)
        )
        _ = try await credential.token(forScopes: vaultScope)
        let part = try #require(try await cache.vault.parts().first)
        let account = try #require(try await cache.vault.document(part).accounts.first)
        #expect(account.accountSource == source)
    }
}
