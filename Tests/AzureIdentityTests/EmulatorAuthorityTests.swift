// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Authorities besides the tenants: AD FS, issuers with paths of their own, sovereign clouds, the metadata service.
@Suite struct EmulatorAuthorityTests {
    typealias Sample = EmulatorConfiguration.Sample

    static let path = "/contoso.example/sign-in/v2.0"
    static let endpoint = "/contoso.example/sign-in/oauth2/v2.0/token"

    /// The sample with an AD FS, an issuer and a metadata service.
    static var configuration: EmulatorConfiguration {
        var configuration = EmulatorConfiguration.sample
        let applications = configuration.tenants[0].applications
        configuration.tenants.append(.init(id: "adfs", applications: applications, isADFS: true))
        configuration.issuers = [.init(path: Self.path, tenantID: Sample.tenantID, tokenEndpoint: Self.endpoint)]
        configuration.metadata.region = "westeurope"
        return configuration
    }

    private static func core(_ configuration: EmulatorConfiguration = Self.configuration) -> EmulatorCore {
        EmulatorCore(configuration: configuration, signer: EmulatorTests.StubSigner())
    }

    private static func get(_ path: String, _ core: EmulatorCore = Self.core(), method: String = "GET") throws
        -> (status: Int, json: EmulatorJSON)
    {
        let response = core.response(to: EmulatorRequest(method: method, path: path, host: "sts.example"), at: EmulatorTests.date)
        return (response.status, try EmulatorTests.json(response))
    }

    private static func token(
        _ path: String,
        _ changes: [String: String?] = [:],
        _ core: EmulatorCore = Self.core()
    ) -> EmulatorResponse {
        core.response(
            to: EmulatorRequest(
                method: "POST",
                path: path,
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(EmulatorTests.TokenRequest.form(changes).utf8),
                host: "sts.example"
            ),
            at: EmulatorTests.date
        )
    }

    // MARK: AD FS

    @Test func publishesTheConfigurationOfAnADFS() throws {
        let (status, json) = try Self.get("/adfs/.well-known/openid-configuration")
        #expect(status == 200)
        #expect(json["issuer"]?.string == "https://sts.example/adfs")
        #expect(json["token_endpoint"]?.string == "https://sts.example/adfs/oauth2/token/")
        #expect(json["jwks_uri"]?.string == "https://sts.example/adfs/discovery/keys")
        #expect(try Self.get("/adfs/discovery/keys").json["keys"]?.elements?.count == 1)
    }

    @Test("grants a token as an AD FS", arguments: ["/adfs/oauth2/token", "/adfs/oauth2/token/"])
    func adfsToken(path: String) throws {
        let response = Self.token(path)
        let json = try EmulatorTests.json(response)
        #expect(response.status == 200)
        #expect(json["token_type"]?.string == "bearer")
        #expect(json["ext_expires_in"] == nil)
        let claims = try EmulatorTests.claims(response)
        #expect(claims["iss"]?.string == "http://sts.example/adfs/services/trust")
        #expect(claims["tid"] == nil)
    }

    @Test(
        "refuses as an AD FS does",
        arguments: [
            (["client_id": "unknown"], "invalid_client", "MSIS9607: "),
            (["client_secret": "wrong"], "invalid_client", "MSIS9622: "),
            (["client_secret": Sample.expiredClientSecret], "invalid_client", "MSIS9622: "),
            (["client_secret": nil], "invalid_client", "MSIS9622: "),
            (["grant_type": "implicit"], "unsupported_grant_type", "MSIS"),
            (["scope": "x"], "invalid_resource", "MSIS9602: "),
            (["scope": nil], "invalid_request", "MSIS"),
        ] as [([String: String?], String, String)]
    )
    func adfsRefusal(changes: [String: String?], error: String, prefix: String) throws {
        let response = Self.token("/adfs/oauth2/token", changes)
        let json = try EmulatorTests.json(response)
        #expect(response.status == 400)
        #expect(json["error"]?.string == error)
        #expect(json["error_description"]?.string?.hasPrefix(prefix) == true)
        guard case .object(let members) = json else { return }
        #expect(members.map(\.name).sorted() == ["error", "error_description"])
    }

    @Test(
        "has the paths of an AD FS and no others",
        arguments: [
            "/adfs/oauth2/v2.0/token", "/adfs/v2.0/.well-known/openid-configuration", "/adfs/discovery/v2.0/keys",
            "/adfs/oauth2/Token", "/adfs/",
        ]
    )
    func adfsPaths(path: String) throws {
        #expect(Self.token(path).status == 404)
    }

    @Test func withoutAnADFSThereIsNone() throws {
        let core = Self.core(.sample)
        for path in ["/adfs/oauth2/token", "/adfs/.well-known/openid-configuration", "/adfs/discovery/keys"] {
            #expect(try Self.get(path, core).status == 404)
        }
        #expect(Self.token("/adfs/oauth2/v2.0/token", [:], core).status == 400)
    }

    // MARK: Issuers

    @Test func publishesTheConfigurationOfAnIssuer() throws {
        let (status, json) = try Self.get(Self.path + "/.well-known/openid-configuration")
        #expect(status == 200)
        #expect(json["issuer"]?.string == "https://sts.example\(Self.path)")
        #expect(json["token_endpoint"]?.string == "https://sts.example\(Self.endpoint)")
        let response = Self.token(Self.endpoint)
        #expect(response.status == 200)
        #expect(try EmulatorTests.claims(response)["iss"]?.string == "https://sts.example\(Self.path)")
    }

