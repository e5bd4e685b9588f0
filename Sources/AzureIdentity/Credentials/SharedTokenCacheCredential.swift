// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Authenticates a person with an account that one of Microsoft's tools for developers has left in the token cache that they share.
///
/// The cache is that of the name `msal.cache`, which Azure Identity libraries of all languages use by default: on Linux a person who has signed in
/// with a Python or Swift program that keeps its tokens there, on macOS and Windows with others too. It is of little use where nothing
/// writes it, and asks nothing there: without the cache's signal file the credential is unavailable at once.
///
/// Reads, unless the arguments say otherwise, `AZURE_USERNAME` and `AZURE_TENANT_ID`, by which one of several accounts is chosen, and what
/// ``ClientSecretCredential`` reads of the network and the cloud. Keeps access tokens in memory and in that cache. Never asks anybody.
public final class SharedTokenCacheCredential: TokenCredential {
    static let name = "SharedTokenCacheCredential"

    private let engine: UserEngine
    /// One of them is there where the cache is; `nil`: the application's own cache, which is always there.
    private let signalFiles: [String]?
    private let host: Host

    /// Creates a credential. Nothing is read or requested yet: see ``validate()``.
    ///
    /// - Parameters:
    ///   - username: The account's name; `nil`: what `AZURE_USERNAME` says, else any.
    ///   - tenantID: The account's home tenant; `nil`: what `AZURE_TENANT_ID` says, else any.
    ///   - options: The cloud, the network and the log. Its cache is used if it is a persistent one, else that of the name `msal.cache`. In
    ///     a cache of your own (`custom`), those are found that this process has used.
    public init(username: String? = nil, tenantID: String? = nil, options: CredentialOptions = CredentialOptions()) {
        var options = options
        let host = options.host
        let environment = host.environment
        self.signalFiles = options.tokenCache.vault.isPersistent ? nil : Self.signalFiles(environment)
        if !options.tokenCache.vault.isPersistent {
            options.tokenCache = .persistent(
                options: .init(allowsUnencryptedStorage: true, environment: environment))
        }
        let authority = Result { try Authority(options: options, environment: environment) }
        let username = username ?? environment["AZURE_USERNAME"]
        let home = tenantID ?? environment["AZURE_TENANT_ID"]
        var client = UserEngine.Client(
            credential: Self.name, tenantID: UserEngine.anyOrganization, clientID: UserEngine.developerClientID)
        client.authenticatesAutomatically = false
        client.findRecord = { vault in
            let search = SharedAccountSearch(
                credential: Self.name,
                username: username,
                tenantID: home,
                environments: try authority.get().environments
            )
            return try search.record(
                in: try await vault.people(
                    environment: try authority.get().environment, clientID: UserEngine.developerClientID, isCAEEnabled: false))
        }
        self.engine = UserEngine(
            client,
            options: options,
            check: { _ = try authority.get() },
            flow: NoSignInFlow(hint: "Sign in with a tool that shares its accounts.")
        )
        self.host = host
    }

    /// Gets a token for a request, without asking anybody.
    ///
    /// - Parameter context: The request.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if there is no such cache, no account or more than one that could be meant;
    ///   `.authenticationRequired` if the account's sign-in isn't good for this any more; `.authenticationFailed` if Microsoft Entra ID can't be
    ///   reached; `.invalidConfiguration` if an argument or a scope can't be used; `.timedOut` if the request's own time is up. Rethrows
    ///   `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.engine.keptToken(for: context) { return token }
        if let absence = self.locate() { throw absence }
        return try await self.engine.token(for: context)
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.engine.keptToken(for: context) }

    /// Looks for the cache, without opening it: the error of one that isn't there.
    func locate() -> AuthenticationError? {
        guard let signalFiles, signalFiles.allSatisfy({ self.host.stamp($0) == nil }) else { return nil }
        return .credentialUnavailable(
            "\(Self.name) authentication unavailable. No accounts were found in the cache: there is no shared token cache here.",
            credential: Self.name
        )
    }

    /// None where the variables name no home: the system's word for it is another program's account.
    private static func signalFiles(_ environment: EnvironmentVariables) -> [String] {
        [false, true].compactMap { isCAEEnabled in
            try? PersistentPlaces(
                cache: "msal.cache", isCAEEnabled: isCAEEnabled, directory: nil, environment: environment, systemHome: nil
            ).sharedFile
        }
    }

    /// Checks the configuration, without a request: for a program that wants to fail at start-up.
    ///
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration`, which ``token(for:)`` would throw too.
    public func validate() throws { try self.engine.validate() }

    /// Drops the access tokens kept in memory.
    public func removeCachedTokens() { self.engine.removeCachedTokens() }

    /// What happens to this credential's tokens: renewals, renewals that failed, changes of identity.
    public var events: TokenEvents { self.engine.events }
}

extension SharedTokenCacheCredential: DeveloperToolCredential, TokenEventSource {}
