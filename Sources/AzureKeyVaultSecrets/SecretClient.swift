// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Reads and writes the secrets of one key vault.
///
/// Small on purpose, and no service SDK: it has what a program needs that keeps its passwords in a vault, and shows how a client uses a
/// credential. There are no keys, no certificates, no backups and no recovery of what was deleted.
///
/// ```swift
/// do {
///     let secret = try await client.getSecret("secret1")
///     connect(password: secret.value.revealed)
/// } catch let error as AuthenticationError {
///     print(error.message)  // There is no token.
/// } catch let error as HTTPResponseError {
///     print(error)  // The vault refused it, or has no such secret.
/// }
/// ```
///
/// Whose token a vault wants, the vault says: the first request goes without one. From then on the credential is asked before each request,
/// so its cache is the only one. Tokens go to the vault's own host and nowhere else: redirects aren't followed, nor are links to pages
/// elsewhere. A claims challenge (continuous access evaluation) is answered by one new token.
///
/// Every operation throws
/// - `AuthenticationError` if there is no token, as the credential threw it;
/// - `HTTPResponseError` if the vault refuses; of 401 and 403 with who was refused and which role that takes;
/// - `TransportError` if no answer comes;
/// - ``SecretClientError`` for arguments that can't be right and answers that can't be read;
/// - `CancellationError`.
///
/// Requests are sent again as ``SecretClientOptions/retry`` says: when the vault is throttling (429, after the time it asks for), or in trouble.
/// Setting and deleting may then happen twice, which makes a second version, or finds the secret deleted already (404).
///
/// Keeps no secret. Values never show in the log, unless its options ask for the content of exchanges.
public final class SecretClient: Sendable {
    /// What a client is made with, checked when it is first used.
    struct Equipment: Sendable {
        var address: VaultAddress
        var pipeline: HTTPPipeline
    }

    /// The address of the vault, as it was given.
    public let vaultURL: URL

    let equipment: Result<Equipment, SecretClientError>
    let authorizer: BearerTokenAuthorizer
    let options: SecretClientOptions
    /// Whether the credential chooses among others. By its type, so that one which holds a chain gets the advice of row G03, which is right for
    /// it too, and not that of G07.
    let isChain: Bool
    /// What this client's operations have of their own. The authorizer says what tokens are asked for.
    let context: TokenRequestContext

    /// Creates a client. Nothing is sent before it is used, and mistakes in the address are errors of the first call.
    ///
    /// - Parameters:
    ///   - vaultURL: The address of the vault, such as `https://contoso.vault.azure.net`.
    ///   - credential: Who the requests are made as.
    ///   - options: How the client talks to its vault.
    public init(vaultURL: URL, credential: any TokenCredential, options: SecretClientOptions = .init()) {
        self.vaultURL = vaultURL
        self.options = options
        self.context = TokenRequestContext(scopes: [])
        self.authorizer = BearerTokenAuthorizer(
            credential: credential,
            scopes: options.verifiesChallengeResource ? [] : [options.scope],
            options: .init(
                discovery: options.verifiesChallengeResource ? .keyVault : .keyVaultUnverified,
                allowedTenants: options.allowedTenants
            ),
            clock: options.clock
        )
        self.isChain = ["DefaultAzureCredential", "ChainedTokenCredential"].contains("\(type(of: credential))")
        self.equipment = Result { () throws(SecretClientError) in
            guard let transport = options.transport ?? SecretClientOptions.defaultTransport(options.network) else {
                throw SecretClientError(
                    .invalidConfiguration,
                    message: "There is no HTTP transport: the trait AsyncHTTPClient is off, so the options must hold one."
                )
            }
            return Equipment(
                address: try VaultAddress(vaultURL, apiVersion: options.apiVersion),
                pipeline: HTTPPipeline(
                    transport: transport,
                    clock: options.clock,
                    retry: options.retry,
                    logging: options.logging,
                    userAgent: UserAgent.value(applicationID: options.applicationID)
                )
            )
        }
    }

    private init(_ other: SecretClient, context: TokenRequestContext) {
        self.vaultURL = other.vaultURL
        self.options = other.options
        self.equipment = other.equipment
        self.authorizer = other.authorizer
        self.isChain = other.isChain
        self.context = context
    }

    /// The same client for single operations that differ. What was learned of the vault, and connections, are shared.
    ///
    /// ```swift
    /// let secret = try await client.with(timeout: .seconds(2), correlationID: requestID).getSecret("secret1")
    /// ```
    ///
    /// - Parameters:
    ///   - timeout: How long one operation may take at most, tokens included. `nil`: as ``SecretClientOptions/timeout`` says.
    ///   - correlationID: Sent to the vault as `x-ms-client-request-id`, and to Microsoft Entra ID as `client-request-id`, so that their logs can be
    ///     matched with yours. `nil`: a random one for each request.
    ///   - isContentLoggingEnabled: Whether bodies and unredacted headers are logged, at debug level. The log then holds secrets and tokens.
    /// - Returns: The client.
    public func with(
        timeout: Duration? = nil,
        correlationID: UUID? = nil,
        isContentLoggingEnabled: Bool = false
    ) -> SecretClient {
        let context = TokenRequestContext(
            scopes: [],
            correlationID: correlationID,
            timeout: timeout,
            isContentLoggingEnabled: isContentLoggingEnabled
        )
        return SecretClient(self, context: context)
    }

