// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

typealias Sample = EmulatorConfiguration.Sample

/// The scope of most tests.
let vaultScope = "https://vault.azure.net/.default"
let otherScope = "https://graph.microsoft.com/User.Read"

/// The error of an operation that must fail with an `AuthenticationError`.
func authenticationError(_ operation: () async throws -> some Any) async throws -> AuthenticationError {
    do {
        _ = try await operation()
    } catch let error as AuthenticationError {
        return error
    }
    throw UnexpectedSuccess()
}

/// Something succeeded that must not.
struct UnexpectedSuccess: Error {}

/// A broker whose answers a test writes, and what it was asked.
final class ScriptedBroker: BrokerClient {
    enum Call: Sendable, Hashable { case accounts, silent(String?), interactive(String?), signOut(String) }

    typealias Answer = @Sendable (BrokerRequest, BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer

    private struct State: Sendable {
        var accounts: Result<[BrokerAccount], BrokerFailure> = .success([.ada])
        var silent: Answer
        var interactive: Answer
        var signOut: BrokerFailure?
        var calls: [Call] = []
        var requests: [BrokerRequest] = []
    }

    let name = "scripted broker"
    private let state: Locked<State>
    private let number = Locked(0)

    init() {
        let refuse: Answer = { _, _ async throws(BrokerFailure) in throw BrokerFailure(.interactionRequired) }
        self.state = Locked(State(silent: refuse, interactive: refuse))
        self.answer { [number] request, account async throws(BrokerFailure) in
            .sample(number.next(), of: account ?? .ada, proof: request.proofOfPossession != nil)
        }
    }

    /// Whom it was asked for, in order.
    var calls: [Call] { self.state.withLock { $0.calls } }
    /// What it was asked for, in order; without those that list accounts.
    var requests: [BrokerRequest] { self.state.withLock { $0.requests } }

    /// How many windows it has shown.
    var windowCount: Int { self.calls.count { if case .interactive = $0 { true } else { false } } }

    func answer(_ silent: @escaping Answer) { self.state.withLock { $0.silent = silent } }
    func answerPerson(_ interactive: @escaping Answer) { self.state.withLock { $0.interactive = interactive } }
    func list(_ accounts: [BrokerAccount]) { self.state.withLock { $0.accounts = .success(accounts) } }
    func failListing(_ failure: BrokerFailure) { self.state.withLock { $0.accounts = .failure(failure) } }
    func failSigningOut(_ failure: BrokerFailure) { self.state.withLock { $0.signOut = failure } }

    /// Has each call without a person fail.
    func fail(_ failure: BrokerFailure) { self.answer { _, _ async throws(BrokerFailure) in throw failure } }

    /// Has somebody sign in by the window.
    func signIn(_ account: BrokerAccount) {
        self.answerPerson { [number] request, _ async throws(BrokerFailure) in
            .sample(number.next(), of: account, proof: request.proofOfPossession != nil)
        }
    }

    func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        let accounts = self.state.withLock { state in
            state.calls.append(.accounts)
            return state.accounts
        }
        return try accounts.get()
    }

    func acquireSilently(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.note(.silent(account?.username), request).silent(request, account)
    }

    func acquireInteractively(
        _ request: BrokerRequest,
        account: BrokerAccount?
    ) async throws(BrokerFailure) -> BrokerAnswer {
        try await self.note(.interactive(account?.username), request).interactive(request, account)
    }

    func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {
        if let failure = self.note(.signOut(account.username), request).signOut { throw failure }
    }

    private func note(_ call: Call, _ request: BrokerRequest) -> State {
        self.state.withLock { state in
            state.calls.append(call)
            state.requests.append(request)
            return state
        }
    }
}

extension Locked<Int> {
    fileprivate func next() -> Int {
        self.withLock { number in
            number += 1
            return number
        }
    }
}

extension BrokerAccount {
    static let ada = Self.person("ada@contoso.example", "b0000000-0000-4000-8000-0000000000b1", in: Sample.tenantID)
    static let grace = Self.person("grace@contoso.example", "b0000000-0000-4000-8000-0000000000b2", in: Sample.tenantID)
    static let personal = Self.person(
        "alan@outlook.example", "00000000-0000-0000-0000-000000000a1a", in: "9188040d-6c67-4c5b-b112-36a304b66dad")

    static func person(_ username: String, _ objectID: String, in tenantID: String, realm: String? = nil) -> BrokerAccount {
        BrokerAccount(
            homeAccountID: "\(objectID).\(tenantID)",
            localAccountID: objectID,
            realm: realm ?? tenantID,
            environment: "login.microsoftonline.com",
            username: username,
            raw: #"{"username":"\#(username)"}"#
        )
    }

    /// A record of the account.
    var record: AuthenticationRecord {
        AuthenticationRecord(
            authority: "login.microsoftonline.com",
            clientID: Sample.publicClientID,
            homeAccountID: self.homeAccountID,
            tenantID: Sample.tenantID,
            username: self.username
        )
    }
}

extension BrokerAnswer {
    /// An hour's token of an account.
    static func sample(
        _ number: Int = 1,
        of account: BrokerAccount? = .ada,
        lifetime: Double = 3600,
        proof: Bool = false
    ) -> BrokerAnswer {
        BrokerAnswer(
            token: Secret("MARKED-token-\(number)"),
            expiresOn: BrokerStage.start.addingTimeInterval(lifetime),
            account: account,
            isProofOfPossession: proof
        )
    }
}

/// A credential on a scripted broker and a clock that stands still.
struct BrokerStage {
    /// What the clock shows at first.
    static let start = Date(timeIntervalSince1970: 1_767_225_600)

    let broker = ScriptedBroker()
    let clock = VirtualClock(date: Self.start)
    var platform = BrokerPlatform.linux

    var brokered: BrokeredSignIn { BrokeredSignIn(client: { [broker] _ in broker }, platform: self.platform) }

    /// Options without variables, on a network where nobody answers but the emulator.
    var options: CredentialOptions { self.options(environment: [:]) }

    func options(environment: EnvironmentVariables, isWindowsSubsystem: Bool = false) -> CredentialOptions {
        let emulator = EntraEmulator(configuration: .sample, clock: self.clock)
        var options = emulator.credentialOptions(environment: environment)
        let change = options.hostOverride
        options.hostOverride = { host in
            var host = change?(host) ?? host
            host.isWindowsSubsystem = { isWindowsSubsystem }
            return host
        }
        return options
    }

    func credential(
        options: CredentialOptions? = nil,
        _ change: (inout BrokerCredential.Options) -> Void = { _ in }
    ) -> BrokerCredential {
        var own = BrokerCredential.Options(credentialOptions: options ?? self.options, clientID: Sample.publicClientID)
        change(&own)
        return BrokerCredential(options: own, broker: self.brokered)
    }

    /// A token in three parts with claims.
    static func token(_ claims: String) -> String {
        [#"{"alg":"none"}"#, claims, "s"].map { Base64URL.encode($0.utf8) }.joined(separator: ".")
    }
}
