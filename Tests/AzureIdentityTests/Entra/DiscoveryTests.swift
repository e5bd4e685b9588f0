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

/// What is asked of an authority before the first token: instance discovery, OpenID configuration, the machine's region.
@Suite struct DiscoveryTests {
    private static let tokenPath = "/\(Sample.tenantID)/oauth2/v2.0/token"

    private static func isToken(_ request: TransportRequest) -> Bool { request.method == .post }

    // MARK: Instance discovery

    @Test func anUnknownHostIsAskedOnceForAllCredentials() async throws {
        let transport = ScriptedTransport { request in
            Self.isToken(request)
                ? ScriptedTransport.token
                : ScriptedTransport.json(#"{"tenant_discovery_endpoint":"https://login.private.example/t/v2.0/x"}"#)
        }
        for _ in 0..<2 {
            let credential = transport.credential(options: transport.options(environment: Self.privateHost))
            _ = try await credential.token(forScopes: vaultScope)
        }
        let discovery = "GET login.private.example/common/discovery/instance"
        #expect(transport.places == [discovery] + Array(repeating: "POST login.private.example\(Self.tokenPath)", count: 2))
        let query = try #require(transport.requests.first?.url.query())
        #expect(query.contains("authorization_endpoint=https%3A%2F%2Flogin.private.example%2F\(Sample.tenantID)%2Foauth2"))
    }

    @Test func aHostThatSaysItIsNoneGetsNoSecret() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.json(#"{"error":"invalid_instance"}"#, status: 400) }
        let credential = transport.credential(options: transport.options(environment: Self.privateHost))
        for _ in 0..<2 {
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .invalidConfiguration && error.message.contains("is not well-known"))
            #expect(error.message.contains("isInstanceDiscoveryEnabled"))
        }
        #expect(transport.requests.allSatisfy { !Self.isToken($0) } && transport.requests.count == 2)
    }

    private static let silence: [TransportResponse?] = [
        nil, TransportResponse(status: 404), TransportResponse(status: 500, body: Array("<html>".utf8)),
        ScriptedTransport.json("[]"), ScriptedTransport.json("{\"error\":1}"), ScriptedTransport.json(""),
    ]

    @Test(arguments: silence.indices)
    func aHostWithoutDiscoveryIsUsed(index: Int) async throws {
        let transport = ScriptedTransport { request in
            if Self.isToken(request) { return ScriptedTransport.token }
            guard let response = Self.silence[index] else { throw TransportError(.connection, message: "reset") }
            return response
        }
        var options = transport.options(environment: Self.privateHost)
        options.retry = .none
        _ = try await transport.credential(options: options).token(forScopes: vaultScope)
        #expect(transport.places.last == "POST login.private.example\(Self.tokenPath)")
        #expect(transport.requests.allSatisfy { $0.url.host() == "login.private.example" })
    }

