// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import ScenarioSupport
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows on Visual Studio Code and on brokers.
extension RowCases {
    static let brokered: [RowCase] = [
        RowCase(
            row: "G31", situation: "nobody is signed in in Visual Studio Code",
            expected: .init(
                code: .credentialUnavailable, contains: ["Failed To Read VS Code Credentials"],
                advice: ["Azure: Sign In", "0.9.11", "broker", "Azure CLI"])
        ) { _ in
            let stage = try EditorStage()
            try stage.set("{}")
            return .error(try await authenticationError { try await stage.credential().token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G32", situation: "the editor's refresh token has expired",
            expected: .init(
                code: .authenticationRequired, contains: ["nteraction required"], aadsts: [50_173], advice: ["Azure: Sign In"])
        ) { setting in
            let stage = try EditorStage()
            try stage.set("{}")
            let secret = try await stage.refreshToken()
            setting.note([.init(kind: "refresh token", text: secret.revealed, isCut: true)])
            stage.store(secret)
            stage.emulator.revokeRefreshTokens(of: Sample.userName)
            let credential = stage.credential { $0.logging = setting.logging }
            return .error(try await authenticationError { try await credential.token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G33", situation: "the editor's tenant is AD FS",
            expected: .init(code: .credentialUnavailable, contains: ["ADFS tenant not supported"], advice: ["supported cloud"])
        ) { _ in
            let stage = try EditorStage()
            try stage.set("{\"azure.tenant\": \"ADFS\"}")
            return .error(try await authenticationError { try await stage.credential().token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G54", situation: "the program has no broker, and the editor has left no record",
            expected: .init(
                code: .credentialUnavailable, contains: ["VisualStudioCodeCredential requires"],
                advice: ["Azure Resources", "Azure: Sign In", "estart"])
        ) { _ in
            let stage = try EditorStage()
            return .error(try await authenticationError { try await stage.credential().token(forScopes: vaultScope) })
        },
        RowCase(
            row: "G49", situation: "the application has no redirect URI for the broker",
            expected: .init(
                code: .authenticationFailed, contains: ["AADSTS50011"], aadsts: [50_011],
                advice: ["ms-appx-web://Microsoft.AAD.BrokerPlugin/\(Sample.clientID)"])
        ) { setting in
            let failure = BrokerFailure(
                .configuration, context: "AADSTS50011: The redirect URI specified in the request does not match.")
            return try await Self.refusal(failure, setting)
        },
        RowCase(
            row: "G50", situation: "a personal Microsoft account is refused",
            expected: .init(code: .authenticationFailed, aadsts: [50_020], advice: ["MSAPassthrough"])
        ) { setting in
            let failure = BrokerFailure(
                .refused, context: "AADSTS50020: User account from identity provider 'live.com' does not exist.")
            return try await Self.refusal(failure, setting)
        },
    ]

    /// The error of a sign-in that a broker refuses.
    private static func refusal(_ failure: BrokerFailure, _ setting: RowSetting) async throws -> RowCase.Outcome {
        var client = BrokerEngine.Client(credential: "BrokerCredential")
        client.tenantID = Sample.tenantID
        client.clientID = Sample.clientID
        client.usesDefaultAccount = true
        let broker = BrokeredSignIn(client: { _ in RefusingBroker(failure: failure) }, platform: .windows)
        let options = setting.emulator().credentialOptions(logging: setting.logging)
        let engine = BrokerEngine(client, broker: broker, options: options)
        return .error(try await authenticationError { try await engine.token(for: TokenRequestContext(scopes: [vaultScope])) })
    }
}

/// A broker that has no account and refuses everybody.
private struct RefusingBroker: BrokerClient {
    let name = "refusing broker"
    let failure: BrokerFailure

    func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] { [] }
    func acquireSilently(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        throw self.failure
    }
    func acquireInteractively(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        throw self.failure
    }
    func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {}
}
#endif
