// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation

/// A program that runs on an emulated host and knows the host's protocol by heart: it goes by its variables and writes requests by
/// hand.
struct HostedProgram: Sendable {
    let host: EmulatedHost
    let variables: [String: String]
    /// The authority of the Entra part, in PEM.
    let authority: String

    /// A variable is missing, or an answer isn't what it should be.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    private static let resource = "https://vault.azure.net"

    private func variable(_ name: String) throws -> String {
        guard let value = self.variables[name] else { throw Problem(description: "\(name) is missing") }
        return value
    }

    private var entra: RawClient.Trust { .authority(pem: self.authority, serverName: "localhost") }

    /// Gets a token.
    func token() async throws -> String {
        let answer = try await self.answer()
        guard answer.status == 200, let token = answer.json["access_token"] as? String else {
            throw Problem(description: "\(self.host): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return token
    }

    /// The answer to a request for a token, or to the last of the requests that are needed.
    func answer() async throws -> RawClient.Answer {
        switch self.host {
        case .appService:
            let header = ["X-IDENTITY-HEADER": try self.variable("IDENTITY_HEADER")]
            return try await self.get("IDENTITY_ENDPOINT", "2019-08-01", header)
        case .appService2017, .azureMachineLearning:
            return try await self.get("MSI_ENDPOINT", "2017-09-01", ["secret": try self.variable("MSI_SECRET")])
        case .cloudShell:
            return try await RawClient.send(
                "POST", try self.variable("MSI_ENDPOINT"), headers: ["Metadata": "true"], form: ["resource": Self.resource])
        case .azureArc: return try await self.arc()
        case .serviceFabric:
            return try await self.get(
                "IDENTITY_ENDPOINT", "2019-07-01-preview", ["Secret": try self.variable("IDENTITY_HEADER")])
        case .virtualMachine, .podIdentity:
            let base = try self.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST")
            return try await RawClient.send(
                "GET",
                "\(base)/metadata/identity/oauth2/token?api-version=2018-02-01&resource=\(RawClient.encoded(Self.resource))",
                headers: ["Metadata": "true"])
        case .workloadIdentity: return try await self.exchange(try self.tokenFile())
        case .identityBinding:
            let authority = try String(contentsOfFile: try self.variable("AZURE_KUBERNETES_CA_FILE"), encoding: .utf8)
            return try await self.exchange(
                try self.tokenFile(),
                at: try self.variable("AZURE_KUBERNETES_TOKEN_PROXY") + "/",
                trust: .authority(pem: authority, serverName: try self.variable("AZURE_KUBERNETES_SNI_NAME"))
            )
        case .azurePipelines:
            let connection = RawClient.encoded(try self.variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"))
            let answer = try await RawClient.send(
                "POST", try self.variable("SYSTEM_OIDCREQUESTURI") + "?api-version=7.1&serviceConnectionId=\(connection)",
                headers: [
                    "Authorization": "Bearer \(try self.variable("SYSTEM_ACCESSTOKEN"))", "Content-Type": "application/json",
                    "X-TFS-FedAuthRedirect": "Suppress",
                ], trust: self.entra)
            return try await self.exchange(try Self.text("oidcToken", of: answer))
        case .gitHubActions:
            let audience = RawClient.encoded("api://AzureADTokenExchange")
            let answer = try await RawClient.send(
                "GET", try self.variable("ACTIONS_ID_TOKEN_REQUEST_URL") + "&audience=\(audience)",
                headers: ["Authorization": "Bearer \(try self.variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))"], trust: self.entra)
            return try await self.exchange(try Self.text("value", of: answer))
        }
    }

    private func get(_ endpoint: String, _ version: String, _ headers: [String: String]) async throws -> RawClient.Answer {
        let query = "?api-version=\(version)&resource=\(RawClient.encoded(Self.resource))"
        return try await RawClient.send("GET", try self.variable(endpoint) + query, headers: headers)
    }

    private func arc() async throws -> RawClient.Answer {
        let refusal = try await self.get("IDENTITY_ENDPOINT", "2020-06-01", ["Metadata": "true"])
        let header = refusal.headers["www-authenticate"] ?? ""
        guard refusal.status == 401, header.hasPrefix("Basic realm=") else { throw Problem(description: "\(refusal)") }
        let key = try String(contentsOfFile: String(header.dropFirst("Basic realm=".count)), encoding: .utf8)
        return try await self.get("IDENTITY_ENDPOINT", "2020-06-01", ["Metadata": "true", "Authorization": "Basic \(key)"])
    }

    private func tokenFile() throws -> String {
        try String(contentsOfFile: try self.variable("AZURE_FEDERATED_TOKEN_FILE"), encoding: .utf8)
    }

    /// Exchanges an assertion at Microsoft Entra ID, or at what stands before it.
    private func exchange(
        _ assertion: String, at base: String? = nil, trust: RawClient.Trust? = nil
    ) async throws -> RawClient.Answer {
        let base = try base ?? self.variable("AZURE_AUTHORITY_HOST")
        let form = [
            "client_id": try self.variable("AZURE_CLIENT_ID"), "grant_type": "client_credentials",
            "scope": Self.resource + "/.default", "client_assertion": assertion,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ]
        let address = "\(base)\(try self.variable("AZURE_TENANT_ID"))/oauth2/v2.0/token"
        return try await RawClient.send("POST", address, form: form, trust: trust ?? self.entra)
    }

    private static func text(_ name: String, of answer: RawClient.Answer) throws -> String {
        guard answer.status == 200, let text = answer.json[name] as? String else {
            throw Problem(description: "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return text
    }
}
#endif
