// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which tokens in memory count for the sessions of a service's users: those that were kept in the session's present epoch. Pure.
///
/// A session's epochs only rise, and none comes back: a session that is forgotten, because there are too many, gets one that nobody had.
struct SessionEpochs: Sendable {
    private struct Mark: Sendable {
        /// Since when nobody has ended the session.
        var ending: UInt64
        /// Since when the session is its owner's.
        var beginning: UInt64
        /// Who began it last, as far as this process knows.
        var owner: String?
    }

    private var sessions: LeastRecentlyUsed<PartitionID>
    /// By the positions of the sessions.
    private var marks: [Mark] = []
    private var last: UInt64 = 0

    /// - Parameter capacity: How many sessions are remembered at most.
    init(capacity: Int) { self.sessions = LeastRecentlyUsed(capacity: capacity) }

    /// The present epoch of a session.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - isUsers: Whether it is for somebody who has the user's own token, which is that user's whoever owns the session.
    mutating func epoch(of session: PartitionID, isUsers: Bool) -> UInt64 {
        let position = self.position(of: session)
        let mark = self.marks[position]
        return isUsers ? mark.ending : max(mark.ending, mark.beginning)
    }

    /// A user begins a session anew. What others got who have its key alone doesn't count any more, unless it is the same user's.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - owner: The user; `nil` if nobody knows.
    mutating func begin(_ session: PartitionID, owner: String?) {
        let position = self.position(of: session)
        guard owner == nil || self.marks[position].owner != owner else { return }
        let number = self.next()
        self.marks[position].owner = owner
        self.marks[position].beginning = number
    }

    /// Somebody ends a session: nothing that is in memory counts any more.
    mutating func end(_ session: PartitionID) {
        let position = self.position(of: session)
        let number = self.next()
        self.marks[position] = Mark(ending: number, beginning: number)
    }

    private mutating func next() -> UInt64 {
        self.last += 1
        return self.last
    }

    private mutating func position(of session: PartitionID) -> Int {
        if let position = self.sessions.position(of: session) {
            self.sessions.touch(position)
            return position
        }
        let number = self.next()
        let mark = Mark(ending: number, beginning: number)
        let position = self.sessions.add(session)
        if position == self.marks.count { self.marks.append(mark) } else { self.marks[position] = mark }
        return position
    }
}
