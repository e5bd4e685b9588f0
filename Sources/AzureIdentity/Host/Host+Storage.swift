// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if !os(Windows)
/// Files that are nobody else's business: one user's, mode 0600, replaced as a whole.
extension Host {
    /// The bytes of a private file; `nil` if there is none. An empty one may be readable by others: it tells them nothing.
    ///
    /// - Throws: `StorageProblem` if it is a link, belongs to somebody else, may be read or written by others, or is too large.
    package static func privateContents(ofFile path: String, limit: Int) throws(StorageProblem) -> [UInt8]? {
        guard let file = try Self.openedPrivateFile(path) else { return nil }
        defer { close(file) }
        do {
            return try RegularFile.contents(ofDescriptor: file, limit: limit)
        } catch {
            throw StorageProblem(error.isTooLarge ? .damaged : .failed, "\(Self.shown(path)): \(error.reason)")
        }
    }

    /// Whether a private file is there.
    ///
    /// - Throws: As `privateContents`.
    package static func checkPrivateFile(_ path: String) throws(StorageProblem) -> Bool {
        guard let file = try Self.openedPrivateFile(path) else { return false }
        close(file)
        return true
    }

    private static func openedPrivateFile(_ path: String) throws(StorageProblem) -> Int32? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw StorageProblem(.refused, "\(Self.shown(path)) is a link")
            default: throw StorageProblem(.failed, "\(Self.shown(path)) can't be opened (\(Self.errorName()))")
            }
        }
        var isSafe = false
        defer { if !isSafe { close(file) } }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StorageProblem(.refused, "\(Self.shown(path)) is no regular file")
        }
        if status.st_size > 0 {
            guard status.st_uid == geteuid() else {
                throw StorageProblem(.refused, "\(Self.shown(path)) belongs to another user")
            }
            guard status.st_mode & 0o077 == 0 else {
                let mode = Self.mode(UInt32(status.st_mode))
                throw StorageProblem(
                    .refused,
                    "others may read or write \(Self.shown(path)) (mode \(mode)); delete it, or run chmod 600 on it if nobody could"
                )
            }
        }
        isSafe = true
        return file
    }

    /// Puts a file in the place of another, all of it or nothing, and on disk before it is seen. Only one process at a time may
    /// do so.
    package static func replaceFile(_ path: String, with bytes: [UInt8]) throws(StorageProblem) {
        let draft = "\(path).draft"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StorageProblem(.failed, "\(Self.shown(draft)) can't be made (\(Self.errorName()))")
        }
        var isDone = false
        defer {
            close(file)
            if !isDone { unlink(draft) }
        }
        try Self.fill(file, with: bytes, path: path)
        let time = Self.changeTime(after: FileStamp(ofFile: path))
        guard fchmod(file, 0o600) == 0, time.set(onDescriptor: file), fsync(file) == 0, rename(draft, path) == 0 else {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be replaced (\(Self.errorName()))")
        }
        isDone = true
        Self.flushDirectory(of: path)
    }

    /// Has the system put a directory on disk, so that a name in it is there after a loss of power. Some file systems can't, or needn't.
    private static func flushDirectory(of path: String) {
        let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let folder = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    /// Removes a file; whether there was one.
    package static func removeFile(_ path: String) throws(StorageProblem) -> Bool {
        guard unlink(path) == 0 else {
            guard errno != ENOENT else { return false }
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be removed (\(Self.errorName()))")
        }
        Self.flushDirectory(of: path)
        return true
    }

    /// Makes a file look changed, and makes an empty one where there is none.
    package static func touchFile(_ path: String) throws(StorageProblem) {
        let earlier = FileStamp(ofFile: path)
        let file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StorageProblem(.failed, "\(Self.shown(path)) can't be written (\(Self.errorName()))") }
        defer { close(file) }
        guard Self.changeTime(after: earlier).set(onDescriptor: file) else {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be written (\(Self.errorName()))")
        }
    }

    /// Gives a file another name, in the place of what had it.
    package static func renameFile(_ path: String, to other: String) throws(StorageProblem) {
        guard rename(path, other) == 0 else {
            throw StorageProblem(.failed, "\(Self.shown(path)) can't be renamed (\(Self.errorName()))")
        }
        Self.flushDirectory(of: other)
    }

    private static func fill(_ file: Int32, with bytes: [UInt8], path: String) throws(StorageProblem) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + start }, bytes.count - start) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw StorageProblem(.failed, "\(Self.shown(path)) can't be written (\(Self.errorName()))")
            }
            start += count
        }
    }

    /// Whether a file was changed so lately that it may be changed once more and look the same: the system's times are coarse.
    package static func isRecent(_ stamp: FileStamp?) -> Bool {
        guard let stamp else { return false }
        let now = FileTime.now
        let age = (now.seconds - stamp.seconds, now.nanoseconds - stamp.nanoseconds)
        return abs(age.0) <= 1 && abs(age.0 * 1_000_000_000 + age.1) < 50_000_000
    }

    /// The time of a change, later than that of the one before: the system's own times are too coarse to tell two changes apart,
    /// and may have been set back.
    private static func changeTime(after earlier: FileStamp?) -> FileTime {
        let now = FileTime.now
        guard let earlier, (now.seconds, now.nanoseconds) <= (earlier.seconds, earlier.nanoseconds) else { return now }
        // A microsecond: less is lost where times are floating-point numbers.
        let nanoseconds = earlier.nanoseconds + 1000
        return FileTime(
            seconds: earlier.seconds + nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000)
    }
}
#endif
