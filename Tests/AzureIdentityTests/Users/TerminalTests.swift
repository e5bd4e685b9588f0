// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !os(Windows)
import AzureIdentity
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Lines for a person, wherever standard error leads.
@Suite(.timeLimit(.minutes(1))) struct TerminalTests {
    /// A pipe; both ends are closed at the end, if they aren't yet.
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            self.reader = ends[0]
            self.writer = ends[1]
        }

        func read(_ count: Int) -> String {
            var bytes = [UInt8](repeating: 0, count: count)
            let length = bytes.withUnsafeMutableBytes { systemRead(self.reader, $0.baseAddress, $0.count) }
            return String(decoding: bytes.prefix(max(0, length)), as: UTF8.self)
        }
    }

    private let queue = BlockingQueue(label: "test", limit: .seconds(30))

    @Test func aLineIsWritten() async throws {
        let pipe = try Pipe()
        #expect(await Host.tellPerson("Enter ABCD.", descriptor: pipe.writer, by: self.queue))
        #expect(pipe.read(100) == "Enter ABCD.\n")
        close(pipe.reader)
        close(pipe.writer)
    }

    @Test func aReaderWhoIsGoneEndsNothing() async throws {
        let pipe = try Pipe()
        close(pipe.reader)
        // A signal would have ended the tests.
        for _ in 0..<3 { #expect(await !Host.tellPerson("Enter ABCD.", descriptor: pipe.writer, by: self.queue)) }
        close(pipe.writer)
    }

    @Test func aSignalOfSomebodyElseIsLeftAlone() throws {
        let pipe = try Pipe()
        close(pipe.reader)
        let sets = UnsafeMutablePointer<sigset_t>.allocate(capacity: 3)
        defer { sets.deallocate() }
        let (blocked, old, pending) = (sets, sets + 1, sets + 2)
        sigemptyset(blocked)
        sigaddset(blocked, SIGPIPE)
        try #require(pthread_sigmask(SIG_BLOCK, blocked, old) == 0)
        defer { pthread_sigmask(SIG_SETMASK, old, nil) }
        pthread_kill(pthread_self(), SIGPIPE)
        let isWritten = Host.writeBytes(Array("Enter ABCD.".utf8), to: pipe.writer)
        sigemptyset(pending)
        let isPending = sigpending(pending) == 0 && sigismember(pending, SIGPIPE) == 1
        if isPending {
            var signal: Int32 = 0
            sigwait(blocked, &signal)
        }
        #expect(!isWritten && isPending)
        close(pipe.writer)
    }

    @Test func aReaderWhoDoesNotReadHoldsNobodyUp() async throws {
        let pipe = try Pipe()
        let flags = fcntl(pipe.writer, F_GETFL)
        _ = fcntl(pipe.writer, F_SETFL, flags | O_NONBLOCK)
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        while block.withUnsafeBytes({ systemWrite(pipe.writer, $0.baseAddress, $0.count) }) > 0 {}
        _ = fcntl(pipe.writer, F_SETFL, flags)
        let queue = BlockingQueue(label: "test", limit: .milliseconds(50))
        #expect(await !Host.tellPerson("Enter ABCD.", descriptor: pipe.writer, by: queue))
        // The thread that waits is let go.
        close(pipe.reader)
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
#endif
