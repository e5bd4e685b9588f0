// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity
import AzureIdentityBroker

/// The flags of who signs in by the system's broker.
struct BrokerArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "broker: the window that the broker's is shown in front of, as a number, also in hexadecimal (0x…). Else the console's.",
            valueName: "handle"),
        transform: BrokerArguments.window)
    var parentWindow: BrokerWindow?

    @Flag(name: .long, help: "broker: use the account that the system was signed in to.")
    var useDefaultBrokerAccount = false

    @Flag(name: .long, help: "broker: let personal Microsoft accounts sign in to an application that isn't registered for them.")
    var enableMsaPassthrough = false

    @Option(name: .long, help: "broker: the user name of who is to sign in; another person's token is refused.")
    var loginHint: String?

    @Flag(name: .long, help: "broker: show no window; exit with 3 where a person has to sign in.")
    var silent = false

    @Flag(name: .long, help: "broker: open the browser where there is no broker.")
    var fallBackToBrowser = false

    /// Reads a window's handle.
    private static func window(_ text: String) throws -> BrokerWindow {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        guard let handle = isHexadecimal ? UInt(text.dropFirst(2), radix: 16) : UInt(text) else {
            throw ValidationError("--parent-window takes a number, such as 131072 or 0x20000.")
        }
        return BrokerWindow(handle: handle)
    }

    /// The credential that the flags describe.
    ///
    /// - Parameters:
    ///   - tenantID: The tenant, by a flag.
    ///   - clientID: The application, by a flag: the variable is mostly another one's.
    ///   - options: The cloud, the network, the cache, the log and the variables.
    ///   - timeout: How many seconds to wait for the person.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if the file that says who has signed in can't be read: to leave it out
    ///   would be to sign in anyone.
    func credential(
        tenantID: String?,
        clientID: String?,
        options: CredentialOptions,
        timeout: Double?
    ) throws -> BrokerCredential {
        var own = BrokerCredential.Options(credentialOptions: options, tenantID: tenantID, clientID: clientID)
        own.parentWindow = self.parentWindow ?? .console
        own.usesDefaultBrokerAccount = self.useDefaultBrokerAccount
        own.isMSAPassthroughEnabled = self.enableMsaPassthrough
        own.loginHint = self.loginHint
        own.authenticatesAutomatically = !self.silent
        own.fallsBackToBrowser = self.fallBackToBrowser
        if let timeout { own.timeout = .seconds(timeout) }
        if self.loginHint == nil, !self.useDefaultBrokerAccount {
            own.authenticationRecord = try AccountFile.brokerRecord(options.environment)
        }
        return BrokerCredential(options: own)
    }
}
#endif
