// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
/// DES three times with three keys (FIPS 46-3), decryption alone. Not constant in time: it reads local files and nothing else.
struct TripleDES: LegacyCipher {
    /// The keys of the 48 rounds, in the order of decryption.
    private let roundKeys: [UInt64]

    /// Takes a key of 24 bytes; the parity bits are not looked at.
    init(key: [UInt8]) {
        let schedules = stride(from: 0, to: 24, by: 8).map { Self.schedule(UInt64(bigEndianBytes: key[$0..<$0 + 8])) }
        self.roundKeys = schedules[2].reversed() + schedules[1] + schedules[0].reversed()
    }

    func decrypt(_ block: UInt64) -> UInt64 {
        let permuted = Self.permuted(block, from: 64, by: Self.initialPermutation)
        var left = UInt32(permuted >> 32)
        var right = UInt32(truncatingIfNeeded: permuted)
        for (index, key) in self.roundKeys.enumerated() {
            (left, right) = (right, left ^ Self.round(right, key))
            // The halves change places after each of the three runs.
            if index % 16 == 15 { swap(&left, &right) }
        }
        return Self.permuted(UInt64(left) << 32 | UInt64(right), from: 64, by: Self.finalPermutation)
    }

    private static func round(_ half: UInt32, _ key: UInt64) -> UInt32 {
        // Eight groups of six bits; neighbours share two. Bit 32 comes before bit 1.
        var bits = half >> 1 | half << 31
        var result: UInt32 = 0
        for box in 0..<8 {
            let group = Int(bits >> 26) ^ Int(key >> UInt64(42 - 6 * box) & 0x3F)
            result |= Self.boxes[box << 6 | group]
            bits = bits << 4 | bits >> 28
        }
        return result
    }

    /// The 16 keys, of 48 bits each, that encryption uses in this order.
    private static func schedule(_ key: UInt64) -> [UInt64] {
        let chosen = Self.permuted(key, from: 64, by: Self.keyChoice)
        var (left, right) = (chosen >> 28, chosen & 0xFFF_FFFF)
        return (0..<16).map { round in
            let shift: UInt64 = [0, 1, 8, 15].contains(round) ? 1 : 2
            left = (left << shift | left >> (28 - shift)) & 0xFFF_FFFF
            right = (right << shift | right >> (28 - shift)) & 0xFFF_FFFF
            return Self.permuted(left << 28 | right, from: 56, by: Self.roundKeyChoice)
        }
    }

    /// The bits that a table names; it counts from 1, the most significant of `width` bits.
    private static func permuted(_ value: UInt64, from width: Int, by table: [UInt8]) -> UInt64 {
        var result: UInt64 = 0
        for position in table { result = result << 1 | value >> UInt64(width - Int(position)) & 1 }
        return result
    }

    /// The substitution boxes, their result already permuted: box times 64 plus six bits.
    private static let boxes: [UInt32] = (0..<512).map { index in
        let (box, bits) = (index >> 6, index & 0x3F)
        let row = bits >> 4 & 2 | bits & 1
        let entry = UInt64(Self.substitutions[box * 64 + row * 16 + (bits >> 1 & 0xF)])
        return UInt32(Self.permuted(entry << UInt64(28 - 4 * box), from: 32, by: Self.roundPermutation))
    }

    private static let initialPermutation: [UInt8] = (0..<64).map { index in
        let (row, column) = (index / 8, index % 8)
        return UInt8((row < 4 ? 58 + 2 * row : 57 + 2 * (row - 4)) - 8 * column)
    }

    private static let finalPermutation: [UInt8] = (1...64).map { bit in
        UInt8((Self.initialPermutation.firstIndex(of: bit) ?? 0) + 1)
    }

    private static let roundPermutation: [UInt8] = [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
    ]

    private static let keyChoice: [UInt8] = [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ]

    private static let roundKeyChoice: [UInt8] = [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ]

    private static let substitutions: [UInt8] = [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
        4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
        0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
        13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
        10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
        4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
        9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
        1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
        7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ]
}
#endif
