// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// What the credential of Visual Studio Code is made of: a watch on the files that say who is signed in to the editor, and for that account a
/// tenant policy and an acquirer that goes the way of today, else the older one.
final class EditorEngine: Sendable {
    /// The account as the files tell it. As long as they are the same, so is everything here.
    private final class Account: Sendable {
        let fingerprint: ToolFingerprint
        let plan: EditorPlan
        let policy: TenantPolicy
        let acquirer: TokenAcquirer

        init(fingerprint: ToolFingerprint, plan: EditorPlan, policy: TenantPolicy, acquirer: TokenAcquirer) {
            self.fingerprint = fingerprint
            self.plan = plan
            self.policy = policy
            self.acquirer = acquirer
        }
    }

    private struct Current: Sendable {
        var checked: MonotonicTime
        var account: Account
    }

    /// How long a look at the files is good for: no person signs in and calls within it.
    private static let freshness = Duration.milliseconds(1)

    private let configuration: EditorPlan.Configuration
    private let broker: BrokeredSignIn?
    private let host: Host
    private let places: EditorPlaces
    /// What is wrong with the configuration.
    private let failure: AuthenticationError?
    /// Where it tells what happens to its tokens, whichever account the editor has.
    private let desk: TokenEventDesk
    private let current = Locked<Current?>(nil)

    /// - Parameters:
    ///   - tenantID: The tenant to get tokens from; `nil`: the account's.
    ///   - broker: The way to the system's broker, if the program has one.
    ///   - options: The cloud, the tenants, the network, the cache and the log.
    init(tenantID: String?, broker: BrokeredSignIn?, options: CredentialOptions) {
        let host = options.host
        let places = EditorPlaces(host.environment)
        self.host = host
        self.broker = broker
        self.configuration = .init(
            tenantID: tenantID, hasBroker: broker != nil, options: options, environment: host.environment)
        self.places = places
        self.failure = Self.failure(tenantID: tenantID, options: options, environment: host.environment)
        self.desk = TokenEventDesk(
            options.tokenCache.store.events,
            topic: KeyedDigest.partition(["events", EditorErrors.credential, (tenantID ?? "").lowercased()] + places.files)
        )
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws {
        if let failure = self.failure { throw failure }
    }

    /// Looks whether the editor has left anything: the error if it hasn't. Asks neither the broker nor the secret store.
    func locate() -> AuthenticationError? {
        let plan = self.account(now: self.host.clock.now).plan
        return plan.hasWay ? nil : Self.nobody(plan)
    }

    /// Finds out within a while whether one of the ways leads to an account, without a token: asks the broker for its accounts, and looks into
    /// the secret store. The error if none does; `nil`: one does, or nobody knows.
    func absence(within patience: Duration) async -> AuthenticationError? {
        let now = self.host.clock.now
        let account = self.account(now: now)
        let plan = account.plan
        guard !plan.isADFS else { return EditorErrors.adfs }
        let ways = self.ways(plan, partition: self.partition(plan, account.fingerprint))
        var missing: (broker: EditorProblem?, older: EditorProblem?) = (nil, nil)
        if let broker = ways.broker {
            missing.broker = await (try? broker.get())?.absence(within: patience)
            guard missing.broker != nil else { return nil }
        }
        if let older = ways.older {
            // What the broker has left of the time. A secret store has a patience of its own, which is longer.
            let rest = max(patience - (self.host.clock.now - now), .zero)
            missing.older = try? await leavingBehind(after: rest, clock: self.host.clock, onTimeout: { CancellationError() }) {
                await (try? older.get())?.absence()
            }
            guard missing.older != nil else { return nil }
        }
        return Self.nobody(plan, broker: missing.broker, older: missing.older)
    }

    /// Whether there is anything at all of the editor's on this machine.
    var isEditorHere: Bool {
        self.places.files.contains { self.host.stamp($0) != nil }
            || self.places.userFolder.map { self.host.stamp($0) != nil } ?? false
    }

    /// A kept token for the request, of the account that the editor has now, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard self.failure == nil else { return nil }
        let now = self.host.clock.now
        let account = self.account(now: now)
        guard account.plan.hasWay, !account.plan.isADFS else { return nil }
        let tenantID = try account.policy.tenant(requested: context.tenantID, credential: EditorErrors.credential)
        return try account.acquirer.keptToken(for: context, tenantID: tenantID, now: now)
    }

