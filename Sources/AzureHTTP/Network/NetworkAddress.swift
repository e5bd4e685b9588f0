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

/// An IP address as bytes: four or sixteen. IPv4 in the clothes of IPv6 (`::ffff:10.0.0.1`) is IPv4. Pure.
struct NetworkAddress: Sendable, Hashable {
    let bytes: [UInt8]

    /// Reads an address, with or without brackets and the name of an interface (`%eth0`); `nil` for anything else.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64, !text.utf8.contains(0) else { return nil }
        var text = String(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        let isLong = text.utf8.contains(UInt8(ascii: ":"))
        if isLong, let mark = text.firstIndex(of: "%") { text = String(text[..<mark]) }
        // Into bytes, not into the C structures: which of several modules those are from depends on what else is compiled along.
        var bytes = [UInt8](repeating: 0, count: isLong ? 16 : 4)
        guard inet_pton(isLong ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        let isMapped = isLong && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// An address of four or sixteen bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Whether it leads back to this machine: 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        self.bytes.count == 4 ? self.bytes[0] == 127 : self.bytes.dropLast().allSatisfy { $0 == 0 } && self.bytes[15] == 1
    }

    /// Whether it is one of this link alone: 169.254.0.0/16, fe80::/10, and fd00:ec2::254, which is a metadata service too.
    var isLinkLocal: Bool {
        guard self.bytes.count == 16 else { return self.bytes[0] == 169 && self.bytes[1] == 254 }
        return self.bytes[0] == 0xFE && self.bytes[1] & 0xC0 == 0x80 || self == Self.metadataService
    }

    private static let metadataService = NetworkAddress("fd00:ec2::254")
}

extension NetworkAddress: CustomStringConvertible {
    /// The address as it is usually written; one of IPv6 without shortening.
    var description: String {
        if self.bytes.count == 4 { return self.bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(Int(self.bytes[$0]) << 8 | Int(self.bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}

/// A network such as `10.0.0.0/8` or `fd00::/8`. Pure.
struct NetworkRange: Sendable, Hashable {
    private let address: NetworkAddress
    private let prefix: Int

    /// Reads a range; `nil` for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = NetworkAddress(parts[0]), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let prefix = Int(parts[1]),
            prefix <= address.bytes.count * 8
        else { return nil }
        self.address = address
        self.prefix = prefix
    }

    func contains(_ other: NetworkAddress) -> Bool {
        guard other.bytes.count == self.address.bytes.count else { return false }
        let whole = self.prefix / 8
        guard other.bytes.prefix(whole) == self.address.bytes.prefix(whole) else { return false }
        let bits = self.prefix % 8
        return bits == 0 || (other.bytes[whole] ^ self.address.bytes[whole]) >> (8 - bits) == 0
    }
}

/// Takes `host`, `host:port`, `[address]` and `[address]:port` apart. Pure.
enum HostAndPort {
    /// The host without brackets and the port, if there is one; `nil` if the text is neither.
    static func split(_ text: Substring) -> (host: String, port: Int?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard host.contains(":") else { return nil }
            if rest.isEmpty { return (String(host), nil) }
            guard rest.hasPrefix(":"), let port = Self.port(rest.dropFirst()) else { return nil }
            return (String(host), port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return (String(text), nil)
        case 2:
            guard let port = Self.port(parts[1]) else { return nil }
            return (String(parts[0]), port)
        default: return nil
        }
    }

    /// Whether it can be a host: an address of IPv6, or letters, digits, dots, hyphens and underscores.
    static func isHost(_ host: String) -> Bool {
        if host.contains(":") { return !host.contains("%") && NetworkAddress(host) != nil }
        return (1...253).contains(host.utf8.count) && !host.hasPrefix(".")
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(text), (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