    @Test func discoveryCanBeTurnedOff() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        var options = transport.options(environment: Self.privateHost)
        options.isInstanceDiscoveryEnabled = false
        _ = try await transport.credential(options: options).token(forScopes: vaultScope)
        _ = try await transport.credential(tenantID: "adfs", options: transport.options(environment: Self.privateHost))
            .token(forScopes: vaultScope)
        #expect(
            transport.places == ["POST login.private.example\(Self.tokenPath)", "POST login.private.example/adfs/oauth2/token"])
    }

    private static let privateHost: EnvironmentVariables = ["AZURE_AUTHORITY_HOST": "https://login.private.example"]

    // MARK: OpenID Connect

    private func openID(_ document: TransportResponse, issuer: String = "https://contoso.ciamlogin.com/t/v2.0") async throws
        -> ScriptedTransport
    {
        let transport = ScriptedTransport { Self.isToken($0) ? ScriptedTransport.token : document }
        var options = transport.options()
        options.openIDAuthority = try OpenIDAuthority(issuer: issuer)
        let credential = transport.credential(options: options)
        _ = try await credential.token(forScopes: "api://app/.default")
        _ = try await credential.token(forScopes: "api://other/.default")
        return transport
    }

    @Test func anIssuersEndpointIsUsed() async throws {
        let transport = try await self.openID(
            ScriptedTransport.json(
                #"{"issuer":"https://contoso.ciamlogin.com/t/v2.0","token_endpoint":"https://contoso.ciamlogin.com/t/oauth2/v2.0/token"}"#
            )
        )
        let token = "POST contoso.ciamlogin.com/t/oauth2/v2.0/token"
        #expect(transport.places == ["GET contoso.ciamlogin.com/t/v2.0/.well-known/openid-configuration", token, token])
    }

    private static let badDocuments: [(document: TransportResponse, expected: String)] = [
        (
            ScriptedTransport.json(#"{"issuer":"https://evil.example","token_endpoint":"https://evil.example/token"}"#),
            "names the issuer \"https://evil.example\""
        ),
        (
            ScriptedTransport.json(
                #"{"issuer":"https://contoso.ciamlogin.com/t/v2.0/","token_endpoint":"https://h.example/token"}"#),
            "names the issuer"
        ),
        (
            ScriptedTransport.json(
                #"{"issuer":"https://contoso.ciamlogin.com/t/v2.0","token_endpoint":"http://h.example/token"}"#),
            "no https URL"
        ),
        (ScriptedTransport.json(#"{"issuer":"https://contoso.ciamlogin.com/t/v2.0"}"#), "no JSON object"),
        (ScriptedTransport.json("<html>"), "no JSON object"), (TransportResponse(status: 404), "status 404"),
        (TransportResponse(status: 302, headers: ["Location": "https://evil.example"]), "status 302"),
    ]

    @Test(arguments: badDocuments.indices)
    func aDocumentThatDoesNotMatchIsRefused(index: Int) async throws {
        let (document, expected) = Self.badDocuments[index]
        let error = try await authenticationError { try await self.openID(document) }
        #expect(error.code == .invalidConfiguration && error.message.contains(expected), "\(error)")
    }

    @Test func anIssuerHasNoOtherTenants() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        var options = transport.options(environment: ["AZURE_ADDITIONALLY_ALLOWED_TENANTS": "*"])
        options.openIDAuthority = try OpenIDAuthority(issuer: "https://issuer.example")
        let credential = transport.credential(options: options)
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        }
        #expect(error.remedy?.guide == "G48" && transport.requests.isEmpty)
    }

    // MARK: Regions

    private static let regions: [(variables: EnvironmentVariables, location: String?, host: String, metadata: Int)] = [
        (["AZURE_REGIONAL_AUTHORITY_NAME": "westeurope"], nil, "westeurope.login.microsoft.com", 0),
        (["AZURE_REGIONAL_AUTHORITY_NAME": "true", "REGION_NAME": "West US 2"], nil, "westus2.login.microsoft.com", 0),
        (["AZURE_REGIONAL_AUTHORITY_NAME": "TryAutoDetect"], "northeurope", "northeurope.login.microsoft.com", 1),
        (["AZURE_REGIONAL_AUTHORITY_NAME": "TryAutoDetect"], nil, "login.microsoftonline.com", 1),
        (["AZURE_REGIONAL_AUTHORITY_NAME": "TryAutoDetect"], "evil.example/", "login.microsoftonline.com", 1),
        (["AZURE_REGIONAL_AUTHORITY_NAME": ""], "northeurope", "login.microsoftonline.com", 0),
    ]

    @Test(arguments: regions)
    func requestsGoToTheRegion(variables: EnvironmentVariables, location: String?, host: String, metadata: Int) async throws {
        let transport = ScriptedTransport { request in
            if Self.isToken(request) { return ScriptedTransport.token }
            guard request.url.host() == "169.254.169.254", request.headers["Metadata"] == "true", let location else {
                throw TransportError(.refused, message: "nobody there")
            }
            return ScriptedTransport.json("{\"location\":\"\(location)\"}")
        }
        let credential = transport.credential(options: transport.options(environment: variables))
        _ = try await credential.token(forScopes: vaultScope)
        _ = try await credential.token(forScopes: "https://graph.microsoft.com/.default")
        let token = "POST \(host)\(Self.tokenPath)"
        let question = "GET 169.254.169.254/metadata/instance/compute"
        #expect(transport.places == Array(repeating: question, count: metadata) + [token, token])
    }
}
