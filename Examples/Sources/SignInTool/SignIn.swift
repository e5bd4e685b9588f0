// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// A credential for a person, whichever way they sign in.
protocol PersonCredential: TokenCredential {
    /// Asks the person, unless a token is to be had silently.
    func authenticate(for context: TokenRequestContext?) async throws -> AuthenticationRecord
    /// Forgets the person's tokens.
    func signOut() async throws
}

extension InteractiveBrowserCredential: PersonCredential {}
extension DeviceCodeCredential: PersonCredential {}

/// A sign-in that is kept: the tokens by the credential's cache, who it was by a file of the tool's.
struct SignIn: Sendable {
    let credential: any PersonCredential
    let file: AccountFile

    /// A token, and whether a person had to be asked for it.
    struct Outcome: Sendable {
        var token: AccessToken
        var wasAsked: Bool
    }

    /// A token: silently if possible, else by asking.
    func token(forScopes scopes: String...) async throws -> Outcome {
        let context = TokenRequestContext(scopes: scopes)
        do {
            return Outcome(token: try await self.credential.token(for: context), wasAsked: false)
        } catch let error as AuthenticationError where error.code == .authenticationRequired {
            // The error has the request, with the claims that the service wants, if it does.
            let record = try await self.credential.authenticate(for: error.context ?? context)
            try self.file.write(record)
            return Outcome(token: try await self.credential.token(for: context), wasAsked: true)
        }
    }

    /// Forgets the sign-in, here.
    func end() async throws {
        try await self.credential.signOut()
        try self.file.remove()
    }

    /// A credential that opens a browser, or shows a code where there is none.
    static func browser(
        record: AuthenticationRecord?,
        options: CredentialOptions,
        prompt: @escaping @Sendable (DeviceCodePrompt) async -> Void
    ) -> InteractiveBrowserCredential {
        var own = InteractiveBrowserCredential.Options()
        own.credentialOptions = options
        own.authenticationRecord = record
        own.authenticatesAutomatically = false
        own.pages.applicationName = "sign-in-tool"
        own.deviceCodeFallback = prompt
        return InteractiveBrowserCredential(options: own)
    }

    /// A credential that shows a code to enter on any device.
    static func deviceCode(
        record: AuthenticationRecord?,
        options: CredentialOptions,
        prompt: @escaping @Sendable (DeviceCodePrompt) async -> Void
    ) -> DeviceCodeCredential {
        var own = DeviceCodeCredential.Options()
        own.credentialOptions = options
        own.authenticationRecord = record
        own.authenticatesAutomatically = false
        return DeviceCodeCredential(options: own, prompt: prompt)
    }
}
