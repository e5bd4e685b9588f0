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

/// Users' names and passwords at the token endpoint: what the answer has, and who gets none.
@Suite struct PeoplePasswordTests {
    typealias Sample = EmulatorConfiguration.Sample

    @Test("answers with a token, an id token, a refresh token and the account")
    func answer() throws {
        let answer = try PeopleDesk { $0.refreshIn = 1800 }.password()
        #expect(answer.status == 200)
        guard case .object(let members) = answer.json else { return }
        let names = [
            "token_type", "scope", "expires_in", "ext_expires_in", "refresh_in", "access_token", "refresh_token", "id_token",
            "client_info",
        ]
        #expect(Set(members.map(\.name)) == Set(names))
        #expect(answer.text("scope") == "https://vault.azure.net/user_impersonation https://vault.azure.net/.default")
        let info = try #require(answer.text("client_info").flatMap { Base64URL.decodeExactly($0) })
        #expect(String(decoding: info, as: UTF8.self) == #"{"uid":"\#(Sample.userObjectID)","utid":"\#(Sample.tenantID)"}"#)
        let token = try answer.claims("access_token")
        #expect(token["aud"]?.string == "https://vault.azure.net")
        #expect(token["scp"]?.string == "user_impersonation")
        #expect(token["oid"]?.string == Sample.userObjectID)
        #expect(token["upn"]?.string == Sample.userName)
        #expect(token["appidacr"]?.string == "0")
        let identity = try answer.claims("id_token")
        #expect(identity["aud"]?.string == Sample.publicClientID)
        #expect(identity["iss"]?.string == "https://localhost:8443/\(Sample.tenantID)/v2.0")
        #expect(identity["preferred_username"]?.string == Sample.userName)
        #expect(identity["tid"]?.string == Sample.tenantID)
        #expect(identity["sub"]?.string == token["sub"]?.string)
    }

    @Test("leaves away what isn't asked for")
    func little() throws {
        let answer = try PeopleDesk().password(Sample.userName, ["scope": "User.Read openid", "client_info": nil])
        #expect(answer.text("scope") == "User.Read openid")
        #expect(answer.json["refresh_token"] == nil)
        #expect(answer.json["client_info"] == nil)
        let identity = try answer.claims("id_token")
        #expect(identity["preferred_username"] == nil)
        #expect(identity["name"] == nil)
    }

    @Test(
        "finds the tenant by the user's name",
        arguments: ["organizations", "common", "contoso.example", Sample.tenantID]
    )
    func tenants(name: String) throws {
        #expect(try PeopleDesk().password(tenant: name).claims("access_token")["tid"]?.string == Sample.tenantID)
    }

    @Test("knows a guest by the account at home")
    func guest() throws {
        let answer = try PeopleDesk().password(tenant: Sample.otherTenantID)
        #expect(try answer.claims("access_token")["tid"]?.string == Sample.otherTenantID)
        #expect(try answer.claims("access_token")["oid"]?.string == Sample.guestObjectID)
        let info = answer.text("client_info").flatMap { Base64URL.decodeExactly($0) } ?? []
        #expect(String(decoding: info, as: UTF8.self).contains(Sample.tenantID))
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var userName = Sample.userName
        var changes: [String: String?] = [:]
        var tenant = Sample.tenantID
        var code: Int
        var error = "invalid_grant"
        var testDescription: String { "\(self.code) \(self.userName) \(self.changes.keys.joined())" }
    }

