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

/// The emulator's pure core: what it refuses, and how; what it grants.
@Suite struct EmulatorTests {
    typealias Sample = EmulatorConfiguration.Sample

    /// A request that is good as it is; each test spoils one thing.
    struct TokenRequest: Sendable {
        var tenant = Sample.tenantID
        var method = "POST"
        var contentType: String? = "application/x-www-form-urlencoded"
        var query = ""
        var body = Self.form([:])
        var headers: TransportHeaders = [:]

        static func form(_ changes: [String: String?]) -> String {
            var values: [String: String] = [
                "client_id": Sample.clientID, "client_secret": Sample.clientSecret,
                "grant_type": "client_credentials", "scope": "https://vault.azure.net/.default",
            ]
            for (name, value) in changes { values[name] = value }
            return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        }

        var emulatorRequest: EmulatorRequest {
            var headers = self.headers
            headers["Content-Type"] = self.contentType
            return EmulatorRequest(
                method: self.method,
                path: "/\(self.tenant)/oauth2/v2.0/token",
                query: self.query,
                headers: headers,
                body: Array(self.body.utf8),
                host: "localhost:8443"
            )
        }
    }

    struct StubSigner: TokenSigner {
        let algorithm = "RS256"
        func keyID() -> String? { "stub-key" }
        func sign(_ input: [UInt8]) -> [UInt8] { [1, 2, 3] }
        func publicKeys() -> [EmulatorJSON] { [.object(["kid": "stub-key"])] }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        var error: String
        var code: Int
        var request: TokenRequest
        var testDescription: String { self.name }

        init(_ name: String, _ code: Int, _ request: TokenRequest, status: Int = 400, error: String = "invalid_request") {
            (self.name, self.status, self.error, self.code, self.request) = (name, status, error, code, request)
        }
    }

    static let date = Date(timeIntervalSince1970: 1_767_225_600)
    static let core = EmulatorCore(configuration: .sample, signer: StubSigner())

    static func body(_ changes: [String: String?]) -> TokenRequest { TokenRequest(body: TokenRequest.form(changes)) }

