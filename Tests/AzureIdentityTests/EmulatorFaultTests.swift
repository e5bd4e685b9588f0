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

/// Fault scripts, and what they do to the emulator in memory.
/// What the emulator remembers is bounded in bytes too.
@Suite struct EmulatorRecordTests {
    @Test func largeRequestsAreForgottenSooner() {
        let emulator = EntraEmulator()
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        for _ in 0..<150 {
            _ = emulator.engine.reply(
                to: EmulatorRequest(method: "POST", path: "/nowhere", query: "", headers: [:], body: body, host: "localhost")
            )
        }
        let kept = emulator.requests.reduce(0) { $0 + $1.body.count }
        #expect(emulator.requestCount == 150 && kept > 0 && kept <= 64 << 20)
    }

    @Test func aFormOfTooManyPairsIsNone() {
        #expect(FormBody(Array(repeating: "a=b", count: 1000).joined(separator: "&").utf8)?.pairs.count == 1000)
        #expect(FormBody(Array(repeating: "a=b", count: 1001).joined(separator: "&").utf8) == nil)
    }
}

@Suite struct EmulatorFaultTests {
    typealias Sample = EmulatorConfiguration.Sample

    private let clock = VirtualClock()
    private let emulator: EntraEmulator

    init() {
        self.emulator = EntraEmulator(configuration: .sample, machineClock: self.clock, signer: EmulatorTests.StubSigner())
    }

    private static func request(
        _ path: String = "/\(Sample.tenantID)/oauth2/v2.0/token",
        scheme: String = "https",
        timeout: Duration = .seconds(30),
        maximumResponseSize: Int = 1 << 20
    ) throws -> TransportRequest {
        let isToken = path.hasSuffix("/token")
        return TransportRequest(
            method: isToken ? .post : .get,
            url: try #require(URL(string: "\(scheme)://login.microsoftonline.com\(path)")),
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: isToken ? Array(EmulatorTests.TokenRequest.form([:]).utf8) : [],
            timeout: timeout,
            maximumResponseSize: maximumResponseSize
        )
    }

    /// The kind of the transport's error.
    private func failure(_ request: TransportRequest) async -> TransportError.Kind? {
        do {
            _ = try await self.emulator.transport.send(request)
            return nil
        } catch {
            return (error as? TransportError)?.kind
        }
    }

    // MARK: The player

