// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Authenticates a person with the account that is signed in to `azid`, the tool of this package.
///
/// For programs on a developer's machine or for command-line tools: sign in once with `azid login`, and every program uses that account, without
/// another program being run for each token. In production use a managed identity or a service principal.
///
/// ```swift
/// let credential = AzidCredential()
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// Never asks anybody: where a person has to sign in, the error says so. In a chain that leads to the next member. In a ``ChainConfiguration``
/// its name is `azid`; it is no member of ``DefaultAzureCredential``, where ``DefaultAzureCredentialOptions/insert(_:name:at:passesOn:)`` gives it a place.
///
/// Reads `azid/account.json` in `XDG_CONFIG_HOME` (else `~/.config`), which says who is signed in, and looks at each call whether it has changed: after
/// `azid login` as someone else, the very next token is theirs. Where that file says the account was signed in, tokens are asked for; `AZURE_AUTHORITY_HOST`,
/// `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` don't matter.
///
/// Keeps tokens in memory and in the persistent cache that `azid login` has written to, ``TokenCache/persistent(name:options:)`` with the name `azid`; the
/// options' own cache isn't used.
public final class AzidCredential: TokenCredential {
    static let name = "AzidCredential"

    /// What the file said when it had that stamp.
    private final class Account: Sendable {
        let stamp: FileStamp?
        let state: Result<(record: AuthenticationRecord, engine: UserEngine), AuthenticationError>

        init(stamp: FileStamp?, state: Result<(record: AuthenticationRecord, engine: UserEngine), AuthenticationError>) {
            self.stamp = stamp
            self.state = state
        }
    }

    private struct Current: Sendable {
        var checked: MonotonicTime
        var account: Account
    }

    /// How long a look at the file is good for: no person signs in and calls within it.
    private static let freshness = Duration.milliseconds(1)

    private let tenantID: String?
    private let options: CredentialOptions
    private let path: String?
    private let clock: any MachineClock
    private let desk = TokenEventDesk(TokenEventHub(), topic: KeyedDigest.partition([AzidCredential.name]))
    private let current = Locked<Current?>(nil)

    /// Creates a credential. Nothing is read or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - tenantID: The id, or a domain, of the tenant to get tokens from; `nil`: the one that the person signed in to.
    ///   - options: The variables, the tenants, the network and the log.
    public init(tenantID: String? = nil, options: CredentialOptions = CredentialOptions()) {
        self.tenantID = tenantID
        self.options = options
        self.path = AzidAccount.path(options.environment)
        self.clock = options.host.clock
    }

    /// Gets a token for a request, without asking anybody.
    ///
    /// - Parameter context: The request.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.authenticationRequired` if nobody is signed in to `azid`, or if the sign-in isn't good for this any more
    ///   (`azid login` mends both); `.authenticationFailed` if Microsoft Entra ID refuses for another reason or can't be reached;
    ///   `.invalidConfiguration` if the account's file, an argument or a scope can't be used; `.timedOut` if the request's own time is up. Rethrows
    ///   `CancellationError`. A renewal that fails while the kept token is valid is *not* an error.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        let (record, engine) = try self.account.state.get()
        do {
            if let token = try engine.keptToken(for: context) { return token }
            return try await engine.token(for: context)
        } catch let error as AuthenticationError where error.code == .authenticationRequired {
            throw Self.expired(error, record: record)
        }
    }

    /// Who is signed in to `azid`; `nil`: nobody.
    public var authenticationRecord: AuthenticationRecord? { try? self.account.state.get().record }

    /// Checks that somebody is signed in and the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.account.state.get().engine.validate() }

    /// Drops the tokens that are kept in memory for this credential and for those that share with it. The account stays signed in.
    public func removeCachedTokens() { try? self.account.state.get().engine.removeCachedTokens() }

    /// What happens to this credential's tokens, whoever is signed in: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.desk.events }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        try self.account.state.get().engine.keptToken(for: context)
    }

    /// The account that is signed in now.
    private var account: Account {
        let now = self.clock.now
        let known = self.current.withLock { $0 }
        if let known, now - known.checked < Self.freshness { return known.account }
        let stamp = self.path.flatMap { Host.stamp(ofFile: $0) }
        if let known, known.account.stamp == stamp {
            self.current.withLock { $0?.checked = now }
            return known.account
        }
        let account = Account(stamp: stamp, state: Result { try self.read() }.mapError(Self.wrapped))
        self.current.withLock { $0 = Current(checked: now, account: account) }
        if case .success(let old)? = known?.account.state { old.engine.removeCachedTokens() }
        return account
    }

    private func read() throws -> (record: AuthenticationRecord, engine: UserEngine) {
        guard let path = self.path, let account = try AzidAccount.read(path) else { throw Self.nobody }
        var options = self.options
        // What was signed in at one authority is sent to no other.
        options.authorityHost = try AuthorityHost(account.authorityHost ?? account.record.authority)
        options.openIDAuthority = nil
        options.tokenCache = AzidAccount.tokenCache(
            options.environment, allowsUnencryptedStorage: account.allowsUnencryptedStorage)
        let client = UserEngine.Client(
            credential: Self.name,
            tenantID: self.tenantID,
            record: account.record,
            authenticatesAutomatically: false,
            guideProof: .person,
            events: self.desk
        )
        return (account.record, UserEngine(client, options: options, flow: NoSignInFlow(hint: "Run 'azid login'.")))
    }

    private static func wrapped(_ error: any Error) -> AuthenticationError {
        error as? AuthenticationError
            ?? AuthenticationError(
                .invalidConfiguration, credential: Self.name, message: "\(Self.name): The account's file can't be used.")
    }
}

extension AzidCredential {
    /// The error of a machine where nobody is signed in.
    private static var nobody: AuthenticationError {
        var error = AuthenticationError(
            .authenticationRequired,
            credential: Self.name,
            message: "\(Self.name): Nobody is signed in to azid. Run 'azid login'."
        )
        error.remedy = .init(guide: GuideRow.g02.rawValue, text: "Sign in with azid.", commands: [["azid", "login"]])
        return error
    }

    /// The error of an account that has to sign in again, with the command that does it.
    private static func expired(_ error: AuthenticationError, record: AuthenticationRecord) -> AuthenticationError {
        var error = error
        let reason = error.serviceError.map { " " + $0.message } ?? ""
        error.message = "\(Self.name): The sign-in of azid isn't good for this request. Run 'azid login' again.\(reason)"
        var command = ["azid", "login"]
        if TenantID.isValid(record.tenantID), !record.tenantID.hasPrefix("-") { command += ["--tenant-id", record.tenantID] }
        error.remedy = .init(
            guide: error.remedy?.guide ?? GuideRow.g02.rawValue,
            text: error.serviceError?.claims == nil
                ? "Sign in with azid again." : "Sign in with azid again, with --scope, --claims and the claims of this error.",
            commands: [command],
            link: error.remedy?.link
        )
        return error
    }
}

extension AzidCredential: EntraCredential, TokenEventSource {}

extension TokenCredential where Self == AzidCredential {
    /// A credential for the account that is signed in to `azid`.
    public static var azid: AzidCredential { AzidCredential() }
}
