// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Who asks the service, at an even rate, whether it keeps up or not.
final class Callers: Sendable {
    private let client: HTTPClient
    private let url: String
    private let state = Mutex<(answers: [String: Int], latencies: [Double])>(([:], []))

    init(client: HTTPClient, url: String) {
        self.client = client
        self.url = url
    }

    var answers: [String: Int] { self.state.withLock { $0.answers } }
    var latencies: [Double] { self.state.withLock { $0.latencies }.sorted() }

    /// Asks once, and notes the answer.
    func ask() async {
        let start = ContinuousClock.now
        let answer: String
        do {
            let response = try await self.client.execute(HTTPClientRequest(url: self.url), timeout: .seconds(30))
            let body = try await response.body.collect(upTo: 64 << 10)
            answer = response.status == .ok && body.readableBytes == 0 ? "empty" : "\(response.status.code)"
        } catch {
            answer = "no answer"
        }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        self.state.withLock { state in
            state.answers[answer, default: 0] += 1
            state.latencies.append(milliseconds)
        }
    }

    /// Asks many times, and waits for the last answer.
    ///
    /// - Parameters:
    ///   - times: How often.
    ///   - rate: How often a second.
    /// - Returns: How long it took.
    func ask(times: Int, rate: Int) async throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingDiscardingTaskGroup { group in
            var asked = 0
            while asked < times {
                let due = min(times, Int((clock.now - start) / .seconds(1) * Double(rate)) + 1)
                for _ in asked..<max(asked, due) { group.addTask { await self.ask() } }
                asked = max(asked, due)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return clock.now - start
    }
}
