// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A session of a service's user, as all credentials of this process know it that share a token cache: who begins or ends it makes the
/// tokens that the others have in memory not count any more.
struct SessionMark: Sendable {
    private let tokens: TokenStore
    private let session: PartitionID
    /// Whether the user's own token is there, and not the session's key alone.
    private let isUsers: Bool

    /// `nil` for clients without a session.
    init?(_ client: UserEngine.Client, tokens: TokenStore) {
        guard let digest = client.sessionDigest else { return nil }
        self.tokens = tokens
        self.session = KeyedDigest.partition(["session", digest])
        self.isUsers = client.beginsAnew
    }

    /// The epoch whose tokens count now.
    var epoch: UInt64 { self.tokens.sessions.withLock { $0.epoch(of: self.session, isUsers: self.isUsers) } }

    /// The user has begun the session anew.
    func begin(for homeAccountID: String?) {
        guard self.isUsers else { return }
        self.tokens.sessions.withLock { $0.begin(self.session, owner: homeAccountID) }
    }

    /// The session is over.
    func end() { self.tokens.sessions.withLock { $0.end(self.session) } }
}
