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

/// Applications that ask on behalf of the users whose tokens they were sent.
@Suite struct PeopleOnBehalfOfTests {
    typealias Sample = EmulatorConfiguration.Sample

    private static func assertion(_ desk: PeopleDesk, _ userName: String = Sample.userName) throws -> String {
        try #require(try desk.password(userName, ["scope": Sample.applicationScope]).text("access_token"))
    }

    private static func ask(
        _ desk: PeopleDesk,
        _ assertion: String,
        _ changes: [String: String?] = [:],
        tenant: String = Sample.tenantID
    ) throws -> PeopleDesk.Answer {
        var form: [String: String?] = [
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "client_id": Sample.clientID,
            "client_secret": Sample.clientSecret, "assertion": assertion, "requested_token_use": "on_behalf_of",
            "scope": "\(PeopleDesk.vault) offline_access", "client_info": "1",
        ]
        for (name, value) in changes { form[name] = value }
        return try desk.token(form, tenant: tenant)
    }

    @Test("gets a token of the user for another resource, and a refresh token")
    func answer() throws {
        let desk = PeopleDesk()
        let answer = try Self.ask(desk, Self.assertion(desk))
        let claims = try answer.claims("access_token")
        #expect(claims["oid"]?.string == Sample.userObjectID)
        #expect(claims["appid"]?.string == Sample.clientID)
        #expect(claims["appidacr"]?.string == "1")
        #expect(claims["aud"]?.string == "https://vault.azure.net")
        let changes = ["client_id": Sample.clientID, "client_secret": Sample.clientSecret]
        #expect(try desk.refresh(answer.text("refresh_token"), changes).status == 200)
        #expect(try desk.refresh(answer.text("refresh_token"), ["client_id": Sample.clientID]).code == 7_000_218)
        #expect(try Self.ask(desk, Self.assertion(desk), tenant: "organizations").status == 200)
    }

    @Test("refuses assertions that don't fit")
    func refusals() throws {
        var desk = PeopleDesk()
        let good = try Self.assertion(desk)
        let vault = try #require(try desk.password().text("access_token"))
        let own = try desk.token([
            "grant_type": "client_credentials", "client_id": Sample.clientID, "client_secret": Sample.clientSecret,
            "scope": Sample.applicationScope,
        ])
        let parts = good.split(separator: ".")
        let cases: [(String, [String: String?], Int)] = [
            ("\(parts[0]).\(parts[1]).AAAAAAAAAAA", [:], 50013), ("x", [:], 50027), (vault, [:], 500_131),
            (own.text("access_token") ?? "", [:], 7_000_114), (good, ["requested_token_use": "x"], 9_002_313),
            (good, ["client_secret": "wrong"], 7_000_215), (good, ["client_secret": nil], 7_000_218),
            (good, ["client_id": Sample.publicClientID, "client_secret": nil], 7_000_218), (good, ["scope": nil], 900144),
        ]
        for (assertion, changes, code) in cases { #expect(try Self.ask(desk, assertion, changes).code == code) }
        #expect(try Self.ask(desk, good, tenant: Sample.otherTenantID).code == 50013)
        desk.date += 3599
        let late = try Self.ask(desk, good)
        #expect(late.code == 500_133)
        #expect(late.error == "invalid_grant")
    }

    @Test("refuses where the user would have to do something, with the claims for that")
    func interaction() throws {
        var desk = PeopleDesk()
        let good = try Self.assertion(desk)
        desk.core.configuration.accessPolicies = [
            .init(requirement: .multifactor(), resources: ["https://vault.azure.net"])
        ]
        let refused = try Self.ask(desk, good)
        #expect(refused.code == 50076)
        #expect(refused.error == "interaction_required")
        let claims = try #require(refused.text("claims"))
        // The user signs in once more, with the claims, and comes back with a better token.
        var query = PeopleDesk.authorization(["scope": Sample.applicationScope])
        query["claims"] = claims
        let page = desk.page(PeopleDesk.authorizePath, query: query, form: PeopleDesk.credentials())
        #expect(page.heading == "Approve sign-in request")
        let ticket = try #require(page.value("ticket"))
        let end = desk.page(PeopleDesk.authorizePath, query: query, form: ["action": "continue", "ticket": ticket])
        let token = try desk.redeem(end.redirect["code"], ["scope": Sample.applicationScope]).text("access_token")
        #expect(try Self.ask(desk, #require(token)).status == 200)
    }
}