    @Test(
        "refuses",
        arguments: [
            Refused(changes: ["password": "wrong"], code: 50126),
            Refused(userName: "nobody@contoso.example", code: 50034),
            Refused(userName: "nobody@contoso.example", tenant: "organizations", code: 50034),
            Refused(userName: Sample.otherUserName, tenant: Sample.otherTenantID, code: 50034),
            Refused(userName: Sample.multifactorUserName, code: 50076, error: "interaction_required"),
            Refused(userName: Sample.registrationUserName, code: 50079, error: "interaction_required"),
            Refused(userName: Sample.expiredPasswordUserName, code: 50055),
            Refused(userName: Sample.disabledUserName, code: 50057),
            Refused(userName: Sample.disabledUserName, changes: ["password": "wrong"], code: 50126),
            Refused(userName: Sample.lockedUserName, code: 50053),
            Refused(userName: Sample.consentUserName, code: 65001),
            Refused(userName: Sample.federatedUserName, code: 50126),
            Refused(tenant: "consumers", code: 50059, error: "invalid_request"),
            Refused(changes: ["scope": nil], code: 900144, error: "invalid_request"),
            Refused(changes: ["username": ""], code: 900144, error: "invalid_request"),
            Refused(changes: ["device": "x"], code: 9_002_313, error: "invalid_request"),
            Refused(changes: ["client_info": "2"], code: 9_002_313, error: "invalid_request"),
            Refused(changes: ["scope": "a/b c/d"], code: 28000, error: "invalid_scope"),
            Refused(changes: ["scope": "a/.default a/b"], code: 70011, error: "invalid_scope"),
            Refused(changes: ["scope": ".default"], code: 70011, error: "invalid_scope"),
            Refused(changes: ["client_secret": "x"], code: 700_025, error: "invalid_client"),
            Refused(changes: ["client_id": Sample.clientID], code: 7_000_218, error: "invalid_client"),
        ]
    )
    func refusal(_ refused: Refused) throws {
        let answer = try PeopleDesk().password(refused.userName, refused.changes, tenant: refused.tenant)
        #expect(answer.code == refused.code)
        #expect(answer.error == refused.error)
        #expect(answer.status == (refused.error == "invalid_client" ? 401 : 400))
        #expect(answer.text("error_description")?.contains("@") == false)
    }

    @Test("tells the claims that a second factor needs, and what consent needs")
    func demands() throws {
        let desk = PeopleDesk()
        let factor = try desk.password(Sample.multifactorUserName)
        #expect(factor.text("suberror") == "basic_action")
        #expect(factor.text("claims")?.hasPrefix(#"{"access_token":{"capolids":{"essential":true,"values":["#) == true)
        #expect(try desk.password(Sample.consentUserName).text("suberror") == "consent_required")
        #expect(try desk.password(Sample.expiredPasswordUserName).text("suberror") == "user_password_expired")
    }

    struct Policy: Sendable {
        var requirement: EmulatorConfiguration.AccessPolicy.Requirement
        var code: Int?
        var resources: [String] = []
        var userNames: [String] = []
        var claims: String?
    }

    @Test(
        "keeps to policies",
        arguments: [
            Policy(requirement: .multifactor(), code: 50076), Policy(requirement: .block, code: 53003),
            Policy(requirement: .authenticationContext("c1"), code: 50076),
            Policy(requirement: .multifactor(), code: 50076, resources: ["https://vault.azure.net/"]),
            Policy(requirement: .multifactor(), code: nil, resources: ["https://storage.azure.com"]),
            Policy(requirement: .multifactor(), code: 50076, userNames: ["ADA@contoso.example"]),
            Policy(requirement: .multifactor(), code: nil, userNames: [Sample.otherUserName]),
            Policy(requirement: .signInFrequency(60), code: nil),
        ]
    )
    func policies(_ policy: Policy) throws {
        let desk = PeopleDesk {
            $0.accessPolicies = [
                .init(requirement: policy.requirement, resources: policy.resources, userNames: policy.userNames)
            ]
        }
        #expect(try desk.password().code == policy.code)
    }

    @Test("names the context that a policy wants")
    func context() throws {
        let desk = PeopleDesk { $0.accessPolicies = [.init(requirement: .authenticationContext("c1"))] }
        #expect(try desk.password().text("claims") == #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#)
    }

    @Test("says that a client can handle challenges, and refuses claims that are none")
    func claims() throws {
        let claims = #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        let answer = try PeopleDesk().password(Sample.userName, ["claims": claims])
        #expect(try answer.claims("access_token")["xms_cc"] == ["CP1"])
        #expect(try PeopleDesk().password(Sample.userName, ["claims": "{"]).code == 9_000_410)
        let demand = #"{"access_token":{"capolids":{"essential":true,"values":["x"]}}}"#
        #expect(try PeopleDesk().password(Sample.userName, ["claims": demand]).code == 50076)
    }
}
