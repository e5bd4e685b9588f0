// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What every credential of a developer tool is made of: a tenant policy, a watch on the tool's account, and runs of the tool.
struct ToolEngine: Sendable {
    private let tool: any DeveloperTool
    private let subscription: String?
    private let processTimeout: Duration
    private let options: CredentialOptions
    private let host: Host
    private let policy: TenantPolicy
    /// What is wrong with the configuration.
    private let failure: AuthenticationError?
    /// `nil`: nothing is kept.
    private var watch: ToolWatch?
    private let stateFiles: [String]
    /// Names the tool and the files of its account.
    private let toolName: String
    /// Where it tells what happens to its tokens, whichever account the tool has.
    private let desk: TokenEventDesk

    /// - Parameters:
    ///   - tool: The tool.
    ///   - tenantID: The tenant to ask for; `nil`: the tool's own.
    ///   - subscription: The subscription whose account is meant; `nil`: the tool's own.
    ///   - processTimeout: How long one run may take.
    ///   - keepsTokens: Whether tokens are kept.
    ///   - options: The variables, the tenants, the cache and the log.
    init(
        _ tool: any DeveloperTool,
        tenantID: String?,
        subscription: String?,
        processTimeout: Duration,
        keepsTokens: Bool,
        options: CredentialOptions
    ) {
        let host = options.host
        self.tool = tool
        self.subscription = subscription
        self.processTimeout = processTimeout
        self.options = options
        self.host = host
        self.policy = TenantPolicy(
            configured: tenantID ?? "",
            allowed: options.additionallyAllowedTenants
                ?? TenantFilter.list(host.environment["AZURE_ADDITIONALLY_ALLOWED_TENANTS"]),
            isMultiTenantDisabled: host.environment.isOn("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH")
        )
        self.failure = Self.failure(tool, tenantID: tenantID, subscription: subscription, processTimeout: processTimeout)
        self.stateFiles = tool.stateFiles(host.environment)
        self.toolName = ([tool.credential, host.toolRunner.map { "\($0.id)" } ?? ""] + self.stateFiles).joined(separator: "\n")
        self.desk = TokenEventDesk(
            options.tokenCache.store.events,
            topic: KeyedDigest.partition(
                ["events", self.toolName, subscription ?? "", (tenantID ?? "").lowercased()] + Self.variables(host.environment))
        )
        if keepsTokens { self.watch = self.makeWatch(tenantID: tenantID) }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws {
        if let failure = self.failure { throw failure }
    }

    /// Looks for the tool, without running it: the error of one that isn't there.
    func locate() -> AuthenticationError? {
        guard self.host.toolRunner != nil else { return self.withoutRunner }
        let location = self.host.findTool(self.tool.executables, self.host.environment)
        if case .found = location { return nil }
        return self.tool.absence(location)
    }

    /// A kept token for the request, of the account that the tool has now, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard let watch = self.watch, self.failure == nil else { return nil }
        let tenantID = try self.policy.tenant(requested: context.tenantID, credential: self.tool.credential)
        let now = self.host.clock.now
        return try watch.acquirer(now: now)?.keptToken(for: context, tenantID: tenantID, now: now)
    }

    /// A token for the request.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        try Task.checkCancellation()
        try self.validate()
        try context.validate(for: self.tool.credential)
        let tenantID = try self.policy.tenant(requested: context.tenantID, credential: self.tool.credential)
        guard self.host.toolRunner != nil else { throw self.withoutRunner }
        let location = self.host.findTool(self.tool.executables, self.host.environment)
        guard case .found(let executable) = location else { throw self.tool.absence(location) }
        // What can't be asked is an error at once, and for each caller.
        _ = try ClaimsRequest.value(claims: context.claims, isCAEEnabled: true, credential: self.tool.credential)
        _ = try self.tool.arguments(self.question(context, tenantID: tenantID))
        let acquirer =
            self.watch?.acquirer(executable: executable)
            ?? self.makeAcquirer(self.fingerprint(executable), cache: .inMemory, tenantID: tenantID)
        return try await acquirer.token(for: context, tenantID: tenantID)
    }

    /// What happens to the credential's tokens.
    var events: TokenEvents { self.desk.events }

    /// Drops the credential's tokens.
    func removeCachedTokens() {
        guard let watch = self.watch,
            case .found(let executable) = self.host.findTool(self.tool.executables, self.host.environment)
        else { return }
        watch.acquirer(executable: executable)?.removeCachedTokens()
    }

    private func question(_ context: TokenRequestContext, tenantID: String) -> ToolQuestion {
        ToolQuestion(
            scopes: context.scopes,
            tenantID: tenantID.isEmpty ? nil : tenantID,
            subscription: self.subscription,
            claims: context.claims
        )
    }

    private static func failure(
        _ tool: any DeveloperTool,
        tenantID: String?,
        subscription: String?,
        processTimeout: Duration
    ) -> AuthenticationError? {
        do {
            if let tenantID, !TenantID.isValid(tenantID) { throw TenantID.invalid(tenantID, credential: tool.credential) }
            try tool.validate(tenantID: tenantID, subscription: subscription)
            guard processTimeout > .zero else {
                throw AuthenticationError(
                    .invalidConfiguration, credential: tool.credential, message: "processTimeout must be more than nothing.")
            }
            return nil
        } catch let error {
            return AuthenticationError.wrapping(error, credential: tool.credential) as? AuthenticationError
        }
    }

    private var withoutRunner: AuthenticationError {
        .credentialUnavailable(
            "\(self.tool.title) can't be run: this program was built without the trait Subprocess.",
            credential: self.tool.credential
        )
    }
}

