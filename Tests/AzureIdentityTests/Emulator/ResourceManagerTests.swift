// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The emulated resource manager: whom it answers, what it lists, and how it refuses.
@Suite struct ResourceManagerTests {
    typealias Sample = EmulatorConfiguration.Sample

    static let audience = "https://management.azure.com"

    /// A token of the emulator's, issued when the tests' clock stands at its date.
    static func token(
        audience: String = Self.audience,
        tenant: String = Sample.tenantID,
        claims: [String: EmulatorJSON] = [:],
        signer: any TokenSigner = HostRequests.SumSigner()
    ) throws -> String {
        let now = Int(HostRequests.date.timeIntervalSince1970)
        var all: [String: EmulatorJSON] = [
            "aud": .string(audience), "tid": .string(tenant), "nbf": .integer(now), "exp": .integer(now + 3599),
        ]
        for (name, value) in claims { all[name] = value }
        let members = all.filter { $0.value != .null }.map { EmulatorJSON.Member(name: $0.key, value: $0.value) }
        let keyID = try signer.keyID().map { EmulatorJSON.string($0) }
        let header = EmulatorJSON.object(["typ": "JWT", "alg": .string(signer.algorithm), "kid": keyID])
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(EmulatorJSON.object(members).bytes)
        return input + "." + Base64URL.encode(try signer.sign(Array(input.utf8)))
    }

    /// A good request; each test spoils one thing.
    static func request(_ path: String = "/subscriptions", token: String? = nil) throws -> EmulatorRequest {
        let headers: TransportHeaders = ["Authorization": "Bearer \(try token ?? Self.token())"]
        return EmulatorRequest(
            method: "GET", path: path, query: "api-version=2022-12-01", headers: headers, host: "localhost:8443")
    }

    static func answer(_ request: EmulatorRequest, core: EmulatorCore = HostRequests.core()) throws -> (Int, EmulatorJSON) {
        let response = core.response(to: request, at: HostRequests.date)
        return (response.status, try HostRequests.json(response))
    }

    // MARK: Answers

    @Test("lists the subscriptions of the token's tenant, as the public cloud's resource manager and as itself")
    func subscriptions() throws {
        for audience in ["https://management.azure.com/", "https://management.core.windows.net/", "https://localhost:8443/"] {
            let (status, json) = try Self.answer(Self.request(token: Self.token(audience: audience)))
            #expect(status == 200)
            let ids = json["value"]?.elements?.map { $0["subscriptionId"]?.string }
            #expect(ids == [Sample.subscriptionID, Sample.otherSubscriptionID])
            let first = try #require(json["value"]?.elements?.first)
            #expect(first["id"]?.string == "/subscriptions/\(Sample.subscriptionID)")
            #expect(first["tenantId"]?.string == Sample.tenantID)
            #expect(first["displayName"]?.string == "Sample subscription")
            #expect(first["state"]?.string == "Enabled")
        }
        let (_, other) = try Self.answer(Self.request(token: Self.token(tenant: Sample.otherTenantID)))
        #expect(other["value"]?.elements?.map { $0["subscriptionId"]?.string } == [Sample.otherTenantSubscriptionID])
        let (_, none) = try Self.answer(Self.request(token: Self.token(tenant: Sample.emptyTenantID)))
        #expect(none["value"]?.elements == [])
    }

    @Test func showsOneSubscriptionInAnyCase() throws {
        let (status, json) = try Self.answer(Self.request("/subscriptions/\(Sample.otherSubscriptionID.uppercased())"))
        #expect(status == 200)
        #expect(json["displayName"]?.string == "Second sample subscription")
    }

    @Test func saysInWhichStateASubscriptionIs() throws {
        let core = HostRequests.core { $0.subscriptions[0].state = .pastDue }
        let (_, json) = try Self.answer(Self.request("/subscriptions/\(Sample.subscriptionID)"), core: core)
        #expect(json["state"]?.string == "PastDue")
    }

    @Test func listsTheTokensTenant() throws {
        let (status, json) = try Self.answer(Self.request("/tenants"))
        #expect(status == 200)
        #expect(json["value"]?.elements?.map { $0["tenantId"]?.string } == [Sample.tenantID])
        #expect(json["value"]?.elements?.first?["defaultDomain"]?.string == Sample.domain)
    }

