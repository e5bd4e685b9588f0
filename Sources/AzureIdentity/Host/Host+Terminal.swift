// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#elseif canImport(ucrt)
import ucrt
#endif

extension Host {
    /// Writes a line to standard error, where a person who started the program sees it. What can't be written in five seconds is left out:
    /// nobody may read there any more.
    ///
    /// - Parameter line: Clean text, without a line break.
    static func tellPerson(_ line: String) async { await Self.tellPerson(line, descriptor: 2, by: self.terminal) }

    /// The same, wherever a descriptor leads.
    ///
    /// - Returns: Whether all of it was written in time.
    @discardableResult
    package static func tellPerson(_ line: String, descriptor: Int32, by queue: BlockingQueue) async -> Bool {
        await queue.run { Self.write(Array((line + "\n").utf8), to: descriptor) } ?? false
    }

    /// Writing may block, so it has a thread of its own.
    private static let terminal = BlockingQueue(label: "azure-identity.terminal", limit: .seconds(5))

    /// Writes bytes; whether all of them were. A reader that is gone is no signal to the process.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        Self.withoutBrokenPipeSignal {
            var rest = bytes[...]
            while !rest.isEmpty {
                #if canImport(ucrt)
                let count = rest.withUnsafeBytes { Int(_write(descriptor, $0.baseAddress, UInt32(min($0.count, 65_536)))) }
                #else
                let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                #endif
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Keeps SIGPIPE, which would end the process, from this thread, and takes one that has come meanwhile.
    private static func withoutBrokenPipeSignal(_ work: () -> Bool) -> Bool {
        #if canImport(ucrt)
        return work()
        #else
        // By pointers alone: the C structure has another definition in each library.
        let sets = UnsafeMutablePointer<sigset_t>.allocate(capacity: 3)
        defer { sets.deallocate() }
        let (pipe, old, pending) = (sets, sets + 1, sets + 2)
        sigemptyset(pipe)
        sigaddset(pipe, SIGPIPE)
        guard pthread_sigmask(SIG_BLOCK, pipe, old) == 0 else { return false }
        defer { pthread_sigmask(SIG_SETMASK, old, nil) }
        let isDone = work()
        sigemptyset(pending)
        if !isDone, sigpending(pending) == 0, sigismember(pending, SIGPIPE) == 1 {
            var signal: Int32 = 0
            sigwait(pipe, &signal)
        }
        return isDone
        #endif
    }
}

#if !canImport(ucrt)
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
#endif
