// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The exchange of users' tokens for others, for one application: what all users have in common is made once, so that a user costs little.
final class OnBehalfOfExchange: Sendable {
    let credential: String
    let tenantID: String
    let clientID: String
    let authentication: ClientAuthentication
    let options: CredentialOptions
    private let host: Host
    private let configured: Configured<Ready>

    /// What an application with a good configuration has.
    private struct Ready: Sendable {
        let entra: EntraClient
        let policy: TenantPolicy
        /// What keeps the tokens of one user's token apart: a closure, so that no dump shows the application's secret.
        let partition: @Sendable (_ assertion: Secret) -> PartitionID
    }

    init(credential: String, tenantID: String, clientID: String, authentication: ClientAuthentication, options: CredentialOptions)
    {
        self.credential = credential
        self.tenantID = tenantID
        self.clientID = clientID
        self.authentication = authentication
        self.options = options
        var host = options.host
        let telemetry = host.telemetry(credential)
        host.telemetry = { _ in telemetry }
        self.host = host
        self.configured = Configured(credential, tenantID: tenantID, clientID: clientID) {
            let parts = try EntraParts(credential: credential, tenantID: tenantID, options: options, host: host)
            let identity =
                [credential, tenantID.lowercased(), parts.transportName, clientID] + parts.authority.identity
                + authentication.identity
            let policy = EntraEngine.policy(tenantID, options: options, environment: host.environment)
            return Ready(entra: parts.client, policy: policy) { assertion in
                KeyedDigest.partition(identity + ["user", assertion.revealed])
            }
        }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws { try self.configured.validate() }

    /// The tenant that a request is for.
    func tenantID(of context: TokenRequestContext) throws -> String {
        try self.configured.get().policy.tenant(requested: context.tenantID, credential: self.credential)
    }

    /// What keeps and gets the tokens for one user's token, or what is wrong with the configuration.
    func acquirer(for assertion: Secret) -> Result<TokenAcquirer, AuthenticationError> {
        self.configured.result.map { self.acquirer(for: assertion, ready: $0) }
    }

    private func acquirer(for assertion: Secret, ready: Ready) -> TokenAcquirer {
        TokenAcquirer(
            credential: self.credential,
            partition: ready.partition(assertion),
            cache: self.options.tokenCache,
            host: self.host,
            logging: self.options.logging,
            facts: GuideFacts(clientID: self.clientID, proof: self.authentication.guideProof),
            acquire: { request in
                do {
                    return try await ready.entra.token(for: request) { context in
                        try await Self.grant(assertion, for: self, context: context, scopes: .asGiven)
                    }
                } catch let error as AuthenticationError {
                    throw Self.interpreted(error, request: request)
                }
            }
        )
    }

    /// The grant of a user's token (RFC 7523, section 2.1, with Microsoft's `requested_token_use`).
    static func grant(
        _ assertion: Secret,
        for exchange: OnBehalfOfExchange,
        context: GrantContext,
        scopes: TokenGrant.ScopeRule
    ) async throws -> TokenGrant {
        let text = try FederatedToken.checked(assertion.revealed, name: "user assertion", credential: exchange.credential)
        let proof = try await exchange.authentication.proof(exchange.credential, exchange.clientID, context)
        var grant = TokenGrant(
            parameters: [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("client_id", exchange.clientID),
                ("assertion", text),
                ("requested_token_use", "on_behalf_of"), ("client_info", "1"),
            ] + proof.parameters,
            secrets: FormEncoding.echoes(of: text) + proof.secrets,
            clientID: exchange.clientID
        )
        grant.isDated = proof.isDated
        grant.renew = proof.renew
        grant.refusalNote = proof.refusalNote
        grant.scopes = scopes
        return grant
    }

    /// What only the user can mend is said to need the user: the claims of the refusal are for the service's client.
    static func interpreted(_ error: AuthenticationError, request: AcquisitionRequest) -> AuthenticationError {
        guard let service = error.serviceError, service.isForPerson else { return error }
        var error = error
        error.code = .authenticationRequired
        error.context = request.context
        return error
    }
}

extension AuthenticationError.ServiceError {
    /// Whether a person has to do something: Microsoft's words for it (`error`, `suberror`), not its codes.
    var isForPerson: Bool {
        if ["interaction_required", "login_required", "consent_required", "account_selection_required"].contains(self.error) {
            return true
        }
        let words = ["basic_action", "additional_action", "message_only", "consent_required", "user_password_expired"]
        return words.contains(self.suberror ?? "")
    }
}
