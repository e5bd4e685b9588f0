// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A directory for files that are nobody else's business. What is above it has to be there already.
package struct StorageFolder: Sendable, Hashable {
    /// The directory that has to be there: a home, or what the application named.
    package let base: String
    /// The directories below it, which are made where they are missing.
    package let names: [String]

    package init(base: String, names: [String]) {
        self.base = base
        self.names = names
    }

    package var path: String { ([self.base] + self.names).joined(separator: "/") }

    package func file(_ name: String) -> String { "\(self.path)/\(name)" }
}

#if !os(Windows)
extension StorageFolder {
    /// Makes the directory where it is missing, readable by its owner alone.
    ///
    /// - Throws: `StorageProblem` if it can't be made, isn't this user's, may be written to by others, or is reached through what others
    ///   can exchange.
    package func prepare() throws(StorageProblem) {
        guard Self.isDirectory(self.base) else {
            throw StorageProblem(.unavailable, "there is no directory \(Host.shown(self.base))")
        }
        var path = self.base
        for name in self.names {
            path += "/\(name)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST || Self.isDirectory(path) else {
                throw StorageProblem(.unavailable, "the directory \(Host.shown(path)) can't be made (\(Host.errorName()))")
            }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StorageProblem(.unavailable, "\(Host.shown(path)) is no directory")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw StorageProblem(.refused, "the directory \(Host.shown(path)) belongs to another user")
        }
        guard status.st_mode & 0o022 == 0 else {
            let advice = "run chmod go-w on it, or name a directory inside it, which will be made"
            throw StorageProblem(
                .refused, "others may write to \(Host.shown(path)) (mode \(Host.mode(UInt32(status.st_mode)))); \(advice)")
        }
        try self.checkWay()
    }

    /// Follows the path, links and all, and refuses what others could put something else in the place of: what lies in a directory that
    /// everybody may write to, unless that has the sticky bit and this is root's or this user's own; and links that neither of the two, nor
    /// the owner of the directory that they lie in, has made.
    private func checkWay() throws(StorageProblem) {
        var rest = Self.names(in: self.path)
        var current = ""
        var parent = stat()
        var linkCount = 0
        guard lstat("/", &parent) == 0 else { throw StorageProblem(.refused, "the directory / can't be looked at") }
        while let name = rest.popLast() {
            guard name != "." else { continue }
            if name == ".." {
                current = Self.names(in: current).reversed().dropLast().map { "/\($0)" }.joined()
                _ = lstat(current.isEmpty ? "/" : current, &parent)
                continue
            }
            let path = "\(current)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else {
                throw StorageProblem(.refused, "\(Host.shown(path)) can't be looked at (\(Host.errorName()))")
            }
            let isTrusted = status.st_uid == 0 || status.st_uid == geteuid()
            let isOpen = parent.st_mode & 0o002 != 0
            guard !isOpen || (parent.st_mode & 0o1000 != 0 && isTrusted) else {
                throw StorageProblem(.refused, "others may put something else in the place of \(Host.shown(path))")
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                (current, parent) = (path, status)
                continue
            }
            guard isTrusted || status.st_uid == parent.st_uid else {
                throw StorageProblem(.refused, "\(Host.shown(path)) is a link that another user has made")
            }
            linkCount += 1
            guard linkCount <= 40, let target = Self.target(ofLink: path) else {
                throw StorageProblem(.refused, "\(Host.shown(path)) is a link that leads nowhere")
            }
            rest += Self.names(in: target)
            if target.hasPrefix("/") {
                current = ""
                _ = lstat("/", &parent)
            }
        }
    }

    /// The names in a path, the last one first.
    private static func names(in path: String) -> [String] { path.split(separator: "/").reversed().map(String.init) }

    private static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this process may make files in it.
    package var isWritable: Bool { access(self.path, W_OK | X_OK) == 0 }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension Host {
    /// A path as it may be shown.
    static func shown(_ path: String) -> String { HostileText.sanitized(path, limit: 200) }

    /// The permissions of a file as people write them.
    static func mode(_ mode: UInt32) -> String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// What the last system call said.
    static func errorName(_ number: Int32 = errno) -> String {
        switch number {
        case EACCES, EPERM: "this process may not"
        case EROFS: "the file system is read-only"
        case ENOSPC: "the disk is full"
        case EDQUOT: "the quota is used up"
        case ENOENT: "there is nothing"
        case EMFILE, ENFILE: "too many files are open"
        default: "errno \(number)"
        }
    }
}
#endif
