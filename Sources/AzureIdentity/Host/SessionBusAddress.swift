// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Where a session bus listens: sockets of this machine and nothing else, since a bus of another machine, or one that has to be started,
/// is nobody's to trust. Pure but for the look whether the usual socket is there.
package struct SessionBusAddress: Sendable, Hashable {
    /// The longest address that is read, in bytes.
    private static let limit = 4096

    /// One or more addresses as D-Bus writes them, each of the transport `unix`.
    package let text: String

    /// The bus that the variables name: `DBUS_SESSION_BUS_ADDRESS`, else the socket `bus` in `XDG_RUNTIME_DIR`, if there is one.
    package init(
        environment: EnvironmentVariables,
        exists: (_ path: String) -> Bool = { Host.stamp(ofFile: $0) != nil }
    ) throws(SessionBusProblem) {
        if let list = environment["DBUS_SESSION_BUS_ADDRESS"] {
            try self.init(list)
        } else if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/"), exists("\(folder)/bus") {
            try self.init("unix:path=" + Self.escaped("\(folder)/bus"))
        } else {
            throw SessionBusProblem(.noBus, "DBUS_SESSION_BUS_ADDRESS is not set, and XDG_RUNTIME_DIR has no socket named bus")
        }
    }

    /// Reads addresses as D-Bus writes them.
    ///
    /// - Parameter list: The addresses, with semicolons between them.
    /// - Throws: `SessionBusProblem` if none is a socket of this machine; those that aren't are left out.
    package init(_ list: String) throws(SessionBusProblem) {
        guard list.utf8.count <= Self.limit else {
            throw SessionBusProblem(.noBus, "the address of the session bus is longer than \(Self.limit) bytes")
        }
        var taken: [Substring] = []
        var reasons: [String] = []
        for address in list.split(separator: ";") {
            if let reason = Self.objection(address) { reasons.append(reason) } else { taken.append(address) }
        }
        guard !taken.isEmpty else {
            throw SessionBusProblem(.noBus, reasons.first ?? "the address of the session bus is empty")
        }
        self.text = taken.joined(separator: ";")
    }

    /// Why an address isn't taken; `nil`: it is.
    private static func objection(_ address: Substring) -> String? {
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let colon = address.firstIndex(of: ":") else {
            return "the address of the session bus is none: \(HostileText.sanitized(address, limit: 100))"
        }
        let transport = address[..<colon]
        guard transport == "unix" else {
            return
                "the session bus is at an address of the kind \(HostileText.sanitized(transport, limit: 40)); only unix is taken"
        }
        var names: [Substring] = []
        for pair in address[colon...].dropFirst().split(separator: ",", omittingEmptySubsequences: false) {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, !halves[1].isEmpty, ["path", "abstract", "guid"].contains(halves[0]),
                !names.contains(halves[0])
            else { return "the address of the session bus names no socket: \(HostileText.sanitized(address, limit: 100))" }
            names.append(halves[0])
        }
        guard names.contains("path") != names.contains("abstract") else {
            return "the address of the session bus names no socket: \(HostileText.sanitized(address, limit: 100))"
        }
        return nil
    }

    /// A value as addresses have it: percent sequences for all but a few bytes.
    static func escaped(_ value: String) -> String {
        var result = ""
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}

/// Why a call on the session bus came to nothing. Its text is fit to be shown.
package struct SessionBusProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// This system has no way to a bus, or lacks the library.
        case noLibrary
        /// There is no bus, or what is at its address isn't one.
        case noBus
        /// Somebody on the bus, or the bus itself, answered with an error of this name.
        case remote(name: String)
        /// The bus is gone.
        case disconnected
        /// The answer has another type, or is too large.
        case unexpectedAnswer
        case timedOut
        case cancelled
    }

    package var kind: Kind
    /// A sentence without a full stop.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { self.message }
}
