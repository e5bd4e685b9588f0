// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What a tool's account can be told by without asking the tool: tokens got under one fingerprint are not served under another.
struct ToolFingerprint: Sendable, Hashable {
    /// The program's path; `nil` before it was looked for.
    var executable: String?
    /// The files that change with the account; `nil` for one that isn't there.
    var files: [FileStamp?]
    /// How often the tool was caught giving tokens of another identity than before.
    var generation: UInt64

    /// Whether a change of the account would show: some file of it is there.
    var isTelling: Bool { self.files.contains { $0 != nil } }

    /// The same as text.
    var parts: [String] { ["\(self.generation)"] + self.lastingParts }

    /// What is the same in every process.
    var lastingParts: [String] {
        ["\(self.executable ?? "")"]
            + self.files.map { $0.map { "\($0.size) \($0.seconds) \($0.nanoseconds) \($0.number)" } ?? "" }
    }
}

/// Has an acquirer for the account that the tool has now: when the fingerprint changes, the old one's tokens are dropped.
final class ToolWatch: Sendable {
    /// One object, so that most calls copy one reference and a time under the lock.
    private final class Account: Sendable {
        let executable: String?
        let fingerprint: ToolFingerprint
        /// `nil`: nothing is kept, since a change of the account wouldn't show.
        let acquirer: TokenAcquirer?

        init(executable: String?, fingerprint: ToolFingerprint, acquirer: TokenAcquirer?) {
            self.executable = executable
            self.fingerprint = fingerprint
            self.acquirer = acquirer
        }
    }

    private struct Current: Sendable {
        var checked: MonotonicTime
        var account: Account
    }

    /// How long a look at the files is good for: no person and no program signs in and calls within it.
    private static let freshness = Duration.milliseconds(1)

    private let clock: any MachineClock
    private let take: @Sendable (_ executable: String?) -> ToolFingerprint
    private let make: @Sendable (ToolFingerprint) -> TokenAcquirer
    private let onChange: @Sendable () -> Void
    private let current = Locked<Current?>(nil)

    /// - Parameters:
    ///   - clock: The clock.
    ///   - take: Takes the fingerprint now.
    ///   - make: Makes the acquirer of a fingerprint.
    ///   - onChange: Told when the account has changed since the last call.
    init(
        clock: any MachineClock,
        take: @escaping @Sendable (_ executable: String?) -> ToolFingerprint,
        make: @escaping @Sendable (ToolFingerprint) -> TokenAcquirer,
        onChange: @escaping @Sendable () -> Void
    ) {
        self.clock = clock
        self.take = take
        self.make = make
        self.onChange = onChange
    }

    /// The acquirer of the account that the tool has now; `nil` where another account couldn't be noticed.
    ///
    /// - Parameter now: The time.
    func acquirer(now: MonotonicTime) -> TokenAcquirer? {
        let known = self.current.withLock { $0 }
        if let known, now - known.checked < Self.freshness { return known.account.acquirer }
        return self.acquirer(executable: known?.account.executable, now: now)
    }

    /// The same, with the program where it was found just now.
    func acquirer(executable: String) -> TokenAcquirer? { self.acquirer(executable: executable, now: self.clock.now) }

    private func acquirer(executable: String?, now: MonotonicTime) -> TokenAcquirer? {
        let fingerprint = self.take(executable)
        let made = fingerprint.isTelling ? self.make(fingerprint) : nil
        let account = Account(executable: executable, fingerprint: fingerprint, acquirer: made)
        let (acquirer, old): (TokenAcquirer?, Account?) = self.current.withLock { current in
            if let known = current {
                let isSame = known.account.fingerprint == fingerprint
                if isSame { current?.checked = max(known.checked, now) }
                // Or somebody has looked later, and knows better. Not who didn't know yet where the program is.
                if isSame || (known.checked > now && known.account.executable == executable) {
                    return (known.account.acquirer, nil)
                }
            }
            let old = current?.account
            current = Current(checked: now, account: account)
            return (made, old)
        }
        if let old, old.fingerprint.files != fingerprint.files || old.fingerprint.generation != fingerprint.generation {
            old.acquirer?.removeCachedTokens()
            self.onChange()
        }
        return acquirer
    }
}