    static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    static let refused: [Refused] = [
        Refused("wrong method", 900561, TokenRequest(method: "GET"), status: 405),
        Refused("no content type", 900144, TokenRequest(contentType: nil)),
        Refused("JSON", 900144, TokenRequest(contentType: "application/json")),
        Refused("empty body", 900144, TokenRequest(body: "")),
        Refused("broken percent sequence", 9_002_313, TokenRequest(body: TokenRequest.form([:]) + "%")),
        Refused("not UTF-8", 9_002_313, TokenRequest(body: "grant_type=%FF")),
        Refused("too large", 9_002_313, TokenRequest(body: String(repeating: "a", count: (1 << 20) + 1)), status: 413),
        Refused("query", 9_002_313, TokenRequest(query: "scope=x")),
        Refused("duplicate", 9_000_411, TokenRequest(body: TokenRequest.form([:]) + "&scope=x")),
        Refused("unknown parameter", 9_002_313, body(["resource": "x"])),
        Refused("no grant type", 900144, body(["grant_type": nil])),
        Refused("empty grant type", 900144, body(["grant_type": ""])),
        Refused("no client id", 900144, body(["client_id": nil])),
        Refused("no scope", 900144, body(["scope": nil])),
        Refused("empty scope", 900144, body(["scope": ""])),
        Refused("empty claims", 900144, body(["claims": ""])),
        Refused("empty secret", 900144, body(["client_secret": ""])),
        Refused("bad client info", 9_002_313, body(["client_info": "2"])),
        Refused("other grant", 70003, body(["grant_type": "implicit"]), error: "unsupported_grant_type"),
        Refused("scope without /.default", 1_002_012, body(["scope": "https://vault.azure.net"]), error: "invalid_scope"),
        Refused("two scopes", 70011, body(["scope": "a/.default+b/.default"]), error: "invalid_scope"),
        Refused("scope of no resource", 70011, body(["scope": "/.default"]), error: "invalid_scope"),
        Refused("claims that are no JSON", 9_000_410, body(["claims": "%7B"])),
        Refused("claims that are an array", 9_000_410, body(["claims": "[]"])),
        Refused("claims nested too deep", 9_000_410, body(["claims": String(repeating: "[", count: 10_000)])),
        Refused("unknown tenant", 90002, TokenRequest(tenant: "d0000000-0000-4000-8000-000000000009")),
        Refused("unknown domain", 90002, TokenRequest(tenant: "unknown.example")),
        Refused("malformed tenant", 900023, TokenRequest(tenant: "not-a-tenant")),
        Refused("hostile tenant", 900023, TokenRequest(tenant: "a%0D%0A%22%1B.b")),
        Refused("no tenant", 50059, TokenRequest(tenant: "common")),
        Refused("app not in tenant", 700016, TokenRequest(tenant: Sample.emptyTenantID), error: "unauthorized_client"),
        Refused("unknown app", 700016, body(["client_id": "unknown"]), error: "unauthorized_client"),
        Refused("no secret", 7_000_218, body(["client_secret": nil]), status: 401, error: "invalid_client"),
        Refused(
            "secret and assertion",
            9_002_313,
            body(["client_assertion": "x", "client_assertion_type": Self.assertionType])
        ),
        Refused("secret and type of assertion", 9_002_313, body(["client_assertion_type": Self.assertionType])),
        Refused("assertion without type", 900144, body(["client_secret": nil, "client_assertion": "x"])),
        Refused("type without assertion", 900144, body(["client_secret": nil, "client_assertion_type": Self.assertionType])),
        Refused(
            "another type of assertion",
            9_002_313,
            body(["client_secret": nil, "client_assertion": "x", "client_assertion_type": "urn:ietf:params:oauth:x"])
        ),
        Refused(
            "not a JWT",
            50027,
            body(["client_secret": nil, "client_assertion": "x", "client_assertion_type": Self.assertionType]),
            status: 401,
            error: "invalid_client"
        ),
        Refused("wrong secret", 7_000_215, body(["client_secret": "wrong"]), status: 401, error: "invalid_client"),
        Refused(
            "expired secret",
            7_000_222,
            body(["client_secret": Sample.expiredClientSecret]),
            status: 401,
            error: "invalid_client"
        ),
    ]

    static func json(_ response: EmulatorResponse) throws -> EmulatorJSON {
        try JSONDecoder().decode(EmulatorJSON.self, from: Data(response.body))
    }

    /// The claims of the token in a response.
    static func claims(_ response: EmulatorResponse) throws -> EmulatorJSON {
        let token = try #require(try Self.json(response)["access_token"]?.string)
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        let payload = try #require(Base64URL.decode(parts[1]))
        return try JSONDecoder().decode(EmulatorJSON.self, from: Data(payload))
    }

    /// What a client says of the host comes back in addresses.
    @Test(arguments: [
        ("login.test:8443", "login.test:8443"), ("[::1]:80", "[::1]:80"), ("\u{1C}127.0.0.1:40342", "localhost"),
        ("a b", "localhost"),
        ("a/b", "localhost"), ("user@host", "localhost"), ("", "localhost"), (String(repeating: "a", count: 301), "localhost"),
    ])
    func aHostThatCannotBeOneIsNone(host: String, expected: String) {
        #expect(EmulatorRequest(method: "GET", path: "/", host: host).host == expected)
    }

    @Test("refuses as Entra does", arguments: refused)
    func refuses(_ refused: Refused) throws {
        let response = Self.core.response(to: refused.request.emulatorRequest, at: Self.date)
        let json = try Self.json(response)
        #expect(response.status == refused.status)
        #expect(json["error"]?.string == refused.error)
        #expect(json["error_codes"]?.elements == [.integer(refused.code)])
        #expect(json["timestamp"]?.string == "2026-01-01 00:00:00Z")
        #expect(json["error_uri"]?.string == "https://localhost:8443/error?code=\(refused.code)")
        let traceID = try #require(json["trace_id"]?.string)
        let correlationID = try #require(json["correlation_id"]?.string)
        #expect(response.headers["x-ms-request-id"] == traceID)
        let description = try #require(json["error_description"]?.string)
        #expect(description.hasPrefix("AADSTS\(refused.code): "))
        let end = "Trace ID: \(traceID) Correlation ID: \(correlationID) Timestamp: 2026-01-01 00:00:00Z"
        #expect(description.hasSuffix(end))
        #expect(!description.contains(Sample.clientSecret))
    }

