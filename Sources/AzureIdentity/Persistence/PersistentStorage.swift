// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Where the bytes of one cache are. Everything here may block, for some seconds at most, and nothing asks anybody.
protocol PersistentStorage: Sendable {
    /// What it is.
    var backend: PersistentTokenCacheBackend { get }

    /// Held while the bytes are read, changed and written.
    var lock: FileLock { get }

    /// Whether a changed stamp may be relied on under the lock; if not, the bytes are read anew for each change.
    var hasSafeStamp: Bool { get }

    /// Makes ready what can be.
    ///
    /// - Throws: `StorageProblem` if it can't be used here.
    func prepare() throws(StorageProblem)

    /// What tells whether the bytes are still those that were read; `nil` if nobody has written any.
    func stamp() -> FileStamp?

    /// The bytes; `nil` if there are none.
    func load() throws(StorageProblem) -> [UInt8]?

    /// Replaces the bytes, all of them or none. With the lock held.
    func save(_ bytes: [UInt8]) throws(StorageProblem)

    /// Puts bytes that can't be read out of the way, in the place of those that were put there before. With the lock held.
    ///
    /// - Returns: Where they are, for the log.
    func setAside() throws(StorageProblem) -> String

    /// Whether tokens may be here, as far as that can be seen without opening anything: also where something else keeps them today.
    var mayHoldTokens: Bool { get }

    /// Leaves nothing of the bytes. With the lock held.
    func erase() throws(StorageProblem)

    /// Whether something was put out of the way here. Looks for it itself, wherever else tokens may be; `false` where that can't be done.
    var hasSetAside: Bool { get }

    /// Leaves nothing of what was put out of the way. With the lock held.
    ///
    /// - Returns: Where it was, for the log; `nil` if there was nothing.
    func eraseSetAside() throws(StorageProblem) -> String?

    /// What whoever runs the program should know of it; `nil` if there is nothing.
    var remark: String? { get }
}

extension PersistentStorage {
    /// The most bytes that are read: what a document may have, and the encryption around it.
    static var limit: Int { 65 << 20 }
    /// How long a back end may take to answer.
    static var patience: Duration { .seconds(5) }

    var hasSafeStamp: Bool { true }
    var remark: String? { nil }
    /// Whether what is kept can't be read without a key.
    var isEncrypted: Bool { self.backend != .unencryptedFile }

    /// The directory, made and found safe, and a file in it that can be made, or is there and nobody else's business.
    func prepare(_ folder: StorageFolder, file: String) throws(StorageProblem) {
        try folder.prepare()
        let isThere = try Host.checkPrivateFile(file)
        guard isThere || folder.isWritable else {
            throw StorageProblem(.unavailable, "this process may not write to the directory of \(Host.shown(file))")
        }
    }

    /// Gives a file that can't be read another name, in the place of an earlier one.
    func setAside(_ file: String) throws(StorageProblem) -> String {
        let name = "\(file).damaged"
        try Host.renameFile(file, to: name)
        return Host.shown(name)
    }

    /// Deletes what `setAside` left of a file.
    func eraseSetAside(_ file: String) throws(StorageProblem) -> String? {
        let name = "\(file).damaged"
        return try Host.removeFile(name) ? Host.shown(name) : nil
    }

    /// Whether `setAside` has left something of a file.
    func hasSetAside(_ file: String) -> Bool { Host.stamp(ofFile: "\(file).damaged") != nil }

    /// Whether a file has anything in it.
    func isFilled(_ file: String) -> Bool { Host.stamp(ofFile: file).map { $0.size > 0 } ?? false }
}
