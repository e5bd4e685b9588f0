// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Logging

/// What is known of a document on disk.
struct DiskCacheState: Sendable {
    /// A line for the log.
    struct Remark: Sendable {
        let level: Logger.Level
        let text: String
    }

    /// Where the document is, once that is found.
    var storage: (any PersistentStorage)?
    /// Why it is nowhere, and until when nobody looks again.
    var absence: (problem: StorageProblem, until: MonotonicTime)?
    /// The document as it was last read or written; with changes that couldn't be written, if there are any.
    private(set) var document = CacheDocument()
    /// The document without those changes.
    private var savedDocument = CacheDocument()
    private(set) var isUnsaved = false

    private var hasRead = false
    private var stamp: FileStamp?
    private var isSettled = false
    private var remarks: [Remark] = []
    private var said: Set<String> = []

    /// The storage that was found, or `nil` if it has to be looked for.
    func choice(at now: MonotonicTime) throws(StorageProblem) -> (any PersistentStorage)? {
        if let storage = self.storage { return storage }
        if let absence = self.absence, now < absence.until { throw absence.problem }
        return nil
    }

    /// Whether a document with this stamp is the one that was read. A file that had just been written when it was read may have
    /// been written once more within the same tick of the system's clock, so it is read once more.
    func isCurrent(at stamp: FileStamp?) -> Bool { self.hasRead && self.isSettled && !self.isUnsaved && stamp == self.stamp }

    /// What couldn't be written and is still to be; without what is of accounts that somebody has signed out meanwhile.
    ///
    /// - Parameter current: What is on disk now.
    func unsaved(over current: CacheDocument) -> CacheDocument? {
        guard self.isUnsaved else { return nil }
        var unsaved = self.document.subtracting(self.savedDocument)
        for home in self.savedDocument.homeAccountIDs.subtracting(current.homeAccountIDs) {
            unsaved.removeAccount(homeAccountID: home, environments: nil)
        }
        return unsaved
    }

    /// Whether nothing was written since this stamp was seen, while there are changes that couldn't be written.
    func isUnsaved(at stamp: FileStamp?) -> Bool {
        self.isUnsaved && self.hasRead && self.isSettled && stamp == self.stamp
    }

    /// Takes down what is on disk now, under what couldn't be written.
    mutating func takeUp(_ document: CacheDocument, stamp: FileStamp?, isSettled: Bool) {
        let unsaved = self.unsaved(over: document)
        self.read(document, stamp: stamp, isSettled: isSettled)
        guard let unsaved else { return }
        self.document.merge(unsaved)
        self.isUnsaved = true
    }

    /// Takes down that what is on disk can't be read any more, or is out of the way. That signs nobody out.
    mutating func lose(stamp: FileStamp?, isSettled: Bool) {
        self.dropSaved()
        self.hasRead = true
        self.stamp = stamp
        self.isSettled = isSettled
    }

    /// Forgets what was read, and keeps what couldn't be written: that somebody isn't found from now on is no sign-out, and what one place had
    /// is nothing for the next one, which may not be encrypted.
    private mutating func dropSaved() {
        self.document = self.isUnsaved ? self.document.subtracting(self.savedDocument) : CacheDocument()
        self.savedDocument = CacheDocument()
    }

    /// Takes down what is on disk now.
    mutating func read(_ document: CacheDocument, stamp: FileStamp?, isSettled: Bool) {
        self.document = document
        self.savedDocument = document
        self.isUnsaved = false
        self.hasRead = true
        self.stamp = stamp
        self.isSettled = isSettled
    }

    /// Applies a change that couldn't be written, so that this process at least goes on with it.
    mutating func keepInMemory(_ change: (inout CacheDocument) -> Void) {
        change(&self.document)
        self.isUnsaved = true
    }

    /// Removes entries from what is in memory, where there is no other place.
    mutating func removeFromMemory(_ removal: VaultRemoval) {
        removal.apply(to: &self.document)
        removal.apply(to: &self.savedDocument)
    }

    /// Lets a storage go that can't be used any more, so that it, or the next one, is looked for. What couldn't be written is kept.
    mutating func leaveStorage() {
        self.dropSaved()
        self.storage = nil
        self.hasRead = false
        self.stamp = nil
    }

    /// Puts a line by for the log, once.
    mutating func note(_ level: Logger.Level, _ text: String) {
        if self.said.count >= 100 { self.said.removeAll() }
        if self.said.insert(text).inserted { self.remarks.append(Remark(level: level, text: text)) }
    }

    mutating func takeRemarks() -> [Remark] {
        defer { self.remarks = [] }
        return self.remarks
    }
}

extension CacheDocument {
    /// Who has signed in and not out: accounts and those with refresh tokens.
    var homeAccountIDs: Set<String> { Set(self.refreshEntries.map(\.homeAccountID) + self.accounts.map(\.homeAccountID)) }
}
