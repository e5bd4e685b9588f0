// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Writes the few pieces of DER that certificates and keys of the emulator are put together from. Pure.
package enum DERWriter {
    /// A value with its tag and length.
    package static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        [tag] + Self.length(content.count) + content
    }

    /// `SEQUENCE`.
    package static func sequence(_ elements: [[UInt8]]) -> [UInt8] { Self.element(0x30, elements.joined().map { $0 }) }

    /// `BIT STRING` of whole bytes.
    package static func bitString(_ bytes: some Collection<UInt8>) -> [UInt8] { Self.element(0x03, [0] + Array(bytes)) }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }
}
