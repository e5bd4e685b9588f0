// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends requests with retries, a log, a span and the headers that every request carries. The only layer that retries.
package struct HTTPPipeline: Sendable {
    private let transport: any HTTPTransport
    let clock: any MachineClock
    private let rules: RetryRules
    private let logging: LoggingOptions
    private let userAgent: String

    package init(
        transport: any HTTPTransport,
        clock: any MachineClock,
        rules: RetryRules,
        logging: LoggingOptions,
        userAgent: String
    ) {
        self.transport = transport
        self.clock = clock
        self.rules = rules
        self.logging = logging
        self.userAgent = userAgent
    }

    package init(
        transport: any HTTPTransport,
        clock: any MachineClock,
        retry: RetryOptions,
        logging: LoggingOptions,
        userAgent: String
    ) {
        let rules = RetryRules(base: retry)
        self.init(transport: transport, clock: clock, rules: rules, logging: logging, userAgent: userAgent)
    }

    /// A response, and how far the server's clock is ahead of this machine's.
    package struct Exchange: Sendable {
        package var response: TransportResponse
        /// The server's `Date` less this machine's, if the server sent one.
        package var clockSkew: Duration?
        /// How long the service wants to be left alone, if it said so.
        package var retryAfter: Duration?
        /// When the request was sent, the last time if it was sent again.
        package var sentAt: MonotonicTime
        /// How many times the request was sent again before.
        package var retryCount = 0
        /// The id that was sent as `x-ms-client-request-id`.
        package var clientRequestID: String?

        package init(response: TransportResponse, clockSkew: Duration?, retryAfter: Duration?, sentAt: MonotonicTime) {
            self.response = response
            self.clockSkew = clockSkew
            self.retryAfter = retryAfter
            self.sentAt = sentAt
        }
    }

    /// Sends a request, again if need be.
    ///
    /// - Parameters:
    ///   - request: The request; its body is sent unchanged each time. Without an `x-ms-client-request-id` it gets a random one.
    ///   - context: The caller's context, for content logging.
    ///   - deadline: When nobody waits any more; no retry reaches past it.
    ///   - beforeRetry: Gets each response or failure because of which the request will be sent again, before the wait.
    ///   - beforeAttempt: Completes the request each time it is sent, the first time too. What it throws ends the whole, without a retry.
    /// - Returns: The last response, whatever its status.
    /// - Throws: The last ``TransportError``, or `CancellationError`. A request with a ``TransportRequest/serverProof`` is not sent over a
    ///   transport that wouldn't ask the server for it.
    package func send(
        _ request: TransportRequest,
        context: TokenRequestContext,
        deadline: MonotonicTime?,
        beforeRetry: (Result<Exchange, TransportError>) -> Void = { _ in },
        beforeAttempt: nonisolated(nonsending) (inout TransportRequest) async throws -> Void = { _ in }
    ) async throws -> Exchange {
        try request.checkServerProof(over: self.transport)
        var request = request
        request.headers["User-Agent"] = self.userAgent
        if request.headers["x-ms-client-request-id"] == nil {
            request.headers["x-ms-client-request-id"] = UUID().uuidString.lowercased()
        }
        let log = ExchangeLog(options: self.logging, isContentLoggingEnabled: context.isContentLoggingEnabled)
        var plan = RetryPlan(rules: self.rules, deadline: deadline)
        while true {
            try Task.checkCancellation()
            var completed = request
            try await beforeAttempt(&completed)
            let outcome = await self.attempt(completed, retryCount: plan.retryCount, deadline: deadline, log: log)
            let decision: RetryPlan.Decision
            switch outcome {
            case .success(let exchange):
                decision = plan.next(
                    after: .response(status: exchange.response.status, retryAfter: exchange.retryAfter),
                    now: self.clock.now,
                    jitter: .random(in: 0..<1)
                )
            case .failure(let error):
                let isRetryable = (error as? TransportError)?.isRetryable ?? false
                decision = plan.next(after: .failure(isRetryable: isRetryable), now: self.clock.now, jitter: .random(in: 0..<1))
            }
            guard case .retry(let delay) = decision else { return try outcome.get() }
            switch outcome {
            case .success(let exchange): beforeRetry(.success(exchange))
            case .failure(let error as TransportError): beforeRetry(.failure(error))
            case .failure: break
            }
            Telemetry.countRetry()
            try await self.clock.sleep(for: delay)
        }
    }

    private func attempt(
        _ request: TransportRequest,
        retryCount: Int,
        deadline: MonotonicTime?,
        log: ExchangeLog
    ) async -> Result<Exchange, any Error> {
        let start = self.clock.now
        var request = request
        if let deadline { request.timeout = max(.zero, min(request.timeout, deadline - start)) }
        let outcome: Result<TransportResponse, any Error>
        do {
            outcome = .success(try Self.checked(try await self.transport.send(request), for: request))
        } catch _ where Task.isCancelled {
            return .failure(CancellationError())
        } catch let error as TransportError {
            outcome = .failure(error)
        } catch let error {
            outcome = .failure(
                TransportError(.connection, message: "The transport failed: \(type(of: error)).", underlyingError: error)
            )
        }
        log.record(request, outcome: outcome, duration: self.clock.now - start, retryCount: retryCount)
        return outcome.map { response in
            let date = self.clock.date
            var exchange = Exchange(
                response: response,
                clockSkew: response.headers["date"].flatMap(HTTPDate.parse).map { .seconds($0.timeIntervalSince(date)) },
                retryAfter: RetryAfter.delay(in: response.headers, now: date),
                sentAt: start
            )
            exchange.retryCount = retryCount
            exchange.clientRequestID = request.headers["x-ms-client-request-id"]
            return exchange
        }
    }

    /// Holds any transport, the caller's own included, to the limit on size.
    private static func checked(_ response: TransportResponse, for request: TransportRequest) throws -> TransportResponse {
        guard response.body.count <= request.maximumResponseSize else {
            throw TransportError(
                .tooLarge,
                message: "The response is larger than \(request.maximumResponseSize) bytes."
            )
        }
        return response
    }
}
