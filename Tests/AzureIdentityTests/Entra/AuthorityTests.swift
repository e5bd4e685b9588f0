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

/// Where a credential's tokens come from, as options and variables say.
@Suite struct AuthorityTests {
    private func authority(
        _ environment: EnvironmentVariables = [:],
        _ change: (inout CredentialOptions) throws -> Void = { _ in }
    ) throws -> Authority {
        var options = CredentialOptions(environment: environment)
        try change(&options)
        return try Authority(options: options, environment: environment)
    }

    @Test(
        arguments: [
            ("login.microsoftonline.com", "https://login.microsoftonline.com"),
            (" \thttps://LOGIN.example//\n", "https://login.example"), ("https://h.example:8443/", "https://h.example:8443"),
            ("h.example:8443", "https://h.example:8443"), ("https://h.example/base/", "https://h.example/base"),
        ]
    )
    func hostsAreTakenInAnyForm(text: String, expected: String) throws {
        #expect(try AuthorityHost(text).description == expected)
        #expect(try self.authority(["AZURE_AUTHORITY_HOST": text]).host.description == expected)
    }

    @Test func theOptionsWinOverTheCloudAndTheCloudOverTheVariable() throws {
        let environment: EnvironmentVariables = ["AZURE_AUTHORITY_HOST": "https://variable.example"]
        #expect(try self.authority(environment).host.description == "https://variable.example")
        #expect(try self.authority(environment) { $0.cloud = .china }.host == .china)
        let both = try self.authority(environment) {
            $0.cloud = .china
            $0.authorityHost = try AuthorityHost("https://mine.example")
        }
        #expect(both.host.description == "https://mine.example" && both.cloud == .china)
        #expect(try self.authority().cloud == .publicCloud)
    }

    private static let endpoints: [(host: String, tenant: String, region: String?, url: String, audience: String)] = [
        (
            "https://login.microsoftonline.com", "t", nil, "https://login.microsoftonline.com/t/oauth2/v2.0/token",
            "https://login.microsoftonline.com/t/oauth2/v2.0/token"
        ),
        (
            "https://login.windows.net", "t", "westeurope", "https://westeurope.login.microsoft.com/t/oauth2/v2.0/token",
            "https://login.windows.net/t/oauth2/v2.0/token"
        ),
        (
            "https://login.microsoftonline.us", "t", "usgovvirginia",
            "https://usgovvirginia.login.microsoftonline.us/t/oauth2/v2.0/token",
            "https://login.microsoftonline.us/t/oauth2/v2.0/token"
        ),
        (
            "https://adfs.contoso.example", "ADFS", "westeurope", "https://adfs.contoso.example/adfs/oauth2/token",
            "https://adfs.contoso.example/adfs/oauth2/token"
        ),
    ]

    @Test(arguments: endpoints)
    func endpointsFollowTheRules(host: String, tenant: String, region: String?, url: String, audience: String) throws {
        let authority = try self.authority { $0.authorityHost = try AuthorityHost(host) }
        let endpoint = try #require(authority.endpoint(tenantID: tenant, region: region))
        #expect(endpoint.url.absoluteString == url && endpoint.audience == audience)
        #expect(endpoint.isADFS == (tenant == "ADFS"))
        #expect(authority.endpoint(tenantID: "../x", region: region) == nil)
    }

    @Test func onlyUnknownHostsAreAskedAndOnlyInTheirOwnCloud() throws {
        let unknown = try AuthorityHost("https://login.private.example")
        for known in KnownAuthorities.clouds.keys {
            #expect(try self.authority { $0.authorityHost = try AuthorityHost(known) }.discoveryHost == nil)
        }
        #expect(try self.authority { $0.authorityHost = unknown }.discoveryHost == unknown)
        #expect(try self.authority(["AZURE_AUTHORITY_HOST": unknown.description]).discoveryHost == unknown)
        let inCloud = try self.authority {
            $0.authorityHost = unknown
            $0.cloud = .usGovernment
        }
        #expect(throws: AuthenticationError.self) {
            try self.authority {
                $0.authorityHost = .china
                $0.cloud = .usGovernment
            }
        }
        #expect(inCloud.discoveryHost == .usGovernment)
        let custom = AzureCloud(name: "Private", authorityHost: unknown)
        #expect(try self.authority { $0.cloud = custom }.discoveryHost == nil)
        let off = try self.authority {
            $0.authorityHost = unknown
            $0.isInstanceDiscoveryEnabled = false
        }
        #expect(off.discoveryHost == nil)
    }

    @Test(arguments: ["West Europe", "-eu", "eu-", "eu.evil.example", "1eu", "", String(repeating: "a", count: 64)])
    func regionsThatAreNone(name: String) throws {
        #expect(throws: AuthenticationError.self) { try RegionalAuthority(name) }
        guard !name.isEmpty else { return }
        let error = #expect(throws: AuthenticationError.self) { try self.authority(["AZURE_REGIONAL_AUTHORITY_NAME": name]) }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("AZURE_REGIONAL_AUTHORITY_NAME") == true)
    }

    @Test(arguments: ["TryAutoDetect", "tryautodetect", "TRUE"])
    func regionsToDetect(name: String) throws {
        #expect(try self.authority(["AZURE_REGIONAL_AUTHORITY_NAME": name]).region == .automatic)
    }

    @Test(
        arguments: [
            "http://issuer.example", "issuer.example", "https://user:MARKED@issuer.example", "https://issuer.example/#f", "",
            "https://issuer.example:65537", "https://issuer.example:0",
        ]
    )
    func issuersThatAreNone(issuer: String) {
        #expect(throws: AuthenticationError.self) { try OpenIDAuthority(issuer: issuer) }
        let error = #expect(throws: AuthenticationError.self) {
            try OpenIDAuthority(issuer: "https://issuer.example", configurationURL: issuer)
        }
        #expect(error?.message.contains("MARKED") == false)
    }

    @Test func aQueryBelongsToADocumentNotToAnIssuer() throws {
        #expect(throws: AuthenticationError.self) { try OpenIDAuthority(issuer: "https://issuer.example?p=x") }
        let document = "https://issuer.example/c?p=x"
        #expect(try OpenIDAuthority(issuer: "https://issuer.example", configurationURL: document).configurationURL == document)
    }

    @Test func variablesThatDoNotMatterDoNoHarm() throws {
        let environment: EnvironmentVariables = ["AZURE_AUTHORITY_HOST": "http://x", "AZURE_REGIONAL_AUTHORITY_NAME": "West US"]
        let openID = try self.authority(environment) { $0.openIDAuthority = try OpenIDAuthority(issuer: "https://i.example") }
        #expect(openID.region == nil && openID.discoveryHost == nil)
        let region: EnvironmentVariables = ["AZURE_REGIONAL_AUTHORITY_NAME": "West US"]
        let adfs = try Authority(options: CredentialOptions(), tenantID: "adfs", environment: region)
        #expect(adfs.region == nil)
    }
}

