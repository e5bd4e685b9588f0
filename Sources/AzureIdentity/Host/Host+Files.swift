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

extension Host {
    /// Reads a regular file that may not be larger than some bytes.
    ///
    /// - Throws: `FileProblem`.
    package static func contents(ofFile path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        try RegularFile.contents(of: path, limit: limit)
    }

    /// What tells whether a file is still the one that was read; `nil` if there is none.
    package static func stamp(ofFile path: String) -> FileStamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return FileStamp(
            size: Int(status.st_size),
            seconds: Int(time.tv_sec),
            nanoseconds: Int(time.tv_nsec),
            number: UInt64(status.st_ino)
        )
    }
}

/// A file's size, time of change and number: a file that was replaced, or written to since, has another one.
package struct FileStamp: Sendable, Hashable {
    package let size: Int
    package let seconds: Int
    package let nanoseconds: Int
    package let number: UInt64
}
