// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of other issuers whose tokens Microsoft Entra ID takes in place of a secret, compiled. Each needs a federated credential of
// the application, with the issuer, the subject and the audience of the token.

import AzureHTTP
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.GITHUB
let workflow = GitHubActionsCredential()
// snippet.end

// snippet.WORKLOAD
let pod = WorkloadIdentityCredential()
try await pod.waitUntilReady(for: .init(scopes: ["https://vault.azure.net/.default"]), timeout: .seconds(60)) { progress in
    print("Not ready yet: \(progress.error.summary)")
}
// snippet.end

// snippet.BINDING
let boundPod = WorkloadIdentityCredential(isAzureProxyEnabled: true)
// snippet.end

// snippet.PIPELINES
let variables = EnvironmentVariables.process
let pipeline = AzurePipelinesCredential(
    tenantID: variables["AZURESUBSCRIPTION_TENANT_ID"] ?? "",
    clientID: variables["AZURESUBSCRIPTION_CLIENT_ID"] ?? "",
    serviceConnectionID: variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] ?? "",
    systemAccessToken: Secret(variables["SYSTEM_ACCESSTOKEN"] ?? "")
)
// snippet.end

// snippet.MANAGED_IDENTITY
let withoutSecret = ClientAssertionCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222",
    managedIdentity: .userAssigned(clientID: "33333333-3333-4333-8333-333333333333")
)
// snippet.end

let aws = SecurityTokenService()

// snippet.AWS
// With the AWS SDK: STS GetWebIdentityToken, or Cognito GetOpenIdTokenForDeveloperIdentity.
let fromAWS = ClientAssertionCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222"
) { _ in
    try await aws.webIdentityToken(audience: "api://AzureADTokenExchange", signingAlgorithm: "RS256")
}
// snippet.end

let transport: any HTTPTransport = Canned()

// snippet.GCP
// The metadata server of Google Cloud gives tokens of the machine's service account.
let fromGCP = ClientAssertionCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222"
) { _ in
    let path = "computeMetadata/v1/instance/service-accounts/default/identity?audience=api://AzureADTokenExchange"
    guard let url = URL(string: "http://metadata.google.internal/\(path)") else { return "" }
    let response = try await transport.send(TransportRequest(url: url, headers: ["Metadata-Flavor": "Google"]))
    guard response.status == 200 else {
        throw AuthenticationError.credentialUnavailable("The metadata server answered \(response.status).", credential: "GCP")
    }
    return String(decoding: response.body, as: UTF8.self)
}
// snippet.end

// snippet.SPIFFE
// spiffe-helper keeps a JWT-SVID for this audience in the file.
let fromSPIFFE = ClientAssertionCredential(
    tenantID: "11111111-1111-4111-8111-111111111111",
    clientID: "22222222-2222-4222-8222-222222222222"
) { _ in
    try String(contentsOfFile: "/run/spiffe/jwt_svid.token", encoding: .utf8)
}
// snippet.end

/// Stands for a client of AWS.
struct SecurityTokenService {
    /// A token of the caller's identity for an audience.
    func webIdentityToken(audience: String, signingAlgorithm: String) async throws -> String { "" }
}

/// Stands for a transport such as AsyncHTTPClientTransport.shared.
struct Canned: HTTPTransport {
    /// Answers nothing.
    func send(_ request: TransportRequest) async throws -> TransportResponse { TransportResponse(status: 404) }
}
