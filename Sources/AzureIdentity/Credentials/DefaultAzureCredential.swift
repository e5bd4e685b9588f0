// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Gets a token from whatever is set up where the program runs: an application's variables or a managed identity in Azure, the account of a
/// developer's tools on their machine.
///
/// ```swift
/// let credential = DefaultAzureCredential()
/// let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// ```
///
/// It asks, in this order:
///
/// | member | set up by | in `AZURE_TOKEN_CREDENTIALS` |
/// |---|---|---|
/// | ``EnvironmentCredential`` | variables | `prod` |
/// | ``WorkloadIdentityCredential`` | variables and a file, in Kubernetes; `AZURE_AUTHORITY_HOST` too | `prod` |
/// | ``ManagedIdentityCredential`` | the host | `prod` |
/// | ``SharedTokenCacheCredential`` | a sign-in in the cache that tools share | `dev` |
/// | ``VisualStudioCodeCredential``, with ``DefaultAzureCredentialOptions/broker`` | "Azure: Sign In" in Visual Studio Code | `dev` |
/// | ``AzureCLICredential`` | `az login` | `dev` |
/// | ``AzurePowerShellCredential`` | `Connect-AzAccount` | `dev` |
/// | ``AzureDeveloperCLICredential`` | `azd auth login` | `dev` |
/// | ``InteractiveBrowserCredential``, only if included | a person, by signing in | by name |
/// | the system's broker, its default account; only if ``DefaultAzureCredentialOptions/broker`` is set | a sign-in to the system | `dev` |
///
/// **Which members.** `AZURE_TOKEN_CREDENTIALS` is `dev`, `prod`, a name such as `ManagedIdentityCredential` in any case, or several names
/// with commas between them, which are asked in the order above. ``DefaultAzureCredentialOptions/exclusions`` and
/// ``DefaultAzureCredentialOptions/inclusions`` override it. ``plan()`` states the result without asking anyone.
///
/// **When one fails.** A member that isn't set up passes the call on to the next, and so does one that can't be made as it is configured. A
/// deployed member (the first three) that tried and failed ends the call: an outage never leads to another identity. Developer tools and
/// the editor pass on whatever they fail with. Cancellation, a time that is up and a mistake in the request always end the call.
///
/// **The winner is kept.** The member that gave the first token is asked alone from then on, so that the identity stays the same while the
/// program runs. If it fails later, its error comes out as it is, with a sentence that says so; nobody else is asked, and the next
/// call asks it again. Only ``removeCachedTokens()`` has the credential choose anew. If calls that were made at the same time come to
/// different winners, the first one found is kept, and all of them return its tokens. With ``DefaultAzureCredentialOptions/keepsWinner``
/// turned off, each call begins with the first member.
///
/// **Whose token.** ``selectedCredential``, one line of the log at level info, and the token's ``AccessToken/provenance`` tell who gave it;
/// ``DefaultAzureCredentialOptions/expectedIdentity`` refuses another's. ``DefaultAzureCredentialOptions/excludesDeveloperToolsOnAzure`` sees to
/// it that a developer's account is never used on an Azure host.
///
/// Reads the variable above and those of its members when it is made. `AZURE_CLIENT_ID` selects a user-assigned managed identity, and the client
/// of workload identity, unless the options do. Keeps no tokens: its members do.
public final class DefaultAzureCredential: TokenCredential {
    /// What the credential asks, and with what.
    public typealias Options = DefaultAzureCredentialOptions
    /// A credential that has a place in the chain.
    public typealias Member = DefaultChainMember

    static let name = "DefaultAzureCredential"

    let chain: CredentialChain

    /// Creates a credential. Nothing is requested yet, and no tool is started.
    ///
    /// - Parameter options: What it asks, and with what.
    public init(options: Options = .init()) {
        let host = options.credentialOptions.host
        let isOnAzure = HostSelection.select(host.environment, facts: host.facts).host.isCertain
        let policy = CredentialChain.Policy(
            name: Self.name,
            keepsWinner: options.keepsWinner,
            expectedIdentity: options.expectedIdentity,
            isOnAzure: isOnAzure,
            logger: options.credentialOptions.logging.logger
        )
        do {
            let members = try Self.members(options, environment: host.environment, isOnAzure: isOnAzure)
            self.chain = CredentialChain(policy, members: members, clock: host.clock)
        } catch let error {
            self.chain = CredentialChain(policy, members: [], problem: error as? AuthenticationError, clock: host.clock)
        }
    }

    /// Creates a credential with other variables.
    ///
    /// - Parameter environment: The variables.
    public convenience init(environment: EnvironmentVariables) {
        self.init(options: Options(credentialOptions: CredentialOptions(environment: environment)))
    }

    /// Gets a token for a request: from the winner if there is one, else from the first member that gives one.
    ///
    /// - Parameter context: The request; passed to the members, with the time that is left. Its timeout is that of all of them together.
    /// - Returns: A token that is valid now.
    /// - Throws: ``AuthenticationError``: `.credentialUnavailable` if no member is set up here (row G06 of the guide); else that of the
    ///   member that ended the call, or of the developer tool that failed first; `.authenticationFailed` if the token is for another identity
    ///   than expected (row G07); `.invalidConfiguration` if the options or the variable can't be used; once there is a winner, what the
    ///   winner throws. Rethrows `CancellationError`.
    public func token(for context: TokenRequestContext) async throws -> AccessToken {
        if let token = try self.chain.keptToken(for: context) { return token }
        return try await self.chain.token(for: context)
    }

    /// A kept token of the member that the credential keeps to, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? { try self.chain.keptToken(for: context) }

    /// Checks the options and the variable, without a request: for a program that wants to fail at start-up. What is wrong with a member is
    /// part of ``plan()``.
    ///
    /// - Throws: ``AuthenticationError``, which ``token(for:)`` would throw too.
    public func validate() throws { try self.chain.validate() }

    /// States which members are asked, in order, why others aren't, and what is known to be in a member's way, without asking for a token.
    ///
    /// - Returns: The plan.
    public func plan() -> ChainPlan { self.chain.plan }

    /// The name of the member that the credential keeps to, as `AzureCLICredential`; `nil`: none gave a token yet.
    public var selectedCredential: String? { self.chain.selected }

    /// What the members came to when they were last asked in order, also if one gave a token. Those behind it aren't listed.
    public var attempts: [AuthenticationError.Attempt] { self.chain.attempts }

    /// Drops the kept tokens of all members, and forgets the winner.
    public func removeCachedTokens() { self.chain.removeCachedTokens() }

    /// What happens to the tokens of the members: renewals, renewals that failed, changes of identity. Each event names its member.
    public var events: TokenEvents { self.chain.events }
}

extension DefaultAzureCredential: KeepingTokenCredential, TokenEventSource {}

extension TokenCredential where Self == DefaultAzureCredential {
    /// A credential that gets a token from whatever is set up where the program runs.
    public static var `default`: DefaultAzureCredential { DefaultAzureCredential() }
}
