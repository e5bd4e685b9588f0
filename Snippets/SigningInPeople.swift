// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of people who sign in, compiled.

import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.BROWSER
let credential = InteractiveBrowserCredential()
let token = try await credential.token(forScopes: "https://management.azure.com/.default")
// snippet.end

// snippet.DEVICE
let onAnotherDevice = DeviceCodeCredential { prompt in
    print("Open \(prompt.verificationURL) and enter \(prompt.userCode)")
}
// snippet.end

// snippet.TOOL
var options = InteractiveBrowserCredential.Options()
options.credentialOptions.tokenCache = .persistent(name: "backup-tool")
options.authenticationRecord = try savedRecord()
options.pages.applicationName = "backup-tool"
options.deviceCodeFallback = { prompt in print(prompt.message) }
let tool = InteractiveBrowserCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    options: options
)
if tool.authenticationRecord == nil {
    let record = try await tool.authenticate()
    try save(record.json)
}
let toolToken = try await tool.token(forScopes: "https://management.azure.com/.default")
// snippet.end

// snippet.ASK_FIRST
var patient = InteractiveBrowserCredential.Options()
patient.authenticatesAutomatically = false
let quiet = InteractiveBrowserCredential(options: patient)
do {
    _ = try await quiet.token(forScopes: "https://management.azure.com/.default")
} catch let error as AuthenticationError where error.code == .authenticationRequired {
    var request = error.context ?? TokenRequestContext(scopes: ["https://management.azure.com/.default"])
    request.claims = error.serviceError?.claims ?? request.claims
    try await quiet.authenticate(for: request)
}
// snippet.end

// snippet.SIGN_OUT
try await tool.signOut()
// snippet.end

// What requests of users bring.
let userToken = Secret("")
let otherUserToken = Secret("")
let codeOfTheRedirect = Secret("")

// snippet.ON_BEHALF_OF
let application = OnBehalfOfCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    authentication: .secret(Secret(EnvironmentVariables.process["BACKUP_CLIENT_SECRET"] ?? "")),
    userAssertion: userToken
)
let graphToken = try await application.token(forScopes: "https://graph.microsoft.com/User.Read")
let forAnotherUser = application.acting(for: otherUserToken)
// snippet.end

// snippet.SESSION
let session = OnBehalfOfCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    authentication: .secret(Secret(EnvironmentVariables.process["BACKUP_CLIENT_SECRET"] ?? "")),
    sessionKey: Secret("a random text that the service keeps with the session"),
    userAssertion: userToken
)
// snippet.end

// snippet.CODE
let page = AuthorizationCodeCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    authorizationCode: codeOfTheRedirect,
    redirectURL: "https://contoso.example/signed-in",
    authentication: .secret(Secret(EnvironmentVariables.process["BACKUP_CLIENT_SECRET"] ?? ""))
)
// snippet.end

// snippet.AZID
let signedIn = AzidCredential()
let azidToken = try await signedIn.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

// snippet.AZID_IN_CHAIN
var chain = DefaultAzureCredential.Options()
chain.insert(AzidCredential(), at: .before(.azureCLI))
let withAzid = DefaultAzureCredential(options: chain)
// snippet.end

// snippet.EMULATOR
let emulator = EntraEmulator()
let underTest = DeviceCodeCredential(options: .init(credentialOptions: emulator.credentialOptions())) { prompt in
    try? emulator.approveDeviceCode(prompt.userCode, as: EmulatorConfiguration.Sample.userName)
}
_ = try await underTest.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

/// Stands for reading a file of the program's.
func savedRecord() throws -> AuthenticationRecord? {
    let text = try? String(contentsOf: URL(filePath: "/home/ada/.config/backup-tool/account.json"), encoding: .utf8)
    return try text.map { try AuthenticationRecord(json: $0) }
}

/// Stands for writing it.
func save(_ json: String) throws {
    try Data(json.utf8).write(to: URL(filePath: "/home/ada/.config/backup-tool/account.json"), options: .atomic)
}