    @Test func describesTheCloudToEveryone() async throws {
        let emulator = HostRequests.emulator()
        let options = emulator.credentialOptions()
        let cloud = try await AzureCloud.described(by: "https://management.emulator.example", options: options)
        #expect(cloud.name == "emulator")
        #expect(cloud.resourceManager == "https://management.emulator.example")
        #expect(cloud.authorityHost == (try AuthorityHost("https://management.emulator.example")))
        #expect(emulator.requests.map(\.path) == ["/metadata/endpoints"])
        #expect(emulator.tokenRequestCount == 0)
    }

    @Test func takesTheTokensThatTheEmulatorIssues() async throws {
        let emulator = HostRequests.emulator()
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            clientSecret: Secret(Sample.clientSecret),
            options: emulator.credentialOptions()
        )
        let token = try await credential.token(for: TokenRequestContext(scopes: ["https://management.azure.com/.default"]))
        let url = try #require(URL(string: "https://management.azure.com/subscriptions?api-version=2022-12-01"))
        var headers: TransportHeaders = ["Authorization": "Bearer \(token.token)"]
        let listed = try await emulator.transport.send(TransportRequest(method: .get, url: url, headers: headers))
        #expect(listed.status == 200)
        headers["Authorization"] = "Bearer \(token.token)x"
        #expect(try await emulator.transport.send(TransportRequest(method: .get, url: url, headers: headers)).status == 401)
    }

    // MARK: Refusals

    /// One thing that is wrong with a request.
    struct Refused: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var status: Int
        var code: String
        var change: @Sendable (inout EmulatorRequest) throws -> Void

        init(_ name: String, _ status: Int, _ code: String, _ change: @escaping @Sendable (inout EmulatorRequest) throws -> Void)
        {
            (self.testDescription, self.status, self.code, self.change) = (name, status, code, change)
        }
    }

    private static func claims(_ claims: [String: EmulatorJSON]) -> @Sendable (inout EmulatorRequest) throws -> Void {
        { $0.headers["Authorization"] = "Bearer \(try Self.token(claims: claims))" }
    }

    private static let now = Int(HostRequests.date.timeIntervalSince1970)

    static let refused: [Refused] = [
        Refused("another method", 405, "MethodNotAllowed") { $0.method = "POST" },
        Refused("no version", 400, "MissingApiVersionParameter") { $0.query = "" },
        Refused("an empty version", 400, "MissingApiVersionParameter") { $0.query = "api-version=" },
        Refused("an unknown version", 400, "InvalidApiVersionParameter") { $0.query = "api-version=2000-01-01" },
        Refused("another parameter", 400, "InvalidRequest") { $0.query += "&top=1" },
        Refused("a parameter twice", 400, "InvalidRequest") { $0.query += "&" + $0.query },
        Refused("a broken percent sequence", 400, "InvalidRequest") { $0.query += "&a=%" },
        Refused("no token", 401, "AuthenticationFailed") { $0.headers["Authorization"] = nil },
        Refused("another scheme", 401, "AuthenticationFailed") { $0.headers["Authorization"] = "Basic eA==" },
        Refused("two tokens", 401, "AuthenticationFailed") { $0.headers.append(name: "authorization", value: "Bearer x") },
        Refused("no JWT", 401, "InvalidAuthenticationToken") { $0.headers["Authorization"] = "Bearer x" },
        Refused("an empty token", 401, "InvalidAuthenticationToken") { $0.headers["Authorization"] = "Bearer " },
        Refused("another signature", 401, "InvalidAuthenticationToken") {
            let token = try Self.token(signer: EmulatorTests.StubSigner())
            $0.headers["Authorization"] = "Bearer \(token)"
        },
        Refused("a changed claim", 401, "InvalidAuthenticationToken") {
            let parts = try [Self.token(), Self.token(tenant: Sample.otherTenantID)].map { $0.split(separator: ".") }
            $0.headers["Authorization"] = "Bearer \(parts[0][0]).\(parts[1][1]).\(parts[0][2])"
        },
        Refused("no audience", 401, "InvalidAuthenticationToken", claims(["aud": .null])),
        Refused("another audience", 401, "InvalidAuthenticationTokenAudience", claims(["aud": "https://vault.azure.net"])),
        Refused("no tenant", 401, "InvalidAuthenticationToken", claims(["tid": .null])),
        Refused("an unknown tenant", 401, "InvalidAuthenticationToken", claims(["tid": .string(Sample.clientID)])),
        Refused("expired this second", 401, "ExpiredAuthenticationToken", claims(["exp": .integer(now)])),
        Refused("expired long ago", 401, "ExpiredAuthenticationToken", claims(["exp": .integer(.min)])),
        Refused("without an end", 401, "InvalidAuthenticationToken", claims(["exp": .null])),
        Refused("not yet valid", 401, "InvalidAuthenticationToken", claims(["nbf": .integer(now + 1)])),
        Refused("an unknown subscription", 404, "SubscriptionNotFound") { $0.path = "/subscriptions/\(Sample.clientID)" },
        Refused("a subscription of another tenant", 401, "InvalidAuthenticationTokenTenant") {
            $0.path = "/subscriptions/\(Sample.otherTenantSubscriptionID)"
        },
        Refused("the cloud's description with another version", 400, "InvalidApiVersionParameter") {
            $0.path = "/metadata/endpoints"
        },
    ]

    @Test("refuses", arguments: refused)
    func refuses(_ refused: Refused) throws {
        var request = try Self.request()
        try refused.change(&request)
        let response = HostRequests.core().response(to: request, at: HostRequests.date)
        #expect(response.status == refused.status)
        let json = try HostRequests.json(response)
        #expect(json["error"]?["code"]?.string == refused.code)
        #expect(json["error"]?["message"]?.string?.isEmpty == false)
        #expect(response.headers["Allow"] == (refused.status == 405 ? "GET" : nil))
        let challenges = AuthenticationChallenge.challenges(in: response.headers.values(for: "WWW-Authenticate"))
        #expect(challenges.count == (refused.status == 401 ? 1 : 0))
        guard let challenge = challenges.first else { return }
        #expect(challenge.scheme.lowercased() == "bearer")
        #expect(challenge.parameters["error"] == "invalid_token")
        #expect(challenge.parameters["error_description"]?.isEmpty == false)
        let isOfOther = refused.code == "InvalidAuthenticationTokenTenant"
        #expect(challenge.parameters["authorization_uri"] == "https://localhost:8443/\(isOfOther ? Sample.otherTenantID : "")")
    }

    @Test(
        "has nothing at other paths",
        arguments: [
            "/Subscriptions", "/subscriptions/", "/subscriptions/x", "/tenants/", "/metadata/endpoints/", "//subscriptions",
            "/subscriptions/\(Sample.subscriptionID)/", "/subscriptions/\(Sample.subscriptionID)/resourceGroups", "/providers",
        ]
    )
    func otherPaths(path: String) throws {
        #expect(try Self.answer(Self.request(path)).0 == 404)
    }

    @Test("is not there on other listeners", arguments: [EmulatorListener.plain, .serviceFabric, .identityBinding])
    func otherListeners(listener: EmulatorListener) throws {
        var request = try Self.request()
        request.listener = listener
        #expect(try Self.answer(request).0 == 404)
    }

    @Test func playsFaultsInItsOwnForm() throws {
        let engine = HostRequests.emulator().engine
        engine.play(FaultScript(.status(429, retryAfter: "7"), target: .path("/subscriptions")))
        let response = engine.reply(to: try Self.request()).response
        #expect(response.status == 429)
        #expect(response.headers["Retry-After"] == "7")
        #expect(try HostRequests.json(response)["error"]?["code"]?.string == "TooManyRequests")
        #expect(engine.tokenRequestCount == 0)
    }

    // MARK: Configuration

    @Test func subscriptionsSurviveJSON() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.subscriptions[1].state = .pastDue
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: json) == configuration)
    }

    private static func json(_ subscription: String) -> String {
        #"{"tenants": [{"id": "\#(Sample.tenantID)"}], "subscriptions": [\#(subscription)]}"#
    }

    private static let good = #"{"id": "\#(Sample.clientID)", "name": "a", "tenantId": "\#(Sample.tenantID)"}"#

    @Test(
        "says what is wrong",
        arguments: [
            (good + "," + good, "two subscriptions have the id"), (good.replacing(#""a""#, with: #""""#), "has no name"),
            (good.replacing(#""name": "a", "#, with: ""), "\"name\" is missing"),
            (good.replacing("}", with: #","a":1}"#), "\"a\" is not known"),
            (good.replacing(Sample.clientID, with: "x"), "not a GUID"),
            (good.replacing(Sample.tenantID, with: "x"), "the id of no tenant"),
            (good.replacing("}", with: #","state":"enabled"}"#), "Enabled, Warned"),
        ]
    )
    func badConfiguration(subscription: String, message: String) throws {
        let error = try #require(throws: EmulatorConfigurationError.self) {
            try EmulatorConfiguration(json: Self.json(subscription).utf8)
        }
        #expect(error.message.contains(message), "\(error.message)")
        #expect(try EmulatorConfiguration(json: Self.json(Self.good).utf8).subscriptions.map(\.state) == [.enabled])
    }
}