/// Which scopes belong to which cloud.
@Suite struct CloudResourcesTests {
    private static let table: [(scope: String, cloud: AzureCloud, isRefused: Bool)] = [
        ("https://management.azure.com/.default", .publicCloud, false),
        ("https://management.azure.com/.default", .usGovernment, true),
        ("https://management.core.windows.net//.default", .china, true),
        ("https://vault.usgovcloudapi.net/.default", .publicCloud, true),
        ("https://vault.usgovcloudapi.net/.default", .usGovernment, false),
        ("https://contoso.vault.azure.cn/.default", .usGovernment, true),
        ("https://vault.azure.net/.default", .bleu, false), ("https://vault.sovcloud-api.fr/.default", .bleu, false),
        ("https://vault.sovcloud-api.fr/.default", .delos, true),
        ("https://graph.microsoft.us/.default", .usGovernment, false), ("https://graph.microsoft.com/.default", .china, true),
        ("https://storage.azure.com/.default", .usGovernment, false),
        ("https://servicebus.azure.net/.default", .china, false), ("api://0000/.default", .china, false),
        ("https://notazure.us/.default", .publicCloud, false), ("User.Read", .china, false), ("", .china, false),
        ("https://VAULT.azure.net/.default", .usGovernment, true), ("https://[::1/.default", .china, false),
    ]

    @Test(arguments: table)
    func aScopeOfAnotherCloudIsRefused(scope: String, cloud: AzureCloud, isRefused: Bool) {
        let error = CloudResources.mismatch(
            scopes: ["openid", scope], cloud: cloud, authorityHost: cloud.authorityHost, credential: "C")
        #expect((error != nil) == isRefused)
        #expect(error?.code ?? .invalidConfiguration == .invalidConfiguration)
    }

    @Test func theErrorNamesTheCounterpart() {
        let error = CloudResources.mismatch(
            scopes: ["https://vault.azure.net/.default"], cloud: .usGovernment, authorityHost: .usGovernment, credential: "C")
        #expect(error?.message.contains("https://vault.usgovcloudapi.net/.default") == true)
    }

    @Test func aCloudMayAdmitAResourceOfAnother() throws {
        var cloud = AzureCloud.usGovernment
        cloud.audiences = ["https://vault.azure.net"]
        func isRefused(_ scope: String) -> Bool {
            CloudResources.mismatch(scopes: [scope], cloud: cloud, authorityHost: cloud.authorityHost, credential: "C") != nil
        }
        #expect(!isRefused("https://vault.azure.net/.default") && isRefused("https://graph.microsoft.com/.default"))
        // Azure Stack Hub that takes its users from the public cloud, and a cloud that says nothing of what it serves.
        cloud = AzureCloud(
            name: "AzureStack-User", authorityHost: .publicCloud, resourceManager: "https://management.local.example")
        #expect(!isRefused("https://vault.azure.net/.default") && !isRefused("https://management.local.example/.default"))
        cloud = AzureCloud(name: "Private", authorityHost: try AuthorityHost("login.private.example"))
        #expect(!isRefused("https://vault.azure.net/.default"))
        cloud.audiences = ["https://vault.private.example"]
        #expect(isRefused("https://vault.azure.net/.default") && !isRefused("https://vault.private.example/.default"))
    }

    @Test(arguments: [true, false])
    func nothingIsSentForAScopeOfAnotherCloud(isByVariable: Bool) async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let variables: EnvironmentVariables = ["AZURE_AUTHORITY_HOST": "login.microsoftonline.us"]
        var options = transport.options(environment: isByVariable ? variables : [:])
        if !isByVariable { options.cloud = .usGovernment }
        let credential = transport.credential(options: options)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.credential == "ClientSecretCredential")
        #expect(transport.requests.isEmpty)
        _ = try await credential.token(forScopes: "https://vault.usgovcloudapi.net/.default")
        #expect(transport.places == ["POST login.microsoftonline.us/\(Sample.tenantID)/oauth2/v2.0/token"])
    }

    @Test func anUnknownCloudGivesTokensForEverything() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        var options = transport.options()
        options.authorityHost = try AuthorityHost("https://login.private.example")
        options.isInstanceDiscoveryEnabled = false
        _ = try await transport.credential(options: options).token(forScopes: vaultScope)
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: ["https://user:MARKED@host", "https://user:MARKED@\u{301}host", "https://user:MARKED@host@\u{20dd}x"])
    func aPasswordIsNotShown(text: String) {
        #expect(!AuthorityHost.shown(text).contains("MARKED"))
    }
}
