// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
/// Writes the few pieces of DER that a certificate of the emulator is put together from. Pure.
enum DERWriter {
    /// A value with its tag and length.
    static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        [tag] + Self.length(content.count) + content
    }

    /// `SEQUENCE`.
    static func sequence(_ elements: [[UInt8]]) -> [UInt8] { Self.element(0x30, elements.joined().map { $0 }) }

    /// `BIT STRING` of whole bytes.
    static func bitString(_ bytes: some Collection<UInt8>) -> [UInt8] { Self.element(0x03, [0] + Array(bytes)) }

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
#endif
