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

/// Devices: their codes, their questions, and the page for their users.
@Suite struct PeopleDeviceTests {
    typealias Sample = EmulatorConfiguration.Sample

    private static func begin(
        _ desk: PeopleDesk,
        _ changes: [String: String?] = [:],
        tenant: String = "organizations"
    ) throws -> PeopleDesk.Answer {
        var form: [String: String?] = [
            "client_id": Sample.publicClientID, "scope": "\(PeopleDesk.vault) \(PeopleDesk.signIn)",
        ]
        for (name, value) in changes { form[name] = value }
        return try desk.post("/\(tenant)/oauth2/v2.0/devicecode", form)
    }

    private static func ask(
        _ desk: PeopleDesk,
        _ code: String?,
        _ changes: [String: String?] = [:],
        tenant: String = "organizations"
    ) throws -> PeopleDesk.Answer {
        var form: [String: String?] = [
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": Sample.publicClientID, "device_code": code,
        ]
        for (name, value) in changes { form[name] = value }
        return try desk.token(form, tenant: tenant)
    }

    /// Leads a user through the page.
    private static func enter(_ desk: PeopleDesk, _ userCode: String?, as userName: String) throws -> [String] {
        let userCode = try #require(userCode)
        var page = desk.page("/device", form: ["action": "next", "user_code": " " + userCode.lowercased()])
        var headings = [page.heading ?? ""]
        page = desk.page("/device", form: PeopleDesk.credentials(userName).merging(["user_code": userCode]) { $1 })
        while let ticket = page.value("ticket"), headings.count < 6 {
            headings.append(page.heading ?? "")
            page = desk.page("/device", form: ["action": "continue", "ticket": ticket, "user_code": userCode])
        }
        return headings + [page.heading ?? ""]
    }

    @Test("asks until the user has signed in", arguments: ["organizations", Sample.tenantID])
    func approval(tenant: String) throws {
        var desk = PeopleDesk()
        let begun = try Self.begin(desk, tenant: tenant)
        #expect(begun.text("verification_uri") == "https://localhost:8443/device")
        #expect(begun.json["expires_in"]?.integer == 900)
        #expect(begun.json["interval"]?.integer == 5)
        #expect(begun.text("message")?.contains(begun.text("user_code") ?? "-") == true)
        let code = begun.text("device_code")
        #expect(try Self.ask(desk, code, tenant: tenant).error == "authorization_pending")
        desk.date += 5
        #expect(try Self.ask(desk, code, tenant: tenant).code == 70016)
        let headings = try Self.enter(desk, begun.text("user_code"), as: Sample.multifactorUserName)
        #expect(
            headings == ["Sign in", "Approve sign-in request", "Are you trying to sign in to Sample tool?", "Signed in"])
        desk.date += 5
        let answer = try Self.ask(desk, code, ["code": code, "client_info": "1"], tenant: tenant)
        #expect(try answer.claims("access_token")["amr"] == ["pwd", "mfa"])
        #expect(answer.json["refresh_token"] != nil)
        #expect(try Self.ask(desk, code, tenant: tenant).error == "bad_verification_code")
    }

    @Test("tells impatient devices to slow down")
    func slowDown() throws {
        var desk = PeopleDesk()
        let code = try Self.begin(desk).text("device_code")
        #expect(try Self.ask(desk, code).error == "authorization_pending")
        desk.date += 4
        #expect(try Self.ask(desk, code).error == "slow_down")
        desk.date += 5
        #expect(try Self.ask(desk, code).error == "slow_down")
        desk.date += 15
        #expect(try Self.ask(desk, code).error == "authorization_pending")
    }

    @Test("ends with the code's time, and when the user cancels")
    func ends() throws {
        var desk = PeopleDesk { $0.deviceCodeLifetime = 60 }
        let (late, declined) = (try Self.begin(desk), try Self.begin(desk))
        let userCode = try #require(declined.text("user_code"))
        let page = desk.page("/device", form: ["action": "cancel", "user_code": userCode])
        #expect(page.heading == "You have cancelled.")
        #expect(try Self.ask(desk, declined.text("device_code")).error == "authorization_declined")
        desk.date += 60
        #expect(try Self.ask(desk, late.text("device_code")).error == "expired_token")
        let problem = desk.page("/device", form: ["action": "next", "user_code": late.text("user_code") ?? ""])
        #expect(problem.text.contains("That code didn&#39;t work"))
    }

    @Test("refuses what isn't right")
    func refusals() throws {
        let desk = PeopleDesk()
        #expect(try Self.begin(desk, ["scope": nil]).code == 900144)
        #expect(try Self.begin(desk, ["client_id": "x"]).code == 700_016)
        #expect(try Self.begin(desk, ["resource": "x"]).code == 9_002_313)
        #expect(try Self.begin(desk, tenant: "unknown.example").code == 90002)
        #expect(try Self.ask(desk, "x").error == "bad_verification_code")
        #expect(try Self.ask(desk, "x", ["code": "y"]).error == "bad_verification_code")
        let code = try Self.begin(desk).text("device_code")
        #expect(try Self.ask(desk, code, ["code": "y"]).code == 9_002_313)
        #expect(try Self.ask(desk, code, ["client_id": Sample.developerClientID]).code == 700_007)
    }

    @Test("takes the short name of the grant")
    func shortName() throws {
        let desk = PeopleDesk()
        let code = try Self.begin(desk).text("device_code")
        let answer = try Self.ask(desk, code, ["grant_type": "device_code", "scope": PeopleDesk.vault])
        #expect(answer.error == "authorization_pending")
    }

    @Test("approves and declines without a browser")
    func methods() throws {
        let emulator = HostRequests.emulator()
        var desk = PeopleDesk()
        desk.core = emulator.engine.now().core
        desk.date = emulator.engine.now().date
        let (first, second) = (try Self.begin(desk), try Self.begin(desk))
        try emulator.approveDeviceCode(#require(first.text("user_code")), as: Sample.consentUserName)
        try emulator.declineDeviceCode(#require(second.text("user_code")))
        #expect(try Self.ask(desk, first.text("device_code")).claims("access_token")["upn"]?.string == Sample.consentUserName)
        #expect(try Self.ask(desk, second.text("device_code")).error == "authorization_declined")
        #expect(throws: EmulatedSignInError.self) { try emulator.approveDeviceCode("NOTHING", as: Sample.userName) }
        let third = try #require(try Self.begin(desk).text("user_code"))
        #expect(throws: EmulatedSignInError.self) { try emulator.approveDeviceCode(third, as: Sample.disabledUserName) }
        #expect(emulator.requestCount == 0)
    }
}
