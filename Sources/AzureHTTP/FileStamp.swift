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

/// A file's size, time of change and number: a file that was replaced, or written to since, has another one.
package struct FileStamp: Sendable, Hashable {
    package let size: Int
    package let seconds: Int
    package let nanoseconds: Int
    package let number: UInt64

    package init(size: Int, seconds: Int, nanoseconds: Int, number: UInt64) {
        self.size = size
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.number = number
    }

    /// The stamp of a file; `nil` if there is none.
    package init?(ofFile path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        self.init(
            size: Int(status.st_size),
            seconds: Int(time.tv_sec),
            nanoseconds: Int(time.tv_nsec),
            number: UInt64(status.st_ino)
        )
    }
}

#if !os(Windows)
/// The machine's wall clock, as file systems write times: here, because which module the C structure is from depends on what else a module
/// imports.
package struct FileTime: Sendable, Hashable {
    package var seconds: Int
    package var nanoseconds: Int

    package init(seconds: Int, nanoseconds: Int) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The time now.
    package static var now: FileTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return FileTime(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
    }

    /// Gives an open file this time of access and change; whether that came off, else `errno` says why.
    package func set(onDescriptor file: Int32) -> Bool {
        let time = timespec(tv_sec: time_t(self.seconds), tv_nsec: self.nanoseconds)
        return futimens(file, [time, time]) == 0
    }
}
#endif
