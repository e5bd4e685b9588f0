// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity

/// The credentials of whoever sits at the terminal, as all commands make them.
struct PeopleCredentials {
    var tenantID: String?
    var clientID: String?
    /// The cloud, the network, the cache and the log.
    var options: CredentialOptions
    /// How many seconds to wait for the person. `nil`: as long as the credential does by itself.
    var timeout: Double?

    /// Signs in with a code, which is shown on standard error.
    func deviceCode() -> DeviceCodeCredential {
        var own = DeviceCodeCredential.Options()
        own.credentialOptions = self.options
        if let timeout = self.timeout { own.timeout = .seconds(timeout) }
        return DeviceCodeCredential(tenantID: self.tenantID, clientID: self.clientID, options: own, prompt: Self.show)
    }

    /// Signs in by a browser.
    ///
    /// - Parameters:
    ///   - redirectURL: Where the browser comes back to; `nil`: any free port.
    ///   - username: Who wants to sign in.
    ///   - fallsBack: Whether a code does where there is no browser.
    func browser(redirectURL: String?, username: String?, fallsBack: Bool = false) -> InteractiveBrowserCredential {
        var own = InteractiveBrowserCredential.Options()
        own.credentialOptions = self.options
        own.redirectURL = redirectURL
        own.loginHint = username
        own.pages.applicationName = "azid"
        if let timeout = self.timeout { own.timeout = .seconds(timeout) }
        if fallsBack { own.deviceCodeFallback = Self.show }
        return InteractiveBrowserCredential(tenantID: self.tenantID, clientID: self.clientID, options: own)
    }

    /// Tells a person to enter a code.
    @Sendable private static func show(_ prompt: DeviceCodePrompt) async { Console.printNote(prompt.message) }
}
#endif
