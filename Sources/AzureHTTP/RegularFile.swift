// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a file couldn't be read.
package struct FileProblem: Error {
    package let reason: String
    /// Whether the file is there, and larger than it may be.
    package let isTooLarge: Bool

    package init(reason: String, isTooLarge: Bool = false) {
        self.reason = reason
        self.isTooLarge = isTooLarge
    }
}

/// Reads files of bounded size.
package enum RegularFile {
    /// The bytes of a regular file that may not be larger than some bytes. Doesn't wait for pipes and devices: they are refused.
    ///
    /// - Throws: ``FileProblem``.
    package static func contents(of path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileProblem(reason: errno == ENOENT ? "it can't be found" : "it can't be opened (errno \(errno))")
        }
        defer { close(descriptor) }
        return try self.contents(ofDescriptor: descriptor, limit: limit)
    }

    /// The bytes of an open file, if it is a regular one that isn't larger than some bytes. The descriptor stays open.
    ///
    /// - Throws: ``FileProblem``.
    package static func contents(ofDescriptor descriptor: Int32, limit: Int) throws(FileProblem) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileProblem(reason: "it is not a regular file")
        }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(reason: "it can't be read (errno \(errno))") }
            if count == 0 { return contents }
            contents += buffer[..<count]
            guard contents.count <= limit else { throw FileProblem(reason: "it is larger than \(limit) bytes", isTooLarge: true) }
        }
    }
}
