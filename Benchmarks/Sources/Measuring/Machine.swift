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

/// What the programs here ask of the machine: a clock, the process's memory, its connections, standard output.
package enum Machine {
    /// The monotonic clock, which all processes of a machine share.
    package static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The memory of this process that is in RAM, or `nil` where there is no `/proc`.
    package static var residentBytes: Int? {
        let fields = self.contents(ofFile: "/proc/self/statm")?.split(separator: " ") ?? []
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The most memory of this process that was in RAM so far, or `nil` where there is no `/proc`.
    package static var peakResidentKiB: Int? {
        let line = self.contents(ofFile: "/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }

    /// How many connections to a port of this machine are open, seen from the client's end, or `nil` where there is no `/proc`.
    package static func connectionCount(toPort port: Int) -> Int? {
        let files = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].compactMap { self.contents(ofFile: $0) }
        guard !files.isEmpty else { return nil }
        let established = files.flatMap { $0.split(separator: "\n").dropFirst() }.filter { line in
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[3] == "01", let remotePort = fields[2].split(separator: ":").last else { return false }
            return Int(remotePort, radix: 16) == port
        }
        return established.count
    }

    /// Writes a line at once, even into a pipe.
    package static func print(_ line: String, to descriptor: Int32 = 1) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Ends the process.
    package static func exit(_ status: Int32) -> Never { systemExit(status) }

    /// Reads a file that may say that it has no size, as those of `/proc` do.
    private static func contents(ofFile path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return String(decoding: result, as: UTF8.self) }
            result += buffer[..<count]
        }
    }
}

private func systemExit(_ status: Int32) -> Never { exit(status) }
