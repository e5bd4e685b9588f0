// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the browser is sent first: a page of the listener, whose address says nothing, and which leads to the sign-in page.
///
/// The address of the sign-in page, with the state, the nonce and a user's name in it, would be seen by all users of the machine: in the
/// arguments of the programs that open it. This one leads there once. If it is asked for twice, one of the two isn't the person who was to
/// sign in, and knows the state by now.
final class SignInEntry: Sendable {
    private enum State: Sendable {
        case closed
        case open(URL)
        case used
    }

    /// What an entry came to.
    enum Outcome: Sendable {
        /// Leads to the sign-in page.
        case first(TransportResponse)
        /// Somebody was here before.
        case again
        /// There is no sign-in page yet.
        case tooEarly
    }

    /// The path, which can't be guessed.
    let path = "/\(RandomText.make())"
    private let state = Locked(State.closed)

    /// From now on the path leads to a page.
    func open(to page: URL) { self.state.withLock { $0 = .open(page) } }

    /// Whether somebody has been here.
    var isUsed: Bool {
        self.state.withLock { state in
            guard case .used = state else { return false }
            return true
        }
    }

    /// Somebody asks for the path.
    func enter() -> Outcome {
        self.state.withLock { state in
            switch state {
            case .closed: return .tooEarly
            case .used: return .again
            case .open(let page):
                state = .used
                return .first(Self.redirect(to: page))
            }
        }
    }

    private static func redirect(to page: URL) -> TransportResponse {
        TransportResponse(
            status: 302,
            headers: ["Location": page.absoluteString, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"]
        )
    }
}