    @Test func countsRequests() {
        var player = FaultPlayer(
            FaultScript(steps: [.init(.reset, requests: 2), .init(nil, requests: 1), .init(.garbage, requests: 1)]),
            now: MonotonicTime(nanoseconds: 0)
        )
        let faults = (0..<5).map { _ in player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: 1)) }
        #expect(faults == [.reset, .reset, nil, .garbage, nil])
        #expect(player.isFinished)
    }

    @Test func measuresTime() {
        var player = FaultPlayer(
            FaultScript(steps: [
                .init(.reset, duration: .seconds(10)), .init(.garbage, duration: .seconds(5)), .init(.endlessBody, requests: 1),
            ]),
            now: MonotonicTime(nanoseconds: 0)
        )
        func fault(_ seconds: Int64) -> EmulatorFault? {
            player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: seconds * 1_000_000_000))
        }
        #expect(fault(0) == .reset)
        #expect(fault(9) == .reset)
        #expect(fault(10) == .garbage)
        #expect(fault(14) == .garbage)
        #expect(fault(15) == .endlessBody)
        #expect(fault(16) == nil)
    }

    @Test func stepsAreSkippedWhileNobodyAsks() {
        var player = FaultPlayer(
            FaultScript(steps: [.init(.reset, duration: .seconds(10)), .init(.garbage, duration: .seconds(5))]),
            now: MonotonicTime(nanoseconds: 0)
        )
        #expect(player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: 60_000_000_000)) == nil)
        #expect(player.isFinished)
    }

    @Test func endsWithWhicheverComesFirst() {
        let script = FaultScript(.reset, requests: 1, duration: .seconds(10))
        var player = FaultPlayer(script, now: MonotonicTime(nanoseconds: 0))
        #expect(player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: 0)) == .reset)
        #expect(player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: 1)) == nil)
        player = FaultPlayer(script, now: MonotonicTime(nanoseconds: 0))
        #expect(player.fault(isTokenRequest: true, now: MonotonicTime(nanoseconds: 10_000_000_000)) == nil)
    }

    @Test func leavesOtherRequestsAlone() {
        let start = MonotonicTime(nanoseconds: 0)
        var player = FaultPlayer(FaultScript(.reset, requests: 1), now: start)
        #expect(player.fault(isTokenRequest: false, now: start) == nil)
        #expect(player.fault(isTokenRequest: true, now: start) == .reset)
        player = FaultPlayer(FaultScript(.reset, endpoint: .any), now: start)
        #expect(player.fault(isTokenRequest: false, now: start) == .reset)
    }

    // MARK: In memory

    @Test func answersAnyHost() async throws {
        let response = try await self.emulator.transport.send(Self.request())
        #expect(response.status == 200)
        let claims = try EmulatorTests.claims(EmulatorResponse(status: 200, body: response.body))
        #expect(claims["iss"]?.string == "https://login.microsoftonline.com/\(Sample.tenantID)/v2.0")
    }

    @Test func refusesPlainHTTP() async throws {
        #expect(await self.failure(try Self.request(scheme: "http")) == .refused)
        #expect(self.emulator.requestCount == 0)
    }

    @Test(
        "fails as a client library would report it",
        arguments: [
            (.reset, .connection), (.garbage, .invalidResponse), (.truncation(afterBytes: 3), .invalidResponse),
            (.hugeBody(bytes: 10_000_000), .tooLarge), (.status(503), nil), (.hugeBody(bytes: 1 << 20), nil),
        ] as [(EmulatorFault, TransportError.Kind?)])
    func fails(fault: EmulatorFault, kind: TransportError.Kind?) async throws {
        self.emulator.play(FaultScript(fault, requests: 1))
        #expect(await self.failure(try Self.request()) == kind)
        #expect(await self.failure(try Self.request()) == nil)
        #expect(self.emulator.tokenRequestCount == 2)
    }

    @Test func boundsEveryResponse() async throws {
        #expect(await self.failure(try Self.request(maximumResponseSize: 10)) == .tooLarge)
    }

    @Test(
        "waits by the clock, at most as long as the request may take",
        arguments: [
            (.delay(.seconds(10)), 10, false), (.delay(.seconds(60)), 30, true), (.endlessBody, 30, true),
            (.slowBody(bytesPerSecond: 1), 30, true), (.slowBody(bytesPerSecond: 1_000_000), 1, false),
        ] as [(EmulatorFault, Int, Bool)])
    func waits(fault: EmulatorFault, seconds: Int, isTimeout: Bool) async throws {
        self.emulator.play(FaultScript(fault))
        let request = try Self.request()
        async let kind = self.failure(request)
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(seconds))
        #expect(await kind == (isTimeout ? .timeout : nil))
    }

    @Test func cancellationEndsAWait() async throws {
        self.emulator.play(FaultScript(.endlessBody))
        let request = try Self.request()
        let task = Task { [transport = self.emulator.transport] in try await transport.send(request) }
        await self.clock.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(self.clock.sleeperCount == 0)
    }

    @Test func repliesWithAStatus() async throws {
        self.emulator.play(
            FaultScript(steps: [
                .init(.status(429, retryAfter: "7"), requests: 1), .init(.status(502, body: "<html>proxy</html>"), requests: 1),
                .init(.response(status: 418, headers: ["X-Tea": "pot"], body: "short"), requests: 1),
            ]))
        let throttled = try await self.emulator.transport.send(Self.request())
        #expect(throttled.status == 429)
        #expect(throttled.headers["Retry-After"] == "7")
        let json = try EmulatorTests.json(EmulatorResponse(status: 429, body: throttled.body))
        #expect(json["error_codes"]?.elements == [90055])
        let proxy = try await self.emulator.transport.send(Self.request())
        #expect(proxy.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(String(decoding: proxy.body, as: UTF8.self) == "<html>proxy</html>")
        let raw = try await self.emulator.transport.send(Self.request())
        #expect(raw.status == 418)
        #expect(raw.headers["X-Tea"] == "pot")
        #expect(raw.headers["Date"] == nil)
    }

    @Test func clockMayBeWrong() async throws {
        self.emulator.update { $0.clockOffset = .seconds(60) }
        self.emulator.play(FaultScript(.clockOffset(.seconds(-3660))))
        let response = try await self.emulator.transport.send(Self.request())
        #expect(response.headers["Date"] == "Wed, 31 Dec 2025 23:00:00 GMT")
        let claims = try EmulatorTests.claims(EmulatorResponse(status: 200, body: response.body))
        #expect(claims["iat"]?.integer == 1_767_225_600 - 3600)
    }

    // MARK: Records

    @Test func recordsWhatItReceives() async throws {
        _ = try await self.emulator.transport.send(Self.request())
        let keys = "/common/discovery/v2.0/keys"
        _ = try await self.emulator.transport.send(Self.request("\(keys)?a=b%20c"))
        let requests = self.emulator.requests
        try #require(requests.count == 2)
        #expect(requests[0].form["client_secret"] == Sample.clientSecret)
        #expect(requests[0].headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(requests[0].date == self.clock.date)
        #expect(requests[1].path == keys)
        #expect(requests[1].query == ["a": "b c"])
        #expect(self.emulator.requestCount == 2)
        #expect(self.emulator.tokenRequestCount == 1)
        var text = "\(requests[0]) \(String(reflecting: requests[0]))"
        dump(requests[0], to: &text)
        #expect(!text.contains(Sample.clientSecret))
        #expect(text.contains("POST"))
    }

    @Test func recordsAreBounded() {
        let engine = EmulatorEngine(
            configuration: .sample,
            clock: self.clock,
            signer: EmulatorTests.StubSigner(),
            recordLimit: 10
        )
        for number in 1...25 { _ = engine.reply(to: EmulatorRequest(method: "GET", path: "/\(number)")) }
        #expect(engine.requests.map(\.path) == (16...25).map { "/\($0)" })
        #expect(engine.requestCount == 25)
    }

    @Test func secretsCanBeRotated() async throws {
        self.emulator.update { $0.tenants[0].applications[0].secrets = [.init(value: "another-secret")] }
        #expect(try await self.emulator.transport.send(Self.request()).status == 401)
    }
}
