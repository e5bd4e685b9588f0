// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Refresh tokens: for whom and for how long they are good.
@Suite struct PeopleRefreshTests {
    typealias Sample = EmulatorConfiguration.Sample

    @Test("are good for any scope and any tenant of the user, and renewed each time")
    func anyScope() throws {
        let desk = PeopleDesk()
        let first = try #require(try desk.password().text("refresh_token"))
        let second = try desk.refresh(first, ["scope": "https://graph.microsoft.com/.default"])
        #expect(try second.claims("access_token")["aud"]?.string == "https://graph.microsoft.com")
        #expect(second.json["id_token"] == nil)
        let renewed = try #require(second.text("refresh_token"))
        #expect(renewed != first)
        for token in [first, renewed] {
            let guest = try desk.refresh(token, tenant: Sample.otherTenantID)
            #expect(try guest.claims("access_token")["oid"]?.string == Sample.guestObjectID)
            #expect(try desk.refresh(token, tenant: "organizations").claims("access_token")["tid"]?.string == Sample.tenantID)
        }
        #expect(try desk.refresh(first, ["scope": nil]).claims("access_token")["aud"]?.string == "https://vault.azure.net")
    }

    @Test("work once only where that is wanted")
    func once() throws {
        let desk = PeopleDesk { $0.isRefreshTokenUsedOnce = true }
        let first = try desk.password().text("refresh_token")
        let second = try desk.refresh(first)
        #expect(second.status == 200)
        #expect(try desk.refresh(first).code == 70000)
        #expect(try desk.refresh(second.text("refresh_token")).status == 200)
    }

    @Test("are good for the client's family alone")
    func family() throws {
        let desk = PeopleDesk()
        let own = try desk.password()
        #expect(own.json["foci"] == nil)
        let other = try desk.refresh(own.text("refresh_token"), ["client_id": Sample.developerClientID])
        #expect(other.code == 700_007)
        #expect(other.text("suberror") == "client_mismatch")
        let developer = try desk.password(Sample.userName, ["client_id": Sample.developerClientID])
        #expect(developer.text("foci") == "1")
        let sibling = try desk.refresh(developer.text("refresh_token"), ["client_id": Sample.familyClientID])
        #expect(try sibling.claims("access_token")["appid"]?.string == Sample.familyClientID)
        #expect(try desk.refresh(developer.text("refresh_token")).code == 700_007)
    }

    @Test("expire when they lie unused")
    func expiry() throws {
        var desk = PeopleDesk { $0.refreshTokenLifetime = 3600 }
        let token = try desk.password().text("refresh_token")
        desk.date += 3600
        let renewed = try desk.refresh(token).text("refresh_token")
        desk.date += 1
        #expect(try desk.refresh(token).code == 700_082)
        #expect(try desk.refresh(renewed).status == 200)
    }

    @Test("are revoked with the user's sessions, those to come not")
    func revocation() throws {
        let desk = PeopleDesk()
        let (ada, grace) = (
            try desk.password().text("refresh_token"), try desk.password(Sample.otherUserName).text("refresh_token")
        )
        let person = try #require(desk.core.configuration.person(named: Sample.userName, in: nil))
        desk.core.people.revokeSessions(of: person, at: desk.date)
        let refused = try desk.refresh(ada)
        #expect(refused.code == 50173)
        #expect(refused.error == "invalid_grant")
        #expect(try desk.refresh(grace).status == 200)
        #expect(try desk.refresh(desk.password().text("refresh_token")).status == 200)
    }

    @Test("meet what has become of the user and of the policies")
    func changes() throws {
        var desk = PeopleDesk()
        let token = try desk.password().text("refresh_token")
        let codes: [String: Int] = [
            "disabled": 50057, "requiresMultifactor": 50076, "mustRegisterMultifactor": 50079, "requiresConsent": 65001,
        ]
        for state in EmulatorConfiguration.User.State.allCases {
            desk.core.configuration.tenants[0].users[0].state = state
            #expect(try desk.refresh(token).code == codes[state.rawValue])
        }
        desk.core.configuration.tenants[0].users[0].state = .active
        desk.core.configuration.accessPolicies = [.init(requirement: .signInFrequency(60))]
        #expect(try desk.refresh(token).status == 200)
        desk.date += 61
        let refused = try desk.refresh(token)
        #expect(refused.code == 70043)
        #expect(refused.text("suberror") == "token_expired")
        desk.core.configuration.accessPolicies = []
        desk.core.configuration.tenants[1].users = []
        #expect(try desk.refresh(token, tenant: Sample.otherTenantID).code == 50020)
    }

    @Test("are refused if they were never issued")
    func unknown() throws {
        #expect(try PeopleDesk().refresh("1.unknown").code == 70000)
        #expect(try PeopleDesk().refresh("1.unknown", tenant: "organizations").code == 70000)
        #expect(try PeopleDesk().refresh(nil).code == 900144)
    }

    @Test("keeps to its bounds, and forgets the oldest first")
    func bounds() {
        var table = BoundedTable<Int>(limit: 10)
        for number in 0..<1000 {
            table["\(number)"] = number
            if number % 3 == 0 { table["\(number)"] = nil }
        }
        // The last one was taken out again.
        #expect(table.count == 9)
        #expect(table["998"] == 998)
        #expect(table["983"] == nil)
        table["998"] = 1
        #expect(table.count == 9)
        #expect(table["998"] == 1)
    }
}