    /// A token for the request.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        try self.validate()
        try context.validate(for: EditorErrors.credential)
        try SignInScopes.check(context.scopes, credential: EditorErrors.credential)
        guard self.configuration.options.openIDAuthority == nil else { throw EditorErrors.issuer }
        let account = self.account(now: self.host.clock.now)
        guard !account.plan.isADFS else { throw EditorErrors.adfs }
        let tenantID = try account.policy.tenant(requested: context.tenantID, credential: EditorErrors.credential)
        guard account.plan.hasWay else { throw Self.nobody(account.plan) }
        // What can't be sent is an error at once, and for each caller.
        _ = try ClaimsRequest.value(claims: context.claims, isCAEEnabled: true, credential: EditorErrors.credential)
        return try await account.acquirer.token(for: context, tenantID: tenantID)
    }

    /// What happens to the credential's tokens.
    var events: TokenEvents { self.desk.events }

    /// Drops the kept tokens.
    func removeCachedTokens() { self.account(now: self.host.clock.now).acquirer.removeCachedTokens() }

    private static func failure(
        tenantID: String?,
        options: CredentialOptions,
        environment: EnvironmentVariables
    ) -> AuthenticationError? {
        do {
            if let tenantID, !TenantID.isValid(tenantID) {
                throw TenantID.invalid(tenantID, credential: EditorErrors.credential)
            }
            _ = try Authority(options: options, environment: environment)
            return nil
        } catch let error {
            var failure = AuthenticationError.wrapping(error, credential: EditorErrors.credential) as? AuthenticationError
            failure?.credential = EditorErrors.credential
            return failure
        }
    }

    private static func nobody(_ plan: EditorPlan, broker: EditorProblem? = nil, older: EditorProblem? = nil)
        -> AuthenticationError
    {
        let unknown = EditorProblem(reason: "more than there is")
        return EditorErrors.nobody(
            broker: broker ?? plan.broker.problem ?? unknown,
            older: older ?? plan.older.problem ?? unknown,
            hasEditor: plan.hasEditor,
            hasRecord: plan.hasRecord,
            hasBroker: plan.hasBroker
        )
    }
}

// The watch.
extension EditorEngine {
    /// The account that the editor has now.
    private func account(now: MonotonicTime) -> Account {
        let known = self.current.withLock { $0 }
        if let known, now - known.checked < Self.freshness { return known.account }
        let fingerprint = self.fingerprint
        if let known, known.account.fingerprint == fingerprint {
            self.current.withLock { current in
                if let checked = current?.checked { current?.checked = max(checked, now) }
            }
            return known.account
        }
        let made = self.makeAccount(fingerprint)
        let (account, old): (Account, Account?) = self.current.withLock { current in
            // Somebody has looked meanwhile, and found the same, or later, and knows better.
            if let known = current, known.account.fingerprint == made.fingerprint || known.checked > now {
                return (known.account, nil)
            }
            let old = current?.account
            current = Current(checked: now, account: made)
            return (made, old)
        }
        if let old {
            old.acquirer.removeCachedTokens()
            // Whether it is another identity shows with the next token.
            self.configuration.options.logging.currentLogger.debug(
                "The account of Visual Studio Code has changed; the tokens kept for the old one are dropped",
                metadata: [LogKey.credential: "\(EditorErrors.credential)"]
            )
        }
        return account
    }

    /// The editor's folder stands for the program: an editor that is started later is noticed, also if it writes no settings.
    private var fingerprint: ToolFingerprint {
        ToolFingerprint(
            executable: self.places.userFolder.flatMap { self.host.stamp($0) == nil ? nil : $0 },
            files: self.places.files.map { self.host.stamp($0) },
            generation: 0
        )
    }

