// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Users and policies in the emulator's configuration, and claims challenges of the resource manager.
@Suite struct PeopleConfigurationTests {
    typealias Sample = EmulatorConfiguration.Sample

    @Test("comes back from JSON as it was")
    func roundTrip() throws {
        var configuration = EmulatorConfiguration.sample
        configuration.refreshTokenLifetime = 60
        configuration.isRefreshTokenUsedOnce = true
        configuration.deviceCodeInterval = 1
        configuration.deviceCodeLifetime = 30
        configuration.accessPolicies = [
            .init(requirement: .multifactor(), resources: ["https://vault.azure.net"]),
            .init(requirement: .multifactor(maximumAge: 5)),
            .init(requirement: .signInFrequency(60), userNames: [Sample.userName]),
            .init(requirement: .authenticationContext("c1")), .init(requirement: .block),
        ]
        configuration.federation = .init(trustVersions: [.trust2005], assertionVersion: .saml2, hasMetadata: false)
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: json) == configuration)
        try EmulatorConfiguration.sample.validate()
    }

    @Test("shows no password")
    func description() {
        for user in EmulatorConfiguration.sample.tenants[0].users {
            var dump = ""
            Swift.dump(user, to: &dump)
            #expect(!"\(user) \(String(reflecting: user)) \(dump)".contains(Sample.password))
        }
    }

    @Test("refuses what can't be right")
    func validation() throws {
        let changes: [(inout EmulatorConfiguration) -> Void] = [
            { $0.tenants[0].users[0].objectID = "x" }, { $0.tenants[0].users[0].userPrincipalName = "ada" },
            { $0.tenants[0].users[0].password = "" }, { $0.tenants[0].users.append($0.tenants[0].users[0]) },
            { $0.tenants[1].users[0].homeTenantID = Sample.emptyTenantID }, { $0.tenants[1].users[0].homeTenantID = nil },
            { $0.tenants[0].applications[1].redirectURLs = ["http://localhost#x"] },
            { $0.tenants[0].applications[1].familyID = "" }, { $0.deviceCodeInterval = -1 },
            { $0.accessPolicies = [.init(id: "x", requirement: .block)] },
            { $0.accessPolicies = [.init(requirement: .signInFrequency(-1))] },
            { $0.accessPolicies = [.init(requirement: .authenticationContext(""))] },
            { $0.federation.trustVersions = [] },
        ]
        for (number, change) in changes.enumerated() {
            var configuration = EmulatorConfiguration.sample
            change(&configuration)
            #expect(throws: EmulatorConfigurationError.self, "number \(number)") { try configuration.validate() }
        }
    }

    @Test(
        "says what is wrong in JSON",
        arguments: [
            (#""users":[{"objectId":"x","userPrincipalName":"a","state":"gone"}]"#, "One of these is expected: active"),
            (#""users":[{"objectId":"x","userPrincipalName":"a","pass":"x"}]"#, "\"pass\" is not known"),
            (#""users":[{"objectId":"x"}]"#, "\"userPrincipalName\" is missing"),
        ]
    )
    func json(member: String, message: String) {
        let json = #"{"tenants":[{"id":"\#(Sample.tenantID)",\#(member)}]}"#
        let error = #expect(throws: EmulatorConfigurationError.self) { try EmulatorConfiguration(json: json.utf8) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(
        "says what is wrong with policies",
        arguments: [
            #"{"id":"x","requirement":"signInFrequency"}"#, #"{"id":"x","requirement":"block","maximumAge":1}"#,
            #"{"id":"x","requirement":"multifactor","context":"c1"}"#, #"{"id":"x","requirement":"other"}"#,
        ]
    )
    func policies(policy: String) {
        let json = #"{"tenants":[{"id":"\#(Sample.tenantID)"}],"accessPolicies":[\#(policy)]}"#
        #expect(throws: EmulatorConfigurationError.self) { try EmulatorConfiguration(json: json.utf8) }
    }

    // MARK: Claims challenges

    private static func subscriptions(_ desk: PeopleDesk, _ token: String?) throws -> EmulatorResponse {
        desk.core.response(to: try ResourceManagerTests.request(token: token), at: desk.date)
    }

    @Test("challenges clients that can handle it when a session is revoked, others not")
    func revocation() throws {
        var desk = PeopleDesk()
        let capable = #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#
        let changes: [String: String?] = ["scope": "https://management.azure.com/.default", "claims": capable]
        let first = try desk.password(Sample.userName, changes).text("access_token")
        let plain = try desk.password(Sample.userName, changes.merging(["claims": nil]) { $1 }).text("access_token")
        #expect(try Self.subscriptions(desk, first).status == 200)
        desk.date += 60
        let person = try #require(desk.core.configuration.person(named: Sample.userName, in: nil))
        desk.core.people.revokeSessions(of: person, at: desk.date)
        let response = try Self.subscriptions(desk, first)
        #expect(response.status == 401)
        let challenges = AuthenticationChallenge.challenges(in: response.headers.values(for: "WWW-Authenticate"))
        #expect(challenges.first?.parameters["error"] == "insufficient_claims")
        let claims = try #require(challenges.first?.parameters["claims"].flatMap { Base64URL.decode($0) })
        let text = String(decoding: claims, as: UTF8.self)
        #expect(text == #"{"access_token":{"nbf":{"essential":true,"value":"\#(Int(desk.date.timeIntervalSince1970))"}}}"#)
        #expect(try Self.subscriptions(desk, plain).status == 200)
        let renewed = try desk.password(Sample.userName, changes).text("access_token")
        #expect(try Self.subscriptions(desk, renewed).status == 200)
    }

    @Test("challenges clients for an authentication context")
    func context() throws {
        var desk = PeopleDesk()
        let capable = #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#
        let changes: [String: String?] = ["scope": "https://management.azure.com/.default", "claims": capable]
        let token = try desk.password(Sample.userName, changes).text("access_token")
        desk.core.configuration.accessPolicies = [
            .init(requirement: .authenticationContext("c1"), resources: ["https://management.azure.com"])
        ]
        let response = try Self.subscriptions(desk, token)
        #expect(response.status == 401)
        #expect(response.headers["WWW-Authenticate"]?.contains("insufficient_claims") == true)
    }

    // MARK: AD FS

    @Test("signs users of an AD FS in, too")
    func adfs() throws {
        var desk = PeopleDesk()
        var application = desk.core.configuration.tenants[0].applications[1]
        application.familyID = nil
        let user = EmulatorConfiguration.User(
            objectID: "b0000000-0000-4000-8000-0000000000d1",
            userPrincipalName: "local@contoso.example",
            password: Sample.password
        )
        desk.core.configuration.tenants.append(.init(id: "adfs", applications: [application], isADFS: true, users: [user]))
        try desk.core.configuration.validate()
        let path = "/adfs/oauth2/authorize"
        let query = PeopleDesk.authorization(["client_info": nil])
        let page = desk.page(path, query: query, form: PeopleDesk.credentials("local@contoso.example"))
        var form: [String: String?] = [
            "grant_type": "authorization_code", "client_id": Sample.publicClientID, "code": page.redirect["code"],
            "redirect_uri": "http://localhost:8400", "code_verifier": PeopleDesk.verifier,
            "scope": "\(PeopleDesk.vault) \(PeopleDesk.signIn)", "client_info": "1",
        ]
        let answer = try desk.post("/adfs/oauth2/token", form)
        #expect(answer.text("token_type") == "bearer")
        #expect(answer.json["client_info"] == nil)
        let identity = try answer.claims("id_token")
        #expect(identity["upn"]?.string == "local@contoso.example")
        #expect(identity["iss"]?.string == "https://localhost:8443/adfs")
        #expect(identity["tid"] == nil)
        form = [
            "grant_type": "refresh_token", "client_id": Sample.publicClientID, "refresh_token": answer.text("refresh_token"),
            "scope": PeopleDesk.vault,
        ]
        #expect(try desk.post("/adfs/oauth2/token", form).status == 200)
        #expect(try desk.refresh(answer.text("refresh_token")).code == 70000)
    }
}
