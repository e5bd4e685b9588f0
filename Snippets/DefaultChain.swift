// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of chains and developer tools, compiled.

import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.DEFAULT
let credential = DefaultAzureCredential()
let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
print(credential.selectedCredential ?? "none", token.provenance?.objectID ?? "unknown")
// snippet.end

// snippet.PLAN
print(DefaultAzureCredential().plan())
// snippet.end

// snippet.OPTIONS
var options = DefaultAzureCredential.Options()
options.managedIdentity = .userAssigned(clientID: "22222222-2222-4222-8222-222222222222")
options.exclusions = [.azurePowerShell, .azureDeveloperCLI]
options.developerToolTenantID = "11111111-1111-4111-8111-111111111111"
options.processTimeout = .seconds(30)
let chosen = DefaultAzureCredential(options: options)
// snippet.end

// snippet.INSERT
var extended = DefaultAzureCredential.Options()
extended.insert(ClosureTokenCredential(name: "VaultAgent") { _ in try await agentToken() }, at: .after(.managedIdentity))
// snippet.end

// snippet.GUARD
var guarded = DefaultAzureCredential.Options()
guarded.expectedIdentity = ExpectedIdentity(tenantID: "11111111-1111-4111-8111-111111111111")
guarded.excludesDeveloperToolsOnAzure = true
guarded.requiresTokenCredentialsVariable = true
let production = DefaultAzureCredential(options: guarded)
try production.validate()
// snippet.end

// snippet.ERRORS
do {
    _ = try await credential.token(forScopes: "https://vault.azure.net/.default")
} catch let error as AuthenticationError {
    print(error.summary)
    for attempt in error.attempts {
        print(attempt.credential, attempt.outcome, attempt.duration, attempt.remedy?.guide ?? "")
    }
}
// snippet.end

// snippet.EDITOR
let editor = VisualStudioCodeCredential(options: .init(tenantID: "11111111-1111-4111-8111-111111111111"))
// snippet.end

// snippet.CHAIN
let chain = ChainedTokenCredential(
    ManagedIdentityCredential(identity: .userAssigned(clientID: "22222222-2222-4222-8222-222222222222")),
    AzureCLICredential(),
    options: ChainOptions(name: "BackupJob")
)
// snippet.end

// snippet.DOCUMENT
let document = try Data(contentsOf: URL(filePath: "/etc/backup/credentials.json"))
let configuration = try JSONDecoder().decode(ChainConfiguration.self, from: document)
let configured = ChainedTokenCredential(configuration: configuration)
// snippet.end

// snippet.TOOL
let cli = AzureCLICredential(tenantID: "11111111-1111-4111-8111-111111111111", processTimeout: .seconds(30))
let developerCLI = AzureDeveloperCLICredential()
let powerShell = AzurePowerShellCredential()
// snippet.end

// snippet.UNKEPT
let unkept = AzureCLICredential(keepsTokens: false)
// snippet.end

// snippet.STAND_IN
let az = try ToolStandIn.install(.azureCLI, answering: .notSignedIn, in: "/tmp/tools")
let answer = ToolStandIn.Answer.token("a-token", expiresOn: Date(timeIntervalSinceNow: 3600))
try az.signIn(as: "ada@example.com", answering: answer)
let underTest = AzureCLICredential(options: CredentialOptions(environment: az.environment))
_ = try await underTest.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

let database = Database()

// snippet.RENEWALS
for try await token in credential.renewals(forScopes: "https://ossrdbms-aad.database.windows.net/.default") {
    await database.use(password: token.token)
}
// snippet.end

/// Stands for a pool of connections to a database.
struct Database {
    /// Connects anew with another password.
    func use(password: String) async {}
}

/// Stands for whatever else may give tokens.
@Sendable func agentToken() async throws -> AccessToken { AccessToken(token: "", expiresOn: .distantFuture) }
