// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Where the browser's answer is waited for. The first thing that is put in counts; who comes with the same state later, as a browser does
/// whose page is loaded again, gets the same page.
final class RedirectInbox: Sendable {
    private struct State: Sendable {
        var outcome: Result<RedirectParameters, any Error>?
        var waiter: CheckedContinuation<RedirectParameters, any Error>?
        var replies: [RedirectReply] = []
        var page: TransportResponse?
    }

    private let state = Locked(State())

    /// The browser is back.
    ///
    /// - Returns: The page, if there is one already; else the reply is kept.
    func put(_ parameters: RedirectParameters, reply: RedirectReply) -> TransportResponse? {
        let page = self.state.withLock { state in
            if state.page == nil { state.replies.append(reply) }
            return state.page
        }
        self.settle(.success(parameters))
        return page
    }

    /// The browser won't be back.
    func fail(_ error: any Error) { self.settle(.failure(error)) }

    /// Waits for the browser. To be asked once.
    ///
    /// - Throws: What it was failed with, or `CancellationError`.
    func parameters() async throws -> RedirectParameters {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = self.state.withLock { state in
                    if state.outcome == nil { state.waiter = continuation }
                    return state.outcome
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            self.fail(CancellationError())
        }
    }

    /// Shows a page to all that have come.
    func answer(_ page: TransportResponse) async {
        let replies = self.state.withLock { state in
            state.page = page
            defer { state.replies = [] }
            return state.replies
        }
        for reply in replies { await reply.send(page) }
    }

    private func settle(_ outcome: Result<RedirectParameters, any Error>) {
        let waiter = self.state.withLock { state -> CheckedContinuation<RedirectParameters, any Error>? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: outcome)
    }
}
