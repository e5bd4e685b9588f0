// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// GUIDs in their usual form, 8-4-4-4-12 hexadecimal digits. Pure.
enum GUID {
    static func isValid(_ text: String) -> Bool { text.utf8.count == 36 && UUID(uuidString: text) != nil }
}

/// Any name of a JSON object.
private struct AnyName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// A container of the keys the type knows. Fails if the object has others, so that a misspelt name is noticed.
    func strictContainer<Key: CodingKey & CaseIterable>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        let present = try self.container(keyedBy: AnyName.self).allKeys
        if let unknown = present.first(where: { !known.contains($0.stringValue) }) {
            let names = known.sorted().joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: self.codingPath,
                    debugDescription: "\"\(unknown.stringValue)\" is not known here; what is: \(names)."
                )
            )
        }
        return try self.container(keyedBy: type)
    }
}

extension KeyedDecodingContainer {
    /// Seconds, at most 1,000 million of them either way.
    func decodeSeconds(forKey key: Key) throws -> Duration? {
        guard let seconds = try self.decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard abs(seconds) <= 1e9 else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "A number of seconds is expected.")
        }
        return .seconds(seconds)
    }

    /// A whole number, zero or more.
    func decodeCount(forKey key: Key) throws -> Int? {
        guard let count = try self.decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard count >= 0 else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "A number of 0 or more is expected.")
        }
        return count
    }
}

extension KeyedEncodingContainer {
    mutating func encodeSeconds(_ duration: Duration?, forKey key: Key) throws {
        guard let duration else { return }
        try self.encode(duration / .seconds(1), forKey: key)
    }
}