extension ToolEngine {
    private func makeWatch(tenantID: String?) -> ToolWatch {
        let (host, files, toolName) = (self.host, self.stateFiles, self.toolName)
        let logging = self.options.logging
        let (title, credential) = (self.tool.title, self.tool.credential)
        return ToolWatch(
            clock: host.clock,
            take: { executable in Self.fingerprint(executable, host: host, files: files, toolName: toolName) },
            make: { [self] fingerprint in self.makeAcquirer(fingerprint, cache: self.options.tokenCache, tenantID: tenantID ?? "")
            },
            onChange: {
                // Whether it is another identity shows with the next token.
                logging.currentLogger.debug(
                    "The account of \(title) has changed; the tokens kept for the old one are dropped",
                    metadata: [LogKey.credential: "\(credential)"]
                )
            }
        )
    }

    private static func variables(_ environment: EnvironmentVariables) -> [String] {
        environment.dictionary.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func fingerprint(_ executable: String?, host: Host, files: [String], toolName: String) -> ToolFingerprint {
        ToolFingerprint(
            executable: executable,
            files: files.map { host.stamp($0) },
            generation: ToolRegistry.shared.generation(of: toolName)
        )
    }

    private func fingerprint(_ executable: String?) -> ToolFingerprint {
        Self.fingerprint(executable, host: self.host, files: self.stateFiles, toolName: self.toolName)
    }

    private func makeAcquirer(_ fingerprint: ToolFingerprint, cache: TokenCache, tenantID: String) -> TokenAcquirer {
        let partition = KeyedDigest.partition(
            [self.toolName, self.subscription ?? "", tenantID.lowercased()] + fingerprint.parts
                + Self.variables(self.host.environment))
        let account = [self.tool.credential] + self.stateFiles + [self.subscription ?? ""] + fingerprint.lastingParts
        // Files that stayed the same while the account changed tell nothing: what is on disk may be the old one's.
        let keeper = fingerprint.generation == 0 ? self.keeper(account, cache: cache) : nil
        return TokenAcquirer(
            credential: self.tool.credential,
            partition: partition,
            cache: cache,
            host: self.host,
            logging: self.options.logging,
            events: self.desk,
            acquire: { request in
                let removal = cache.store.removal(of: partition)
                // What is on disk from before a removal is not looked for.
                guard let keeper, removal == 0 else {
                    return try await self.acquire(request, fingerprint: fingerprint, removal: removal)
                }
                return try await keeper.token(for: request) {
                    try await self.acquire(request, fingerprint: fingerprint, removal: removal)
                }
            }
        )
    }

    /// Keeps the account's tokens in a cache that outlives the process, if the options hold one: under a digest of all that tells the
    /// account, so that another account finds none.
    private func keeper(_ account: [String], cache: TokenCache) -> TokenKeeper? {
        guard cache.vault.isPersistent, let proof = StableDigest.text(account) else { return nil }
        let name = self.tool.credential
        let owner = TokenKeeper.Owner(environments: [name.lowercased()], clientID: name, subject: .application(proof: proof))
        return TokenKeeper(
            vault: cache.vault,
            part: { VaultPart(subject: .other(name), isCAEEnabled: $0.context.isCAEEnabled) },
            owner: { _ in owner },
            clock: self.host.clock,
            credential: name,
            logger: self.options.logging.logger
        )
    }

    /// Removes the tool's tokens from a cache that outlives the process: the next one couldn't tell whose they are.
    private func forgetOnDisk() async {
        let name = self.tool.credential
        for isCAEEnabled in [false, true] where self.options.tokenCache.vault.isPersistent {
            try? await self.options.tokenCache.vault.remove(
                .accessTokens(clientID: name), from: VaultPart(subject: .other(name), isCAEEnabled: isCAEEnabled))
        }
    }

    /// Runs the tool. A token that was got while the account changed isn't found again: it is kept under the old fingerprint.
    private func acquire(
        _ request: AcquisitionRequest,
        fingerprint: ToolFingerprint,
        removal: UInt64
    ) async throws -> AcquiredToken {
        guard let runner = self.host.toolRunner, let executable = fingerprint.executable else { throw self.withoutRunner }
        let question = self.question(request.context, tenantID: request.tenantID)
        let command = ToolCommand(
            executable: executable,
            arguments: try self.tool.arguments(question),
            environment: self.host.environment.forTools.merging(self.tool.variables) { $1 },
            timeout: min(self.processTimeout, Self.longestTimeout)
        )
        let run: ToolRun
        do {
            run = try await ToolRegistry.shared.run(
                command, fingerprint: fingerprint, removal: removal, runner: runner)
        } catch let failure as ToolFailure {
            throw self.tool.error(failure, executable: executable, timeout: command.timeout)
        }
        let answer = try self.tool.token(run, question: question)
        // By the wall clock: the tool's word is a date.
        let lifetime = answer.expiresOn.timeIntervalSince(self.host.clock.date)
        guard lifetime > 0 else { throw self.tool.expired() }
        ToolRegistry.shared.note(
            TokenIdentity(token: answer.token),
            for: .init(
                tool: self.toolName,
                tenantID: request.tenantID,
                subscription: self.subscription,
                files: fingerprint.files
            )
        )
        if ToolRegistry.shared.generation(of: self.toolName) != fingerprint.generation { await self.forgetOnDisk() }
        return AcquiredToken(
            token: answer.token,
            lifetime: .seconds(min(lifetime, Self.maximumLifetime)),
            start: self.host.clock.now
        )
    }

    /// An acquisition takes five minutes at most, whatever a run may.
    private static let longestTimeout = Duration.seconds(290)
    /// In seconds; longer lifetimes are no token's, and would overflow clocks.
    private static let maximumLifetime = 366.0 * 86_400
}
