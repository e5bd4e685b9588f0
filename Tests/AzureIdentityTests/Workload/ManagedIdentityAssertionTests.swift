// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A managed identity as an application's federated credential, on App Service, the simplest host.
@Suite struct ManagedIdentityAssertionTests {
    private static let environment: EnvironmentVariables = [
        "IDENTITY_ENDPOINT": "http://127.0.0.1:8080/msi/token", "IDENTITY_HEADER": "MARKED-header",
    ]

    private func transport(_ identity: TransportResponse? = nil) -> ScriptedTransport {
        ScriptedTransport { request in
            guard request.url.host() == "127.0.0.1" else { return ScriptedTransport.token }
            let body = #"{"access_token":"identity.token.1","expires_on":"4102444800","resource":"r","token_type":"Bearer"}"#
            return identity ?? ScriptedTransport.json(body)
        }
    }

    private func credential(
        _ transport: ScriptedTransport,
        identity: ManagedIdentityID = .systemAssigned,
        cache: TokenCache = .inMemory
    ) -> ClientAssertionCredential {
        ClientAssertionCredential(
            tenantID: Sample.otherTenantID,
            clientID: Sample.clientID,
            managedIdentity: identity,
            options: transport.options(environment: Self.environment, clock: VirtualClock(), cache: cache)
        )
    }

    @Test func theIdentitysTokenIsTheAssertion() async throws {
        let transport = self.transport()
        let token = try await self.credential(transport).token(forScopes: vaultScope)
        #expect(token.provenance?.credential == "ClientAssertionCredential")
        #expect(
            transport.places == [
                "GET 127.0.0.1:8080/msi/token", "POST login.microsoftonline.com/\(Sample.otherTenantID)/oauth2/v2.0/token",
            ]
        )
        let query = transport.requests.first?.url.query(percentEncoded: false)
        #expect(query?.contains("resource=api://AzureADTokenExchange") == true && query?.contains(".default") == false)
        #expect(transport.assertions == ["identity.token.1"])
    }

    @Test func equalConfigurationSharesTokens() async throws {
        let transport = self.transport()
        let cache = TokenCache.inMemory
        let identities: [ManagedIdentityID] = [
            .systemAssigned, .systemAssigned, .userAssigned(clientID: "a"), .userAssigned(objectID: "a"),
        ]
        for identity in identities {
            _ = try await self.credential(transport, identity: identity, cache: cache).token(forScopes: vaultScope)
        }
        #expect(transport.tokenRequests.count == 3)
    }

    @Test func errorsOfTheIdentityKeepTheirCodeAndRemedy() async throws {
        let refusal = ScriptedTransport.json(#"{"statusCode":400,"message":"No managed identity found."}"#, status: 400)
        let transport = self.transport(refusal)
        let environment = Self.environment
        let identity = ManagedIdentityCredential(options: transport.options(environment: environment, clock: VirtualClock()))
        let inner = try await authenticationError { try await identity.token(forScopes: "api://AzureADTokenExchange/.default") }
        let outer = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(outer.credential == "ClientAssertionCredential" && outer.code == inner.code && outer.remedy == inner.remedy)
        #expect(outer.message.hasSuffix(inner.message) && outer.underlyingError is AuthenticationError)
        #expect(transport.tokenRequests.isEmpty)
    }
}
