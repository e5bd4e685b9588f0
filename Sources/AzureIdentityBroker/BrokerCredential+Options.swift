// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

extension BrokerCredential {
    /// Who signs in, how the person is asked, and what all credentials have in common.
    public struct Options: Sendable {
        /// The cloud, the tenants, the cache and the log; the network, where the browser is used instead.
        public var credentialOptions: CredentialOptions
        /// The id, or a domain, of the tenant (directory). `nil`: that of the authentication record, else any organisation's.
        public var tenantID: String?
        /// The application's (client) id. `nil`: that of the authentication record, else that of Microsoft's developer tools
        /// (`04b07795-8ddb-461a-bbee-02f9e1bf7b46`).
        public var clientID: String?
        /// The window that the broker's is shown in front of.
        public var parentWindow: BrokerWindow
        /// Whether the account that the system was signed in to is used, where neither a record nor a hint names one.
        public var usesDefaultBrokerAccount: Bool
        /// Whether personal Microsoft accounts may sign in to an application that isn't registered for them (row G50 of the guide). A broker
        /// on Linux's session bus knows no such option, and isn't told.
        public var isMSAPassthroughEnabled: Bool
        /// The user name of who is to sign in. Another person's token is refused.
        public var loginHint: String?
        /// Who signed in before, from ``BrokerCredential/authenticate(for:)``. Another person's token is refused.
        public var authenticationRecord: AuthenticationRecord?
        /// Whether ``BrokerCredential/token(for:)`` may have the broker show a window. Otherwise it throws `.authenticationRequired`, and the
        /// program calls ``BrokerCredential/authenticate(for:)`` when it suits the person.
        public var authenticatesAutomatically: Bool
        /// Whether the browser is opened where there is no broker, as `InteractiveBrowserCredential` does. Never where there is one, whatever
        /// that fails with. Off unless you turn it on: a browser proves no device to a tenant's rules, needs another redirect URI
        /// (`http://localhost`), and is something else than what the person was told.
        public var fallsBackToBrowser: Bool
        /// How long the person has, from when the window is shown; a day at most. Whoever signs in to the same credential before is waited
        /// for besides. Without a person the broker has 30 seconds.
        public var timeout: Duration
        /// The way to the broker: the system's own, or `BrokeredSignIn.msalRuntime(path:)` for a broker library at a path of yours.
        public var broker: BrokeredSignIn

        /// Creates options.
        ///
        /// - Parameters:
        ///   - credentialOptions: The cloud, the tenants, the cache and the log.
        ///   - tenantID: The id, or a domain, of the tenant.
        ///   - clientID: The application's (client) id.
        ///   - parentWindow: The window that the broker's is shown in front of.
        ///   - usesDefaultBrokerAccount: Whether the account that the system was signed in to is used.
        ///   - isMSAPassthroughEnabled: Whether personal Microsoft accounts may sign in.
        ///   - loginHint: The user name of who is to sign in.
        ///   - authenticationRecord: Who signed in before.
        ///   - authenticatesAutomatically: Whether a token request may have the broker show a window.
        ///   - fallsBackToBrowser: Whether the browser is opened where there is no broker.
        ///   - timeout: How long the person has.
        ///   - broker: The way to the broker.
        public init(
            credentialOptions: CredentialOptions = CredentialOptions(),
            tenantID: String? = nil,
            clientID: String? = nil,
            parentWindow: BrokerWindow = .console,
            usesDefaultBrokerAccount: Bool = false,
            isMSAPassthroughEnabled: Bool = false,
            loginHint: String? = nil,
            authenticationRecord: AuthenticationRecord? = nil,
            authenticatesAutomatically: Bool = true,
            fallsBackToBrowser: Bool = false,
            timeout: Duration = .seconds(300),
            broker: BrokeredSignIn = .system
        ) {
            self.credentialOptions = credentialOptions
            self.tenantID = tenantID
            self.clientID = clientID
            self.parentWindow = parentWindow
            self.usesDefaultBrokerAccount = usesDefaultBrokerAccount
            self.isMSAPassthroughEnabled = isMSAPassthroughEnabled
            self.loginHint = loginHint
            self.authenticationRecord = authenticationRecord
            self.authenticatesAutomatically = authenticatesAutomatically
            self.fallsBackToBrowser = fallsBackToBrowser
            self.timeout = timeout
            self.broker = broker
        }
    }
}
