// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Any name of an object in a document.
private struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// An object with no other names than these, so that a misspelt one is noticed.
    func documentContainer<Key: CodingKey & CaseIterable>(_ keys: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        if let unknown = try self.container(keyedBy: AnyName.self).allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: self.codingPath,
                    debugDescription: """
                        "\(HostileText.sanitized(unknown.stringValue, limit: 60))" is not known here; what is: \
                        \(known.sorted().joined(separator: ", ")).
                        """
                )
            )
        }
        return try self.container(keyedBy: keys)
    }

    /// One of some values, by its name.
    func choice<Value>(among values: [Value], _ name: KeyPath<Value, String>) throws -> Value {
        let container = try self.singleValueContainer()
        let text = try container.decode(String.self)
        if let value = values.first(where: { $0[keyPath: name] == text }) { return value }
        throw DecodingError.dataCorruptedError(
            in: container,
            debugDescription: """
                "\(HostileText.sanitized(text, limit: 60))" is not known here; what is: \
                \(values.map { $0[keyPath: name] }.joined(separator: ", ")).
                """
        )
    }
}

extension KeyedDecodingContainer {
    /// A text that isn't empty.
    func text(_ key: Key) throws -> String? {
        guard let text = try self.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard !text.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "A text is expected that isn't empty.")
        }
        return text
    }
}
