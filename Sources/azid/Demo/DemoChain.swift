// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `azid demo` shows of the default chain: on a developer's machine whose Azure CLI is a stand-in, and on a host. Sees a folder of its
/// own, and none of the machine's variables: nothing of the real `az` and its account.
struct DemoChain {
    private static let scope = "https://vault.azure.net/.default"

    let folder: String
    let logging: LoggingOptions
    let appService: EnvironmentVariables

    /// Whose the stand-in's tokens are, and the object ids that they say.
    private enum User: String {
        case ada = "aaaaaaaa-1111-4111-8111-111111111111"
        case grace = "bbbbbbbb-2222-4222-8222-222222222222"

        /// A token as the service would give it, but for the signature, which nobody looks at here.
        var token: ToolStandIn.Answer {
            let claims = #"{"tid":"\#(EmulatorConfiguration.Sample.tenantID)","oid":"\#(self.rawValue)"}"#
            let parts = [#"{"alg":"none","typ":"JWT"}"#, claims, ""].map { Base64URL.encode($0.utf8) }
            let expiry = SystemClock().date.addingTimeInterval(3600)
            return .token(parts.joined(separator: "."), expiresOn: expiry, delay: .milliseconds(300))
        }
    }

    private func credential(_ variables: EnvironmentVariables) -> DefaultAzureCredential {
        let options = CredentialOptions(logging: self.logging, tokenCache: .inMemory, environment: variables)
        return DefaultAzureCredential(options: .init(credentialOptions: options))
    }

    /// The variables of a developer's machine: nobody but developer tools is asked.
    private func machine(_ az: ToolStandIn) -> EnvironmentVariables {
        EnvironmentVariables(az.environment.dictionary.merging(["AZURE_TOKEN_CREDENTIALS": "dev"]) { $1 })
    }

    /// A token of whoever is signed in, then the kept one, then at once that of another who has signed in; and one in App Service.
    func showTokens() async throws -> Bool {
        let az = try ToolStandIn.install(.azureCLI, answering: .notSignedIn, in: self.folder)
        let developer = self.credential(self.machine(az))
        var table = TextTable(["DefaultAzureCredential", "answered by", "time", "runs of az", "token of"])
        var tokens: [AccessToken] = []
        func ask(_ credential: DefaultAzureCredential, _ title: String) async throws {
            let start = SystemClock().now
            let token = try await credential.token(forScopes: Self.scope)
            let time = TextTable.time(SystemClock().now - start)
            let owner = token.provenance?.objectID ?? "nobody"
            table.append([
                title, credential.selectedCredential ?? "nobody", time, "\(az.runs.count)", String(owner.prefix(8)) + "…",
            ])
            tokens.append(token)
        }
        try az.signIn(as: "ada@demo.example", answering: User.ada.token)
        try await ask(developer, "a developer's machine")
        try await ask(developer, "the same again")
        try az.signIn(as: "grace@demo.example", answering: User.grace.token)
        try await ask(developer, "after az login as another")
        try await ask(self.credential(self.appService), "App Service")
        try Console.printResult("One line of code for a developer's machine and for Azure; az is a stand-in here:\n")
        try Console.printResult(table.rendered())
        let owners = tokens.prefix(3).map { $0.provenance?.objectID }
        return owners == [User.ada, .ada, .grace].map(\.rawValue) && az.runs.count == 2
            && tokens[3].provenance?.credential == "ManagedIdentityCredential"
    }

    /// A chain without a token: the error begins with what most probably has to be done.
    func showFailure() async throws -> Bool {
        let az = try ToolStandIn.install(.azureCLI, answering: .notSignedIn, in: self.folder)
        try Console.printResult("Signed out, and the chain says what is missing most probably:\n")
        do {
            _ = try await self.credential(self.machine(az)).token(forScopes: Self.scope)
            return false
        } catch let error as AuthenticationError {
            try Console.printResult(error.description + "\n")
            return error.remedy?.guide == "G35"
        }
    }
}
#endif
