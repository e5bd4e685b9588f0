// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.URL
#else
public import struct Foundation.URL
#endif

extension InteractiveBrowserCredential {
    /// How a person is asked, and what all credentials have in common.
    public struct Options: Sendable {
        /// The cloud, the tenants, the network, the cache and the log.
        public var credentialOptions: CredentialOptions
        /// Where the browser comes back to: `http://localhost:`, a port, and a path if one is registered; it is sent as it stands. `nil`:
        /// `http://localhost` with any free port.
        public var redirectURL: String?
        /// The user name that the page begins with. `nil`: that of the authentication record, if there is one.
        public var loginHint: String?
        /// The domain whose sign-in page is shown at once, such as `contoso.com`.
        public var domainHint: String?
        /// What the page asks for whoever has signed in there before.
        public var prompt: Prompt
        /// How long the person has, from when the page is opened; a day at most. Whoever signs in to the same credential before is waited for
        /// besides, and what ``deviceCodeFallback`` shows has as long again.
        public var timeout: Duration
        /// Opens the page in place of this machine's browser. Called once a sign-in, beside the wait for the browser to come back: it may
        /// return at once, or later, and isn't waited for when the sign-in is over. What it throws counts as no browser to be had. The URL is
        /// one of this machine (`http://localhost:`, a port and a random path). It leads to the sign-in page once; asked for twice, it ends
        /// the sign-in. It is fit for an argument list, which all users of the machine can read, but is nobody else's business.
        public var openURL: (@Sendable (URL) async throws -> Void)?
        /// What the browser shows at the end.
        public var pages: SignInPages
        /// Who signed in before, from ``InteractiveBrowserCredential/authenticate(for:)``; with a persistent cache, nobody is asked again.
        public var authenticationRecord: AuthenticationRecord?
        /// Whether ``InteractiveBrowserCredential/token(for:)`` may open the page. Otherwise it throws `.authenticationRequired`, and the program
        /// calls ``InteractiveBrowserCredential/authenticate(for:)`` when it suits the person.
        public var authenticatesAutomatically: Bool
        /// Shows a code to sign in with on another device, where no browser can be opened. `nil`: then there is an error.
        public var deviceCodeFallback: (@Sendable (DeviceCodePrompt) async -> Void)?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - credentialOptions: The cloud, the tenants, the network, the cache and the log.
        ///   - redirectURL: Where the browser comes back to.
        ///   - loginHint: The user name that the page begins with.
        ///   - domainHint: The domain whose sign-in page is shown at once.
        ///   - prompt: What the page asks for whoever has signed in there before.
        ///   - timeout: How long the person has.
        ///   - openURL: Opens the page in place of this machine's browser.
        ///   - pages: What the browser shows at the end.
        ///   - authenticationRecord: Who signed in before.
        ///   - authenticatesAutomatically: Whether a token request may open the page.
        ///   - deviceCodeFallback: Shows a code to sign in with on another device.
        public init(
            credentialOptions: CredentialOptions = CredentialOptions(),
            redirectURL: String? = nil,
            loginHint: String? = nil,
            domainHint: String? = nil,
            prompt: Prompt = .selectAccount,
            timeout: Duration = .seconds(300),
            openURL: (@Sendable (URL) async throws -> Void)? = nil,
            pages: SignInPages = SignInPages(),
            authenticationRecord: AuthenticationRecord? = nil,
            authenticatesAutomatically: Bool = true,
            deviceCodeFallback: (@Sendable (DeviceCodePrompt) async -> Void)? = nil
        ) {
            self.credentialOptions = credentialOptions
            self.redirectURL = redirectURL
            self.loginHint = loginHint
            self.domainHint = domainHint
            self.prompt = prompt
            self.timeout = timeout
            self.openURL = openURL
            self.pages = pages
            self.authenticationRecord = authenticationRecord
            self.authenticatesAutomatically = authenticatesAutomatically
            self.deviceCodeFallback = deviceCodeFallback
        }
    }

    /// What the sign-in page asks for. More may be added.
    public struct Prompt: Hashable, Sendable {
        /// What is sent; `nil`: nothing.
        let parameter: String?

        /// Creates a prompt that this version doesn't know.
        ///
        /// - Parameter parameter: The value of the parameter `prompt`.
        public init(_ parameter: String) { self.parameter = parameter }

        private init() { self.parameter = nil }

        /// Asks which account to use, also if one is signed in. The default.
        public static let selectAccount = Prompt("select_account")
        /// Asks for the password again.
        public static let login = Prompt("login")
        /// Asks the person to allow the application what it asks for, once more.
        public static let consent = Prompt("consent")
        /// Asks nothing: whoever isn't signed in in the browser gets `.authenticationRequired`.
        public static let none = Prompt("none")
        /// Leaves it to the service, which asks for no more than it needs.
        public static let automatic = Prompt()
    }
}
