// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a program has printed, as text: without a byte order mark and without colours, whatever its encoding. Pure.
struct ToolOutput {
    /// Valid UTF-8, unless no part of it is.
    let bytes: [UInt8]

    init(_ printed: [UInt8]) {
        self.bytes = Self.withoutColours(Self.utf8(printed))
    }

    /// What a program has written to its errors; of a flood, the beginning.
    init(errorsOf run: ToolRun) {
        self.init(Array(run.errors.prefix(65_536)))
    }

    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Whether there is nothing but blanks.
    var isBlank: Bool { self.bytes.allSatisfy { $0 <= 0x20 } }

    /// The JSON objects in it that have a form, in order; those that are part of another object or array aren't looked at.
    func objects<Form: Decodable>(_ form: Form.Type) -> [Form] {
        let decoder = JSONDecoder()
        return JSONSearch.values(in: self.bytes).filter { self.bytes[$0.lowerBound] == UInt8(ascii: "{") }
            .compactMap { try? decoder.decode(form, from: Data(self.bytes[$0])) }
    }

    /// Windows programs write UTF-16 at times, with a mark or without.
    private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        let isMarked = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        guard isMarked || (bytes.count >= 4 && bytes[1] == 0 && bytes[3] == 0 && bytes[0] != 0) else { return bytes }
        let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
        let rest = bytes.dropFirst(isMarked ? 2 : 0)
        let units = stride(from: rest.startIndex, to: rest.endIndex - 1, by: 2).map { (index: Int) -> UInt16 in
            let (first, second) = (UInt16(rest[index]), UInt16(rest[index + 1]))
            return isBigEndian ? (first << 8) + second : (second << 8) + first
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// Leaves out the sequences by which terminals are told colours: an escape, a bracket, and what follows up to a letter.
    private static func withoutColours(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x1B) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x1B else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 1
            guard index < bytes.count, bytes[index] == UInt8(ascii: "[") else { continue }
            index += 1
            let limit = min(index + 64, bytes.count)
            while index < limit, (0x20...0x3F).contains(bytes[index]) { index += 1 }
            if index < limit, (0x40...0x7E).contains(bytes[index]) { index += 1 }
        }
        return result
    }
}