    private func makeAccount(_ fingerprint: ToolFingerprint) -> Account {
        let configuration = self.configuration
        let plan = EditorPlan(EditorFiles(self.places, host: self.host), configuration: configuration)
        let options = configuration.options
        let partition = self.partition(plan, fingerprint)
        return Account(
            fingerprint: fingerprint,
            plan: plan,
            policy: EntraEngine.policy(plan.tenantID, options: options, environment: configuration.environment),
            acquirer: TokenAcquirer(
                credential: EditorErrors.credential,
                partition: partition,
                cache: options.tokenCache,
                host: self.host,
                logging: options.logging,
                events: self.desk,
                facts: GuideFacts(clientID: EditorRecord.clientID, proof: .person),
                acquire: self.acquisition(plan, partition: partition)
            )
        )
    }

    private func partition(_ plan: EditorPlan, _ fingerprint: ToolFingerprint) -> PartitionID {
        let options = self.configuration.options
        let broker: [String] =
            self.broker.map { ["broker", $0.platform.rawValue, $0.identity, $0.client(self.host).name] } ?? ["no broker"]
        // Which bus is asked for the broker, and for the secret store.
        let bus: [String] = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"].flatMap { name -> [String] in
            self.configuration.environment[name].map { [name, $0] } ?? [name]
        }
        let authority = (try? Authority(options: options, environment: self.configuration.environment))?.identity ?? []
        let transport = self.host.transport.map { TransportIdentity.name(of: $0) } ?? ""
        let account: [String] = [plan.tenantID.lowercased(), transport, plan.record?.homeAccountID ?? ""]
        return KeyedDigest.partition(
            [EditorErrors.credential] + account + broker + bus + authority + self.places.files + fingerprint.parts)
    }

    /// The ways to an account, as far as there are any.
    private func ways(_ plan: EditorPlan, partition: PartitionID) -> (
        broker: Result<EditorBroker, any Error>?, older: Result<EditorRefresh, any Error>?
    ) {
        let (options, host) = (self.configuration.options, self.host)
        let keeping = BrokerSession.Keeping(store: options.tokenCache.store, partition: partition)
        let broker = self.broker.flatMap { broker in
            (try? plan.broker.get()).map { record in
                Result {
                    try EditorBroker(
                        broker, record: record, tenantID: plan.tenantID, options: options, keeping: keeping, host: host)
                }
            }
        }
        let older = (try? plan.older.get()).map { settings in
            Result { try Self.refresh(settings, plan: plan, options: options, host: host) }
        }
        return (broker, older)
    }

    /// How tokens are got for an account: by the broker if there is one and a record, else by what the older extension has left.
    private func acquisition(_ plan: EditorPlan, partition: PartitionID) -> TokenAcquirer.Acquire {
        let options = self.configuration.options
        let (broker, older) = self.ways(plan, partition: partition)
        return { request in
            EntraEngine.logTenant(request, configured: plan.tenantID, logger: options.logging.currentLogger)
            var missing: (broker: EditorProblem?, older: EditorProblem?) = (nil, nil)
            do {
                if let broker { return try await broker.get().token(for: request) }
            } catch let problem as EditorProblem {
                missing.broker = problem
            }
            do {
                if let older { return try await older.get().token(for: request) }
            } catch let problem as EditorProblem {
                missing.older = problem
            }
            throw Self.nobody(plan, broker: missing.broker, older: missing.older)
        }
    }

    private static func refresh(
        _ settings: EditorSettings,
        plan: EditorPlan,
        options: CredentialOptions,
        host: Host
    ) throws -> EditorRefresh {
        let options = EditorPlan.options(options, at: settings.cloud.authorityHost, environment: host.environment)
        let parts = try EntraParts(credential: EditorErrors.credential, tenantID: plan.tenantID, options: options, host: host)
        return EditorRefresh(entra: parts.client, settings: settings, record: plan.record, host: host)
    }
}
