// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The flags of credentials of people.
struct UserArguments: ParsableArguments {
    @Option(name: .long, help: "username-password: the user's name. Else AZURE_USERNAME. interactive-browser: who is to sign in.")
    var username: String?

    @Option(
        name: .long,
        help: "username-password: a file that holds the password; its last line break is left out. Else AZURE_PASSWORD.")
    var passwordFile: String?

    @Option(name: .long, help: "on-behalf-of: a file that holds the user's token, which was meant for this application.")
    var userAssertionFile: String?

    @Option(name: .long, help: "authorization-code: a file that holds the code.")
    var authorizationCodeFile: String?

    @Option(
        name: .long, help: "authorization-code: a file that holds the verifier (PKCE) that the code was asked for with, if any.")
    var codeVerifierFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "authorization-code: where the code was sent to. interactive-browser: http://localhost and a port; else a free one.",
            valueName: "url"))
    var redirectURL: String?

    /// Puts what the flags say in the variables' place.
    func overlay(_ values: inout [String: String]) throws {
        if let username = self.username { values["AZURE_USERNAME"] = username }
        if let path = self.passwordFile { values["AZURE_PASSWORD"] = try SecretFile.secret(path) }
    }

    func deviceCode(_ options: CredentialOptions, timeout: Double?) -> DeviceCodeCredential {
        self.person(options, timeout: timeout).deviceCode()
    }

    func browser(_ options: CredentialOptions, timeout: Double?) -> InteractiveBrowserCredential {
        self.person(options, timeout: timeout).browser(redirectURL: self.redirectURL, username: self.username)
    }

    private func person(_ options: CredentialOptions, timeout: Double?) -> PeopleCredentials {
        PeopleCredentials(
            tenantID: options.environment["AZURE_TENANT_ID"],
            clientID: options.environment["AZURE_CLIENT_ID"],
            options: options,
            timeout: timeout
        )
    }
}
#endif
