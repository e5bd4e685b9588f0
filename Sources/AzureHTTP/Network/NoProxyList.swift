// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The hosts that `NO_PROXY` names. Pure.
///
/// A name stands for itself and its subdomains, with a dot or `*.` before it or without. What can't be read stands for nothing, as with
/// curl and Go; a list that is too long is no list at all, since half of one would send the other half's hosts through the proxy.
struct NoProxyList: Sendable, Hashable {
    private enum Entry: Sendable, Hashable {
        case name(String, port: Int?)
        case address(NetworkAddress, port: Int?)
        case range(NetworkRange)
    }

    static let maximumLength = 65_536
    static let maximumCount = 10_000

    private let isEverything: Bool
    private let entries: [Entry]

    static let none = NoProxyList(isEverything: false, entries: [])

    /// Reads a list; `nil` if it is too long.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.utf8.split { $0 == UInt8(ascii: ",") || $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard parts.count <= Self.maximumCount else { return nil }
        self.isEverything = parts.contains { $0.elementsEqual([UInt8(ascii: "*")]) }
        self.entries = self.isEverything ? [] : parts.compactMap { Self.entry(Substring($0)) }
    }

    private init(isEverything: Bool, entries: [Entry]) {
        self.isEverything = isEverything
        self.entries = entries
    }

    /// Whether a host is reached without the proxy.
    ///
    /// - Parameters:
    ///   - host: The host in lower case, without brackets and without a dot at its end.
    ///   - address: The host as an address, if it is one.
    ///   - port: The port.
    func contains(host: String, address: NetworkAddress?, port: Int) -> Bool {
        self.isEverything
            || self.entries.contains { entry in
                switch entry {
                case .name(let name, let wanted):
                    address == nil && (wanted == nil || wanted == port) && (host == name || host.hasSuffix("." + name))
                case .address(let other, let wanted): address == other && (wanted == nil || wanted == port)
                case .range(let range): address.map(range.contains) ?? false
                }
            }
    }

    private static func entry(_ text: Substring) -> Entry? {
        if text.utf8.contains(UInt8(ascii: "/")) { return NetworkRange(text).map(Entry.range) }
        let hasColon = text.utf8.contains(UInt8(ascii: ":"))
        if hasColon || Self.endsInDigit(text), let address = NetworkAddress(text) { return .address(address, port: nil) }
        var name = text
        var port: Int?
        if hasColon {
            guard let parts = HostAndPort.split(text) else { return nil }
            if let address = NetworkAddress(parts.host) { return .address(address, port: parts.port) }
            (name, port) = (parts.host[...], parts.port)
        }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        if name.hasPrefix(".") { name = name.dropFirst() }
        if name.hasSuffix(".") { name = name.dropLast() }
        return name.isEmpty ? nil : .name(name.lowercased(), port: port)
    }

    private static func endsInDigit(_ text: Substring) -> Bool {
        text.utf8.last.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }
}
