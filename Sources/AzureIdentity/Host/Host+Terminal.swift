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
        await queue.run { Self.writeBytes(Array((line + "\n").utf8), to: descriptor) } ?? false
    }

    /// Writing may block, so it has a thread of its own.
    private static let terminal = BlockingQueue(label: "azure-identity.terminal", limit: .seconds(5))

    /// What became of bytes that were to be written.
    private enum WriteEnd {
        case done, failed
        /// Nobody reads there any more.
        case brokenPipe
    }

    /// Writes bytes; whether all of them were. A reader that is gone is no signal to the process.
    package static func writeBytes(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        Self.withoutBrokenPipeSignal {
            var rest = bytes[...]
            while !rest.isEmpty {
                #if canImport(ucrt)
                let count = rest.withUnsafeBytes { Int(_write(descriptor, $0.baseAddress, UInt32(min($0.count, 65_536)))) }
                #else
                let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
                let problem = errno
                if count < 0, problem == EINTR { continue }
                if count < 0, problem == EPIPE { return .brokenPipe }
                #endif
                guard count > 0 else { return .failed }
                rest = rest.dropFirst(count)
            }
            return .done
        }
    }

    /// Keeps SIGPIPE, which would end the process, from this thread, and takes the one that its own writing has caused; one that was pending
    /// before is somebody else's.
    private static func withoutBrokenPipeSignal(_ work: () -> WriteEnd) -> Bool {
        #if canImport(ucrt)
        return work() == .done
        #else
        // By pointers alone: the C structure has another definition in each library.
        let sets = UnsafeMutablePointer<sigset_t>.allocate(capacity: 3)
        defer { sets.deallocate() }
        let (pipe, old, pending) = (sets, sets + 1, sets + 2)
        sigemptyset(pipe)
        sigaddset(pipe, SIGPIPE)
        guard pthread_sigmask(SIG_BLOCK, pipe, old) == 0 else { return false }
        defer { pthread_sigmask(SIG_SETMASK, old, nil) }
        let isPending = { () -> Bool in
            sigemptyset(pending)
            return sigpending(pending) == 0 && sigismember(pending, SIGPIPE) == 1
        }
        let wasPending = isPending()
        let end = work()
        if end == .brokenPipe, !wasPending, isPending() { takePendingSignal(pipe) }
        return end == .done
        #endif
    }
}

#if canImport(Darwin)
/// Takes a pending signal. There is no call that doesn't wait.
private func takePendingSignal(_ set: UnsafePointer<sigset_t>) {
    var signal: Int32 = 0
    sigwait(set, &signal)
}
#elseif !canImport(ucrt)
/// Takes a pending signal, if another thread hasn't meanwhile; waits for none.
private func takePendingSignal(_ set: UnsafePointer<sigset_t>) {
    // No time, and by a pointer, as above.
    let size = MemoryLayout<timespec>.size
    let time = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<timespec>.alignment)
    defer { time.deallocate() }
    time.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    while sigtimedwait(set, nil, time.assumingMemoryBound(to: timespec.self)) < 0, errno == EINTR {}
}
#endif

#if !canImport(ucrt)
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
#endif
