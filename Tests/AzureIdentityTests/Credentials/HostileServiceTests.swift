// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a broken or hostile token service sends: an `AuthenticationError`, in bounded time and memory, and the next call works.
@Suite(.timeLimit(.minutes(5))) struct HostileServiceTests {
    private static let faults: [(String, EmulatorFault)] = [
        ("reset", .reset), ("truncation", .truncation(afterBytes: 10)), ("garbage", .garbage),
        ("huge", .hugeBody(bytes: 10 << 20)),
        ("slow", .slowBody(bytesPerSecond: 1)), ("endless", .endlessBody), ("empty", .response(status: 200, body: "")),
        ("html", .response(status: 200, headers: ["Content-Type": "text/html"], body: "<html>")),
        ("redirect", .response(status: 302, headers: ["Location": "https://evil.example/"], body: "")),
        ("binary", .response(status: 200, body: (0...255).map { UInt8($0) })),
        ("deep", .response(status: 200, body: String(repeating: "[", count: 500_000))),
        ("no token", .response(status: 200, body: #"{"expires_in":3600}"#)),
        ("expired", .response(status: 200, body: #"{"access_token":"t","expires_in":0}"#)),
        ("odd date", .response(status: 400, headers: ["Date": "\u{1B}[31m", "Retry-After": "-1e400"], body: #"{"error":"x"}"#)),
        ("500", .status(500)), ("501", .status(501)), ("404", .status(404)), ("418", .status(418, body: "\u{202E}teapot")),
    ]

    @Test(arguments: faults.map(\.0))
    func aFaultIsAnErrorAndIsForgotten(name: String) async throws {
        let fault = try #require(Self.faults.first { $0.0 == name }?.1)
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.play(FaultScript(steps: [.init(fault, requests: 1)]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions(retry: .none))
        let task = Task { try await authenticationError { try await credential.token(forScopes: vaultScope) } }
        // The request's limit is 30 s; the fault itself and the flight's limit sleep too.
        if ["slow", "endless"].contains(name) {
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(31))
        }
        let error = try await task.value
        #expect(error.code == .authenticationFailed, "\(error)")
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        #expect(try await credential.token(forScopes: vaultScope).source == .network)
    }

    @Test func aTransientFaultIsRetriedUntilATokenComes() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.play(FaultScript(steps: [.init(.status(503), requests: 1), .init(.reset, requests: 1)]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let task = Task { try await credential.token(forScopes: vaultScope) }
        for _ in 0..<2 {
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(3))
        }
        #expect(try await task.value.source == .network)
        #expect(emulator.tokenRequestCount == 3)
    }

    @Test func underA429OneRequestAndItsRetriesAreMade() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.play(FaultScript(steps: [.init(.status(429, retryAfter: "5"))]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let first = Task { try await authenticationError { try await credential.token(forScopes: vaultScope) } }
        for _ in 0..<3 {
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(5))
        }
        #expect(try await first.value.retryAfter == .seconds(5))
        for _ in 0..<1000 {
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.retryAfter == .seconds(5) && error.response?.status == 429)
        }
        #expect(emulator.tokenRequestCount == 4)
        let other = Task { try await authenticationError { try await credential.token(forScopes: "https://other/.default") } }
        await clock.waitForSleepers(2)
        other.cancel()
        _ = await other.result
        #expect(emulator.tokenRequestCount == 5, "another key is held back too")
    }

    @Test func aWishToBeLeftAloneOutlivesTheCallerThatHeardIt() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.play(FaultScript(steps: [.init(.status(429, retryAfter: "30"))]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let hasty = Task {
            try await authenticationError { try await credential.token(for: .init(scopes: [vaultScope], timeout: .seconds(5))) }
        }
        // The caller's patience, the flight's limit and the wait before the retry.
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(5))
        let error = try await hasty.value
        #expect(error.code == .timedOut && error.retryAfter == .seconds(25) && error.response?.status == 429)
        for _ in 0..<1000 {
            let held = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(held.retryAfter == .seconds(25))
        }
        #expect(emulator.tokenRequestCount == 1)
    }

    @Test func whoComesWhileAThrottledRequestIsTriedAgainWaitsWithTheOthers() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.play(FaultScript(steps: [.init(.status(429, retryAfter: "2"), requests: 1)]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let first = Task { try await credential.token(forScopes: vaultScope) }
        await clock.waitForSleepers(2)
        let second = Task { try await credential.token(for: .init(scopes: [vaultScope], timeout: .seconds(9))) }
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(2))
        let (one, two) = (try await first.value, try await second.value)
        #expect(one == two && emulator.tokenRequestCount == 2)
    }

    @Test func aLifetimeBeginsWithTheRequestThatBroughtTheToken() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        emulator.update { $0.tokenLifetime = 120 }
        emulator.play(FaultScript(steps: [.init(.status(503, retryAfter: "50"), requests: 3)]))
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let task = Task { try await credential.token(forScopes: vaultScope) }
        for _ in 0..<3 {
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(50))
        }
        let token = try await task.value
        #expect(token.expiresOn == clock.date.addingTimeInterval(120))
        #expect(try await credential.token(forScopes: vaultScope) == token)
    }

    @Test func theWallClockDoesNotDecideAboutExpiry() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions())
        let token = try await credential.token(forScopes: vaultScope)
        for shift in [Duration.seconds(1_000_000), .seconds(-3_000_000)] {
            clock.shiftDate(by: shift)
            #expect(try await credential.token(forScopes: vaultScope) == token)
        }
        clock.advance(by: .seconds(3599))
        #expect(try await credential.token(forScopes: vaultScope) != token)
    }

    @Test func aStrayCancellationIsAnErrorAndAForeignErrorIsWrapped() async throws {
        struct Odd: Error {}
        struct Throwing: HTTPTransport {
            let error: any Error
            func send(_ request: TransportRequest) async throws -> TransportResponse { throw self.error }
        }
        for error in [CancellationError(), Odd()] as [any Error] {
            let options = EntraEmulator().credentialOptions(transport: Throwing(error: error), retry: .none)
            let failure = try await authenticationError {
                try await Subject.clientSecret.make(options: options).token(forScopes: vaultScope)
            }
            #expect(failure.code == .authenticationFailed && failure.isRetryable)
            let caching = CachingTokenCredential { _ in throw error }
            #expect(try await authenticationError { try await caching.token(forScopes: "s") }.code == .authenticationFailed)
        }
    }

    @Test func theTimeOfTheCallerThatBeginsARequestIsNotTheOthers() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let gate = GatedTransport(emulator.transport, isOpen: false)
        let credential = Subject.caching.make(options: emulator.credentialOptions(transport: gate))
        let hasty = Task {
            try await authenticationError { try await credential.token(for: .init(scopes: [vaultScope], timeout: .seconds(1))) }
        }
        await gate.waitForArrivals(1)
        let before = clock.sleeperCount
        let patient = Task { try await credential.token(for: .init(scopes: [vaultScope], timeout: .seconds(100))) }
        await clock.waitForSleepers(before + 1)
        clock.advance(by: .seconds(2))
        #expect(try await hasty.value.code == .timedOut)
        gate.open()
        #expect(try await patient.value.source == .network)
    }

    @Test func aTokenOutlivesAnOutageOfTheService() async throws {
        let clock = VirtualClock()
        let emulator = EntraEmulator(configuration: .sample, clock: clock)
        let cache = TokenCache.inMemory
        let credential = Subject.clientSecret.make(options: emulator.credentialOptions(tokenCache: cache, retry: .none))
        let token = try await credential.token(forScopes: vaultScope)
        emulator.play(FaultScript(steps: [.init(.reset)]))
        var attempts = 0
        for _ in stride(from: 0, to: 3590, by: 10) {
            clock.advance(by: .seconds(10))
            #expect(try await credential.token(forScopes: vaultScope) == token)
            while cache.requestCount > 0 { await Task.yield() }
            attempts = emulator.tokenRequestCount - 1
        }
        #expect((5...11).contains(attempts), "\(attempts) renewals were tried in the last five minutes")
        clock.advance(by: .seconds(10))
        _ = try await authenticationError { try await credential.token(forScopes: vaultScope) }
    }
}
