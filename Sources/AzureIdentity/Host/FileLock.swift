// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if !os(Windows)
/// A lock between processes, and between the parts of one, by two files.
///
/// The first is the system's lock (`flock`), which ends with the process that has it. The second, for others who don't know the
/// first, is there as long as the lock is held, and says who holds it: `<process id> <program> flock`. One whose owner is dead is
/// removed; so is one with the last word, since its owner would have the system's lock too, whoever has its process id by now.
package struct FileLock: Sendable {
    /// The file of the system's lock, which stays.
    package let path: String
    /// The file that is there while the lock is held; `nil` if nobody else goes by it.
    package let sharedPath: String?

    package init(path: String, sharedPath: String? = nil) {
        self.path = path
        self.sharedPath = sharedPath
    }

    /// How long a file of a dead owner has to stay as it is before it is removed: its writer may have been about to say who it
    /// is.
    private static let deadTime = Duration.milliseconds(500)
    /// How old, in seconds, a file has to be whose owner's id somebody else may have by now.
    private static let oldAge = 60
    /// The last word of a file whose owner goes by the system's lock too.
    private static let mark = " flock"

    /// Does something with the lock held. Blocks.
    ///
    /// - Throws: `StorageProblem` of the kind `busy` if others hold it all the time; else what the body throws.
    package func hold<Result>(
        within limit: Duration,
        _ body: () throws(StorageProblem) -> Result
    ) throws(StorageProblem) -> Result {
        let deadline = SystemClock().now + limit
        let file = try self.lockedFile(deadline)
        defer { close(file) }
        guard let sharedPath = self.sharedPath else { return try body() }
        try Self.create(sharedPath, deadline)
        defer { unlink(sharedPath) }
        return try body()
    }

    /// The open file of the system's lock, which is held until it is closed.
    private func lockedFile(_ deadline: MonotonicTime) throws(StorageProblem) -> Int32 {
        while true {
            let file = open(self.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                throw StorageProblem(.failed, "\(Host.shown(self.path)) can't be opened (\(Host.errorName()))")
            }
            var isLocked = false
            while !isLocked {
                isLocked = flock(file, LOCK_EX | LOCK_NB) == 0
                guard isLocked || errno == EWOULDBLOCK || errno == EINTR else {
                    let name = Host.errorName()
                    close(file)
                    throw StorageProblem(.failed, "\(Host.shown(self.path)) can't be locked (\(name))")
                }
                guard isLocked || SystemClock().now < deadline else {
                    close(file)
                    throw StorageProblem(.busy, "another process has locked \(Host.shown(self.path)) all the time")
                }
                if !isLocked { Self.wait() }
            }
            // Somebody may have tidied the file away; then others would lock a new one.
            var opened = stat()
            if fstat(file, &opened) == 0, FileStamp(ofFile: self.path)?.number == UInt64(opened.st_ino) { return file }
            close(file)
        }
    }

    /// Makes the file that others look at, with its text from the first moment: who is ended while it writes leaves no file
    /// behind that doesn't say whose it is.
    private static func create(_ path: String, _ deadline: MonotonicTime) throws(StorageProblem) {
        let draft = "\(path).draft"
        unlink(draft)
        guard try Self.writeText(draft) else { throw StorageProblem(.busy, "another process makes \(Host.shown(draft))") }
        defer { unlink(draft) }
        var seen: (stamp: FileStamp, since: MonotonicTime)?
        while true {
            if link(draft, path) == 0 { return }
            // A file system on which a file has one name.
            if errno != EEXIST, try Self.writeText(path) { return }
            let now = SystemClock().now
            guard now < deadline else {
                throw StorageProblem(
                    .busy, "another process has had \(Host.shown(path)) all the time; if none uses it, delete it")
            }
            if let stamp = FileStamp(ofFile: path) {
                if stamp != seen?.stamp { seen = (stamp, now) }
                if let seen, now - seen.since >= Self.deadTime, Self.isLeftBehind(path, stamp) { unlink(path) }
            }
            Self.wait()
        }
    }

    /// Makes a file that says who holds the lock; `false` if there is one.
    private static func writeText(_ path: String) throws(StorageProblem) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw StorageProblem(.failed, "\(Host.shown(path)) can't be made (\(Host.errorName()))")
        }
        defer { close(file) }
        let text = Array("\(getpid()) \(CommandLine.arguments.first ?? "")\(Self.mark)".utf8)
        // A full disk keeps the text out, and says so when the cache is written.
        _ = text.withUnsafeBytes { write(file, $0.baseAddress, text.count) }
        return true
    }

    /// Whether the file of a lock was left behind by a process that has ended.
    private static func isLeftBehind(_ path: String, _ stamp: FileStamp) -> Bool {
        if FileTime.now.seconds - stamp.seconds > Self.oldAge { return true }
        guard let bytes = try? Host.contents(ofFile: path, limit: 8192), FileStamp(ofFile: path) == stamp else { return false }
        if bytes.reversed().starts(with: Self.mark.utf8.reversed()) { return true }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let owner = Int32(String(decoding: digits, as: UTF8.self)), owner > 0 else { return false }
        return kill(owner, 0) != 0 && errno == ESRCH
    }

    /// A few milliseconds, not always as many, so that those who wait don't go on waiting in step.
    private static func wait() { poll(nil, 0, Int32.random(in: 1...8)) }
}
#endif