    @Test func namesWhatIsMissing() throws {
        let response = Self.core.response(to: Self.body(["scope": nil]).emulatorRequest, at: Self.date)
        #expect(try Self.json(response)["error_description"]?.string?.contains("'scope'") == true)
    }

    @Test("grants a token", arguments: [Sample.tenantID, Sample.tenantID.uppercased(), Sample.domain])
    func grants(tenant: String) throws {
        var request = TokenRequest(tenant: tenant)
        request.contentType = "application/x-www-form-urlencoded; charset=utf-8"
        let response = Self.core.response(to: request.emulatorRequest, at: Self.date)
        let json = try Self.json(response)
        #expect(response.status == 200)
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(response.headers["Cache-Control"] == "no-store, no-cache")
        #expect(response.headers["Date"] == "Thu, 01 Jan 2026 00:00:00 GMT")
        #expect(json["token_type"]?.string == "Bearer")
        #expect(json["expires_in"]?.integer == 3599)
        #expect(json["ext_expires_in"]?.integer == 3599)
        #expect(json["refresh_in"] == nil)
        let claims = try Self.claims(response)
        #expect(claims["aud"]?.string == "https://vault.azure.net")
        #expect(claims["iss"]?.string == "https://localhost:8443/\(Sample.tenantID)/v2.0")
        #expect(claims["iat"]?.integer == 1_767_225_600)
        #expect(claims["exp"]?.integer == 1_767_229_199)
        #expect(claims["tid"]?.string == Sample.tenantID)
        #expect(claims["appid"]?.string == Sample.clientID)
        #expect(claims["roles"]?.elements == ["Sample.Read"])
        #expect(claims["xms_cc"] == nil)
    }

    @Test func everyTokenIsDifferent() throws {
        let tokens = try (0..<10).map { _ in
            try Self.json(Self.core.response(to: TokenRequest().emulatorRequest, at: Self.date))["access_token"]?.string
        }
        #expect(Set(tokens).count == 10)
    }

    @Test("says CP1 if the client does", arguments: [("CP1", true), ("cp1", true), ("CP2", false)])
    func capability(value: String, isExpected: Bool) throws {
        let claims = "%7B%22access_token%22:%7B%22xms_cc%22:%7B%22values%22:[%22\(value)%22]%7D%7D%7D"
        let response = Self.core.response(to: Self.body(["claims": claims, "client_info": "1"]).emulatorRequest, at: Self.date)
        #expect(try Self.claims(response)["xms_cc"]?.elements == (isExpected ? ["CP1"] : nil))
    }

    @Test("does as configured", arguments: [(60, 30), (86_400, 43_200), (-1, nil), (.max, 0)] as [(Int, Int?)])
    func configuration(lifetime: Int, refreshIn: Int?) throws {
        var core = Self.core
        core.configuration.tokenLifetime = lifetime
        core.configuration.refreshIn = refreshIn
        let json = try Self.json(core.response(to: TokenRequest().emulatorRequest, at: Self.date))
        #expect(json["expires_in"]?.integer == lifetime)
        #expect(json["refresh_in"]?.integer == refreshIn)
    }

    @Test func echoesTheCorrelationID() throws {
        let id = "0A1B2C3D-0000-4000-8000-0123456789AB"
        var request = Self.body(["scope": nil])
        request.headers = ["client-request-id": id, "return-client-request-id": "true"]
        let response = Self.core.response(to: request.emulatorRequest, at: Self.date)
        #expect(try Self.json(response)["correlation_id"]?.string == id.lowercased())
        #expect(response.headers["client-request-id"] == id.lowercased())
        request.headers = ["client-request-id": "no GUID"]
        let other = try Self.json(Self.core.response(to: request.emulatorRequest, at: Self.date))
        #expect(other["correlation_id"]?.string.flatMap(UUID.init(uuidString:)) != nil)
    }
}