    /// Reads a secret. Takes the role *Key Vault Secrets User*, or the permission *get*.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - version: The version. `nil`: the latest one.
    /// - Returns: The secret, with its value.
    /// - Throws: As the type says; `HTTPResponseError` with the code `SecretNotFound` if there is none of this name or version.
    public func getSecret(_ name: String, version: String? = nil) async throws -> KeyVaultSecret {
        try VaultAddress.checkName(name)
        try VaultAddress.checkVersion(version)
        let call = Call(operation: .get, path: ["secrets", name] + [version].compactMap { $0 }, secretName: name)
        return try await self.send(call, SecretResponseBody.self).secret()
    }

    /// Gives a secret a new value, as a new version; makes the secret if there is none. Takes the role *Key Vault Secrets Officer*, or the
    /// permission *set*.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value, at most 25,600 bytes.
    ///   - contentType: What the value is, such as `text/plain`.
    ///   - tags: What else is to be known of it, at most 15 texts by name. Not a place for secrets.
    ///   - isEnabled: Whether its value can be read.
    ///   - notBefore: Before when the value isn't meant to be used. In whole seconds.
    ///   - expiresOn: From when on the value isn't meant to be used any more. In whole seconds.
    /// - Returns: The secret as the vault has it now.
    /// - Throws: As the type says; `HTTPResponseError` with the code `Conflict` if a deleted secret still has the name.
    @discardableResult
    public func setSecret(
        _ name: String,
        to value: Secret,
        contentType: String? = nil,
        tags: [String: String] = [:],
        isEnabled: Bool = true,
        notBefore: Date? = nil,
        expiresOn: Date? = nil
    ) async throws -> KeyVaultSecret {
        try VaultAddress.checkName(name)
        guard value.revealed.utf8.count <= 25_600 else {
            throw SecretClientError.argument("The value of a secret has at most 25,600 bytes.")
        }
        let body = try SecretRequestBody(
            value: value.revealed,
            contentType: contentType,
            tags: tags,
            isEnabled: isEnabled,
            notBefore: notBefore,
            expiresOn: expiresOn
        )
        var call = Call(operation: .set, method: "PUT", path: ["secrets", name], secretName: name)
        call.body = try JSONEncoder().encode(body)
        call.secrets = HiddenForms.of(value.revealed)
        return try await self.send(call, SecretResponseBody.self).secret()
    }

    /// Changes what is known of one version of a secret, but its value: content type, tags, dates, and whether it can be read. What is `nil`
    /// stays as it is. Takes the role *Key Vault Secrets Officer*, or the permission *set*.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - version: The version. `nil`: the latest one.
    ///   - contentType: What the value is, such as `text/plain`.
    ///   - tags: What else is to be known of it, instead of all the tags that it has. Not a place for secrets.
    ///   - isEnabled: Whether its value can be read.
    ///   - notBefore: Before when the value isn't meant to be used. In whole seconds.
    ///   - expiresOn: From when on the value isn't meant to be used any more. In whole seconds.
    /// - Returns: The properties as the vault has them now.
    /// - Throws: As the type says.
    @discardableResult
    public func updateSecret(
        _ name: String,
        version: String? = nil,
        contentType: String? = nil,
        tags: [String: String]? = nil,
        isEnabled: Bool? = nil,
        notBefore: Date? = nil,
        expiresOn: Date? = nil
    ) async throws -> SecretProperties {
        try VaultAddress.checkName(name)
        try VaultAddress.checkVersion(version)
        let body = try SecretRequestBody(
            contentType: contentType,
            tags: tags,
            isEnabled: isEnabled,
            notBefore: notBefore,
            expiresOn: expiresOn
        )
        var call = Call(operation: .update, method: "PATCH", path: ["secrets", name, version ?? ""], secretName: name)
        call.body = try JSONEncoder().encode(body)
        return try await self.send(call, SecretResponseBody.self).properties()
    }

    /// Lists the secrets of the vault, without their values. Takes the role *Key Vault Secrets User*, or the permission *list*.
    ///
    /// Pages are fetched as they are needed: a loop that ends early asks for no more.
    ///
    /// - Parameter pageSize: How many to fetch at once, 1 to 25. `nil`: as many as the vault likes.
    /// - Returns: The latest version of each secret. Disabled ones are among them.
    public func listSecrets(pageSize: Int? = nil) -> SecretList {
        SecretList(client: self, path: ["secrets"], secretName: nil, pageSize: pageSize)
    }

    /// Lists the versions of a secret, without their values and in no particular order: ``SecretProperties/createdOn`` tells which is the
    /// latest. Takes the role *Key Vault Secrets User*, or the permission *list*.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - pageSize: How many to fetch at once, 1 to 25. `nil`: as many as the vault likes.
    /// - Returns: The versions.
    public func listSecretVersions(_ name: String, pageSize: Int? = nil) -> SecretList {
        SecretList(client: self, path: ["secrets", name, "versions"], secretName: name, pageSize: pageSize)
    }

    /// Deletes a secret with all its versions. Most vaults keep it for some time, in which its name can't be used. Takes the role *Key Vault
    /// Secrets Officer*, or the permission *delete*.
    ///
    /// - Parameter name: The name.
    /// - Returns: The deleted secret, and until when it can be recovered.
    /// - Throws: As the type says; `HTTPResponseError` with the code `SecretNotFound` if there is none of this name.
    @discardableResult
    public func deleteSecret(_ name: String) async throws -> DeletedSecret {
        try VaultAddress.checkName(name)
        let call = Call(operation: .delete, method: "DELETE", path: ["secrets", name], secretName: name)
        return try await self.send(call, SecretResponseBody.self).deletedSecret()
    }
}
