// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The signals that end a server, caught from its making on, so that it can clean up.
final class Interruption {
    /// The numbers of the signals that came: interrupts, terminations, ends of the terminal. For one reader.
    let signals: AsyncStream<Int32>

    private let sources: [any DispatchSourceSignal]

    init() {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.signals = signals
        self.sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    deinit { for source in self.sources { source.cancel() } }

    /// Waits for a signal.
    ///
    /// - Returns: Its number.
    func wait() async -> Int32 {
        for await number in self.signals { return number }
        return SIGTERM
    }
}
#endif