    @Test(
        "publishes what is wrong",
        arguments: [
            (nil, "http://sts.example/token"), (nil, "https://other.example/token"), ("https://other.example", "/token"),
        ] as [(String?, String)]
    )
    func wrongIssuer(issuer: String?, endpoint: String) throws {
        var configuration = Self.configuration
        configuration.issuers[0].issuer = issuer
        configuration.issuers[0].tokenEndpoint = endpoint
        try configuration.validate()
        let (_, json) = try Self.get(Self.path + "/.well-known/openid-configuration", Self.core(configuration))
        #expect(json["issuer"]?.string == issuer ?? "https://sts.example\(Self.path)")
        #expect(json["token_endpoint"]?.string == (endpoint == "/token" ? "https://sts.example/token" : endpoint))
    }

    @Test func anIssuerTakesTheNameOfATenant() throws {
        var configuration = Self.configuration
        configuration.issuers[0].path = "/\(Sample.tenantID)/v2.0"
        configuration.issuers[0].issuer = "https://other.example"
        let core = Self.core(configuration)
        let (_, json) = try Self.get("/\(Sample.tenantID)/v2.0/.well-known/openid-configuration", core)
        #expect(json["issuer"]?.string == "https://other.example")
    }

    // MARK: Clouds

    @Test(
        "knows the sovereign clouds",
        arguments: [
            "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
            "login.partner.microsoftonline.cn", "login.chinacloudapi.cn", "login.microsoftonline.us", "login.usgovcloudapi.net",
            "login.microsoftonline.de", "login-us.microsoftonline.com", "login.sovcloud-identity.fr",
            "login.sovcloud-identity.de", "login.sovcloud-identity.sg",
        ]
    )
    func clouds(host: String) throws {
        let query = "authorization_endpoint=https://\(host)/common/oauth2/authorize&api-version=1.1"
        let request = EmulatorRequest(method: "GET", path: "/common/discovery/instance", query: query, host: host)
        let json = try EmulatorTests.json(Self.core().response(to: request, at: EmulatorTests.date))
        let metadata = try #require(json["metadata"]?.elements)
        #expect(metadata.count == 8)
        let aliases = metadata.flatMap { $0["aliases"]?.elements ?? [] }
        #expect(aliases.count { $0.string == host } == 1)
        #expect(metadata[0]["preferred_cache"]?.string == "login.windows.net")
    }

    // MARK: The metadata service

    private static func metadata(
        _ url: String = "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01",
        headers: TransportHeaders = ["Metadata": "true"],
        method: TransportRequest.Method = .get,
        asking emulator: EntraEmulator = EntraEmulator(configuration: configuration)
    ) async throws -> TransportResponse {
        let url = try #require(URL(string: url))
        return try await emulator.transport.send(TransportRequest(method: method, url: url, headers: headers))
    }

    @Test func tellsTheRegion() async throws {
        let emulator = EntraEmulator(configuration: Self.configuration)
        let response = try await Self.metadata(asking: emulator)
        #expect(response.status == 200)
        let json = try JSONDecoder().decode(EmulatorJSON.self, from: Data(response.body))
        #expect(json["location"]?.string == "westeurope")
        #expect(emulator.requests.map(\.host) == ["169.254.169.254"])
        #expect(emulator.tokenRequestCount == 0)
    }

    @Test(
        "wants its header and a version",
        arguments: [
            ("?api-version=2021-02-01", [:], 400), ("?api-version=2021-02-01", ["Metadata": "false"], 400),
            ("?api-version=2021-02-01", ["Metadata": "true", "X-Forwarded-For": "1.2.3.4"], 400),
            ("", ["Metadata": "true"], 400), ("?api-version=", ["Metadata": "true"], 400),
            ("?api-version=latest", ["Metadata": "true"], 400), ("/x?api-version=2021-02-01", ["Metadata": "true"], 404),
            ("?api-version=2021-02-01&format=text", ["Metadata": "true"], 400),
            ("?api-version=2021-02-01&format=json", ["Metadata": "true"], 200),
        ] as [(String, TransportHeaders, Int)]
    )
    func strictMetadata(end: String, headers: TransportHeaders, status: Int) async throws {
        let response = try await Self.metadata("http://169.254.169.254/metadata/instance/compute\(end)", headers: headers)
        #expect(response.status == status)
    }

    @Test(
        "is reached over http at its address alone",
        arguments: [
            "http://169.254.169.254:8080/metadata/instance/compute", "http://localhost/metadata/instance/compute",
            "http://login.microsoftonline.com/common/discovery/instance", "ftp://169.254.169.254/",
        ]
    )
    func plainAddresses(url: String) async throws {
        let error = try await #require(throws: TransportError.self) { try await Self.metadata(url) }
        #expect(error.kind == .refused)
    }

    @Test func withoutARegionItSaysNothingOfTheMachine() async throws {
        #expect(try await Self.metadata(asking: EntraEmulator()).status == 404)
    }

    @Test func whereThereIsNoServiceConnectionsFail() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        let error = try await #require(throws: TransportError.self) { try await Self.metadata(asking: emulator) }
        #expect(error.kind == .connection)
        #expect(emulator.requestCount == 0)
    }

    // MARK: Records and configuration

    @Test func recordsShowTheHost() async throws {
        let emulator = EntraEmulator()
        let url = try #require(URL(string: "https://westeurope.login.microsoft.com:8443/x"))
        _ = try await emulator.transport.send(TransportRequest(url: url))
        #expect(emulator.requests.map(\.host) == ["westeurope.login.microsoft.com:8443"])
    }
}
