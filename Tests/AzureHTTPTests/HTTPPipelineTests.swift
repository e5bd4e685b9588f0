// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HTTPPipelineTests {
    /// Answers from a list and records what it was sent.
    private final class Script: HTTPTransport {
        private let state: Locked<(outcomes: [Result<TransportResponse, TransportError>], requests: [TransportRequest])>
        init(_ outcomes: [Result<TransportResponse, TransportError>]) { self.state = Locked((outcomes, [])) }
        var requests: [TransportRequest] { self.state.withLock { $0.requests } }
        func send(_ request: TransportRequest) async throws -> TransportResponse {
            let outcome = self.state.withLock { state in
                state.requests.append(request)
                return state.outcomes.count > 1 ? state.outcomes.removeFirst() : state.outcomes[0]
            }
            return try outcome.get()
        }
    }

    private func pipeline(_ script: Script, clock: VirtualClock, retry: RetryOptions = .default) -> HTTPPipeline {
        HTTPPipeline(transport: script, clock: clock, retry: retry, logging: .init(), userAgent: "agent/1")
    }

    private func request() throws -> TransportRequest {
        TransportRequest(method: .post, url: try #require(URL(string: "https://h.example/")), body: Array("body".utf8))
    }

    private let context = TokenRequestContext(scopes: ["s"])

    @Test func sendsTheSameBodyAgainAfterTheDelay() async throws {
        let clock = VirtualClock()
        let script = Script([
            .success(.init(status: 503)), .failure(.init(.connection, message: "reset")), .success(.init(status: 200)),
        ])
        let pipeline = self.pipeline(script, clock: clock)
        let request = try self.request()
        let task = Task { try await pipeline.send(request, context: self.context, deadline: nil) }
        for delay in [1.05, 2.1] {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(delay))
        }
        #expect(try await task.value.response.status == 200)
        #expect(script.requests.count == 3)
        #expect(Set(script.requests.map(\.body)) == [Array("body".utf8)])
        #expect(Set(script.requests.map { $0.headers["x-ms-client-request-id"] }).count == 1)
        #expect(script.requests.allSatisfy { $0.headers["User-Agent"] == "agent/1" })
    }

    @Test func refusedCertificatesAreNotRetried() async throws {
        let script = Script([.failure(.init(.tls, message: "bad certificate"))])
        let pipeline = self.pipeline(script, clock: VirtualClock())
        let error = await #expect(throws: TransportError.self) {
            try await pipeline.send(try self.request(), context: self.context, deadline: nil)
        }
        #expect(error?.kind == .tls && script.requests.count == 1)
    }

    @Test func cancellationEndsTheWaitBetweenTries() async throws {
        let clock = VirtualClock()
        let script = Script([.success(.init(status: 500))])
        let pipeline = self.pipeline(script, clock: clock)
        let request = try self.request()
        let task = Task { try await pipeline.send(request, context: self.context, deadline: nil) }
        await clock.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(script.requests.count == 1)
    }

    @Test func anyTransportIsHeldToTheSizeLimit() async throws {
        let script = Script([.success(.init(status: 200, body: Array(repeating: 0x20, count: 2 << 20)))])
        let pipeline = self.pipeline(script, clock: VirtualClock())
        let error = await #expect(throws: TransportError.self) {
            try await pipeline.send(try self.request(), context: self.context, deadline: nil)
        }
        #expect(error?.kind == .tooLarge && script.requests.count == 1)
    }

    @Test func tellsTheSkewAndTheWishToBeLeftAlone() async throws {
        let clock = VirtualClock()
        let date = HTTPDate.format(clock.date.addingTimeInterval(420))
        let script = Script([.success(.init(status: 200, headers: ["Date": date, "Retry-After": "9"]))])
        let exchange = try await self.pipeline(script, clock: clock).send(
            try self.request(), context: self.context, deadline: nil)
        #expect(exchange.clockSkew == .seconds(420))
        #expect(exchange.retryAfter == .seconds(9))
    }

    @Test func anErrorOfTheTransportThatIsNotOurOwnIsWrapped() async throws {
        struct Odd: Error {}
        struct Throwing: HTTPTransport {
            func send(_ request: TransportRequest) async throws -> TransportResponse { throw Odd() }
        }
        let pipeline = HTTPPipeline(
            transport: Throwing(), clock: VirtualClock(), retry: .none, logging: .init(), userAgent: "a")
        let error = await #expect(throws: TransportError.self) {
            try await pipeline.send(try self.request(), context: self.context, deadline: nil)
        }
        #expect(error?.underlyingError is Odd)
    }
}
