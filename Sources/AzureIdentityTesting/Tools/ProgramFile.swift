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

/// A program that was just written.
enum ProgramFile {
    /// How often is looked, at most.
    private static let lookCount = 10_000

    /// Waits until nobody has the file open for writing any more.
    ///
    /// A process that is being started elsewhere in this program has, for a moment, all the files open that were when it was forked, and
    /// Linux doesn't run a program that somebody may write to ("Text file busy"). A lease on the file is given when there is no writer.
    static func waitForWriters(of path: String) {
        #if os(Linux)
        let (setLease, again) = (Int32(1024), EAGAIN)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        for _ in 0..<Self.lookCount {
            guard fcntl(file, setLease, F_RDLCK) != 0, errno == again else { break }
            sched_yield()
        }
        _ = fcntl(file, setLease, F_UNLCK)
        #endif
    }
}
