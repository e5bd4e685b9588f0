// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a device code answer says, and when the service is asked.
@Suite struct DeviceCodeTests {
    private static let date = Date(timeIntervalSince1970: 1_767_225_600)
    private static let whole: [String: JSONValue] = [
        "device_code": .string("MARKED-device"), "user_code": .string("ABCD-1234"),
        "verification_uri": .string("https://microsoft.com/devicelogin"), "expires_in": .integer(900), "interval": .integer(7),
        "message": .string("Open https://microsoft.com/devicelogin and enter ABCD-1234."),
    ]

    private func answer(_ change: [String: JSONValue?] = [:]) throws -> DeviceCodeAnswer {
        var members = Self.whole
        for (name, value) in change { members[name] = value }
        return try DeviceCodeAnswer(members, date: Self.date)
    }

    @Test func saysAllThatAPersonNeeds() throws {
        let answer = try self.answer()
        #expect(answer.prompt.userCode == "ABCD-1234" && answer.prompt.verificationURL == "https://microsoft.com/devicelogin")
        #expect(answer.prompt.expiresOn == Self.date.addingTimeInterval(900))
        #expect(answer.prompt.message == "Open https://microsoft.com/devicelogin and enter ABCD-1234.")
        #expect(answer.interval == .seconds(7) && answer.lifetime == .seconds(900))
        #expect(!String(reflecting: answer).contains("MARKED"))
    }

    @Test(arguments: ["device_code", "user_code", "verification_uri"])
    func cannotDoWithout(member: String) throws {
        for value in [nil, JSONValue.null, .integer(1), .string("")] as [JSONValue?] {
            #expect(throws: DeviceCodeAnswer.Problem.self) { try self.answer([member: value]) }
        }
    }

