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

/// The emulator's discovery, and its configuration.
@Suite struct EmulatorDiscoveryTests {
    typealias Sample = EmulatorConfiguration.Sample

    private func get(_ path: String, query: String = "", method: String = "GET") throws -> (status: Int, json: EmulatorJSON) {
        let request = EmulatorRequest(method: method, path: path, query: query, host: "localhost:8443")
        let response = EmulatorTests.core.response(to: request, at: EmulatorTests.date)
        return (response.status, try EmulatorTests.json(response))
    }

    @Test("publishes the configuration of a tenant", arguments: [Sample.tenantID, Sample.domain])
    func openIDConfiguration(tenant: String) throws {
        let (status, json) = try self.get("/\(tenant)/v2.0/.well-known/openid-configuration")
        let root = "https://localhost:8443/\(Sample.tenantID)"
        #expect(status == 200)
        #expect(json["issuer"]?.string == "\(root)/v2.0")
        #expect(json["token_endpoint"]?.string == "\(root)/oauth2/v2.0/token")
        #expect(json["authorization_endpoint"]?.string == "\(root)/oauth2/v2.0/authorize")
        #expect(json["jwks_uri"]?.string == "\(root)/discovery/v2.0/keys")
    }

    @Test func issuerOfManyTenantsIsATemplate() throws {
        let (_, json) = try self.get("/organizations/v2.0/.well-known/openid-configuration")
        #expect(json["issuer"]?.string == "https://localhost:8443/{tenantid}/v2.0")
        #expect(json["token_endpoint"]?.string == "https://localhost:8443/organizations/oauth2/v2.0/token")
    }

    @Test func publishesKeys() throws {
        let (status, json) = try self.get("/common/discovery/v2.0/keys")
        #expect(status == 200)
        #expect(json["keys"]?.elements?.first?["kid"]?.string == "stub-key")
    }

    @Test(
        "knows itself and Microsoft's hosts",
        arguments: [
            ("localhost:8443", "localhost:8443"), ("localhost", "localhost:8443"),
            ("login.microsoftonline.com", "login.microsoftonline.com"),
        ]
    )
    func knownInstance(host: String, expected: String) throws {
        let query = "authorization_endpoint=https://\(host)/contoso.example/oauth2/v2.0/authorize&api-version=1.1"
        let (status, json) = try self.get("/common/discovery/instance", query: query)
        #expect(status == 200)
        let endpoint = "https://\(expected)/contoso.example/v2.0/.well-known/openid-configuration"
        #expect(json["tenant_discovery_endpoint"]?.string == endpoint)
        #expect(json["metadata"]?.elements?.first?["aliases"]?.elements == ["localhost:8443"])
    }

    @Test(
        "refuses other instances",
        arguments: [
            ("authorization_endpoint=https://evil.example/common/oauth2/authorize&api-version=1.1", "invalid_instance", 50049),
            ("authorization_endpoint=http://localhost/common/oauth2/authorize&api-version=1.1", "invalid_instance", 50049),
            ("authorization_endpoint=nonsense&api-version=1.1", "invalid_instance", 50049),
            ("authorization_endpoint=https://localhost/common/oauth2/authorize", "invalid_request", 900144),
            ("api-version=1.1", "invalid_request", 900144),
            ("", "invalid_request", 900144),
        ]
    )
    func unknownInstance(query: String, error: String, code: Int) throws {
        let (status, json) = try self.get("/common/discovery/instance", query: query)
        #expect(status == 400)
        #expect(json["error"]?.string == error)
        #expect(json["error_codes"]?.elements == [.integer(code)])
    }

    @Test(
        "has nothing elsewhere",
        arguments: ["", "/", "/common", "/\(Sample.tenantID)/oauth2/token", "/a/b/c/d/e/f", "/%FF/oauth2/v2.0/token", "//"]
    )
    func notFound(path: String) throws {
        let (status, json) = try self.get(path)
        #expect(status == 404)
        #expect(json["error"]?.string == "not_found")
    }

    @Test("answers one method", arguments: ["/common/discovery/instance", "/common/discovery/v2.0/keys"])
    func wrongMethod(path: String) throws {
        #expect(try self.get(path, method: "POST").status == 405)
    }

    @Test func configurationSurvivesJSON() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.refreshIn = 1800
        configuration.clockOffset = .seconds(-90)
        configuration.faults = FaultScript(steps: [
            .init(.status(429, retryAfter: "2", body: "slow down"), requests: 1),
            .init(.delay(.milliseconds(1500)), duration: .seconds(3)),
            .init(.reset, endpoint: .any), .init(nil, requests: 2), .init(.garbage), .init(.endlessBody),
            .init(.truncation(afterBytes: 5)), .init(.hugeBody(bytes: 9)), .init(.slowBody(bytesPerSecond: 7)),
            .init(.clockOffset(.seconds(-60))), .init(.response(status: 200, headers: ["A": "b"], body: [0xFF])),
        ])
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: json) == configuration)
    }

    static let good = #"{"tenants":[{"id":"\#(Sample.tenantID)"}]}"#

    @Test(
        "says what is wrong with a configuration",
        arguments: [
            ("", "not valid JSON"), ("[]", "an object is expected"), (#"{"tenants":7}"#, "at tenants: an array"),
            ("{}", "\"tenants\" is missing"), (#"{"tenants":[]}"#, "no tenant"),
            (#"{"tenants":[{"id":"x"}]}"#, "\"x\" is not a GUID"),
            (#"{"tenants":[{"id":"\#(Sample.tenantID)","domain":"x"}]}"#, "at tenants[0]: \"domain\" is not known"),
            (#"{"tenants":[{"id":"\#(Sample.tenantID)"},{"id":"\#(Sample.tenantID)"}]}"#, "two tenants"),
            (#"{"tenants":[{"id":"\#(Sample.tenantID)","domains":["x"]}]}"#, "not a domain name"),
            (#"{"tenants":[{"id":"\#(Sample.tenantID)"}],"clockOffset":1e300}"#, "number of seconds"),
            (#"{"tenants":[],"faults":{"steps":[{"fault":{"kind":"delay"}}]}}"#, "\"seconds\" is missing"),
            (#"{"tenants":[],"faults":{"steps":[{"fault":{"kind":"status","status":7}}]}}"#, "200 to 999"),
            (#"{"tenants":[],"faults":{"steps":[{"requests":-1}]}}"#, "0 or more"),
        ]
    )
    func badConfiguration(json: String, message: String) throws {
        let error = try #require(throws: EmulatorConfigurationError.self) { try EmulatorConfiguration(json: json.utf8) }
        #expect(error.message.contains(message), "\(error.message)")
    }

    @Test func leavesOutWhatIsUsual() throws {
        let configuration = try EmulatorConfiguration(json: Self.good.utf8)
        #expect(configuration.tokenLifetime == 3599)
        #expect(configuration.faults == nil)
    }

    @Test func secretsOfAConfigurationDoNotShow() {
        var text = "\(EmulatorConfiguration.sample)"
        dump(EmulatorConfiguration.sample, to: &text)
        #expect(!text.contains(Sample.clientSecret))
        #expect(text.contains(Sample.clientID))
    }
}