    @Test func theRestHasDefaults() throws {
        let answer = try self.answer(["expires_in": nil, "interval": nil, "message": nil])
        #expect(answer.interval == .seconds(5) && answer.lifetime == .seconds(900))
        #expect(
            answer.prompt.message.contains("https://microsoft.com/devicelogin") && answer.prompt.message.contains("ABCD-1234"))
        let other = try self.answer([
            "verification_uri": nil, "verification_url": .string("https://adfs.example/adfs/oauth2/deviceauth"),
        ])
        #expect(other.prompt.verificationURL == "https://adfs.example/adfs/oauth2/deviceauth")
    }

    @Test(arguments: [
        (JSONValue.integer(9), 9.0), (.string("9"), 9), (.string(" 9 "), 9), (.number(2.5), 2.5), (.integer(0), 1),
        (.integer(-5), 1),
        (.integer(.max), 300), (.string("1e300"), 300), (.string("soon"), 5), (.null, 5), (.bool(true), 5), (.array([]), 5),
    ])
    func intervalsAreBounded(value: JSONValue, seconds: Double) throws {
        #expect(try self.answer(["interval": value]).interval == .seconds(seconds))
    }

    @Test(arguments: [(JSONValue.integer(0), 1.0), (.string("600"), 600), (.integer(.max), 3600), (.string("never"), 900)])
    func lifetimesAreBounded(value: JSONValue, seconds: Double) throws {
        let answer = try self.answer(["expires_in": value])
        #expect(answer.lifetime == .seconds(seconds) && answer.prompt.expiresOn == Self.date.addingTimeInterval(seconds))
    }

    @Test(arguments: [
        "javascript:alert(1)", "file:///etc/passwd", "https://", "microsoft.com/devicelogin", "https://a b.example/",
        "https://evil.example/\u{1B}[2J", "https://good.example@evil.example/", "https://host.example/\"x",
    ])
    func opensWebPagesOnly(url: String) throws {
        #expect(throws: DeviceCodeAnswer.Problem.self) { try self.answer(["verification_uri": .string(url)]) }
    }

    @Test func textsAreCleaned() throws {
        let answer = try self.answer([
            "user_code": .string("AB\u{1B}[31mCD\n"), "message": .string("Enter ABCD\u{202E}\nat\u{7} MARKED-device"),
        ])
        #expect(answer.prompt.userCode == "ABCD")
        #expect(answer.prompt.message == "Enter ABCD at <redacted>")
        // What says nothing of the code is replaced.
        #expect(try self.answer(["message": .string("Call 555-0100")]).prompt.message.contains("ABCD-1234"))
    }

    @Test(arguments: ["a b", "a\nb", "ü", String(repeating: "a", count: 8193)])
    func aDeviceCodeCanBeSent(code: String) throws {
        #expect(throws: DeviceCodeAnswer.Problem.self) { try self.answer(["device_code": .string(code)]) }
    }

    // MARK: When to ask

    private func at(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: 0) + .seconds(seconds) }

    private func schedule(interval: Int = 5, expiry: Int = 900, limit: Int? = nil) -> DeviceCodeSchedule {
        DeviceCodeSchedule(interval: .seconds(interval), expiry: self.at(expiry), limit: limit.map { self.at($0) })
    }

    private func refusal(_ error: String) -> AuthenticationError {
        var failure = AuthenticationError(.authenticationFailed, credential: "X", message: "")
        failure.serviceError = .init(error: error, message: "")
        return failure
    }

    @Test func waitsBeforeTheFirstQuestion() {
        #expect(self.schedule().next(now: self.at(0)) == .ask(after: .seconds(5)))
    }

    @Test func pendingKeepsTheIntervalAndSlowDownAddsFiveSeconds() {
        var schedule = self.schedule()
        #expect(schedule.note(self.refusal("authorization_pending")) == .pending)
        #expect(schedule.next(now: self.at(5)) == .ask(after: .seconds(5)))
        #expect(schedule.note(self.refusal("slow_down")) == .pending)
        #expect(schedule.next(now: self.at(10)) == .ask(after: .seconds(10)))
        #expect(schedule.note(self.refusal("slow_down")) == .pending)
        #expect(schedule.note(self.refusal("authorization_pending")) == .pending)
        #expect(schedule.next(now: self.at(20)) == .ask(after: .seconds(15)))
    }

    @Test(arguments: [
        ("authorization_declined", DeviceCodeSchedule.Outcome.declined), ("access_denied", .declined),
        ("expired_token", .expired),
        ("code_expired", .expired), ("bad_verification_code", .failed), ("invalid_grant", .failed), ("invalid_client", .failed),
        ("", .failed),
    ])
    func endsWithWhatWillNotChange(error: String, outcome: DeviceCodeSchedule.Outcome) {
        var schedule = self.schedule()
        #expect(schedule.note(self.refusal(error)) == outcome)
    }

    @Test func theNetworkMayBeAwayForAWhile() {
        var schedule = self.schedule()
        var error = AuthenticationError(.authenticationFailed, credential: "X", message: "", isRetryable: true)
        #expect(schedule.note(error) == .pending && schedule.next(now: self.at(0)) == .ask(after: .seconds(10)))
        error.retryAfter = .seconds(30)
        #expect(schedule.note(error) == .pending && schedule.next(now: self.at(0)) == .ask(after: .seconds(30)))
        error.retryAfter = .seconds(86_400)
        #expect(schedule.note(error) == .pending && schedule.next(now: self.at(0)) == .ask(after: .seconds(60)))
        // A wait of the service's wish is for once.
        #expect(schedule.note(self.refusal("authorization_pending")) == .pending)
        #expect(schedule.next(now: self.at(0)) == .ask(after: .seconds(20)))
        #expect(schedule.note(AuthenticationError(.authenticationFailed, credential: "X", message: "")) == .failed)
        error.retryAfter = nil
        for _ in 0..<100 { #expect(schedule.note(error) == .pending) }
        #expect(schedule.next(now: self.at(0)) == .ask(after: .seconds(30)))
    }

    @Test func nobodyAsksWhenItIsTooLate() {
        #expect(self.schedule(expiry: 20).next(now: self.at(15)) == .ask(after: .seconds(5)))
        #expect(self.schedule(expiry: 20).next(now: self.at(16)) == .expired)
        #expect(self.schedule(expiry: 900, limit: 20).next(now: self.at(16)) == .timedOut)
        #expect(self.schedule(expiry: 900, limit: 20).next(now: self.at(15)) == .ask(after: .seconds(5)))
        // The code's own end comes first.
        #expect(self.schedule(expiry: 20, limit: 900).next(now: self.at(16)) == .expired)
        #expect(self.schedule(limit: 3).next(now: self.at(0)) == .timedOut)
    }
}
