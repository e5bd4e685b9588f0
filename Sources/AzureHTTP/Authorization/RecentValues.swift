// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A table of limited size that gives up what wasn't used for the longest. Made for some dozens of entries.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var values: [Key: (value: Value, use: UInt64)] = [:]
    private var uses: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { self.values.count }

    subscript(key: Key) -> Value? {
        mutating get {
            guard let found = self.values[key] else { return nil }
            self.uses += 1
            self.values[key] = (found.value, self.uses)
            return found.value
        }
        set {
            self.uses += 1
            self.values[key] = newValue.map { ($0, self.uses) }
            guard self.values.count > self.limit, let oldest = self.values.min(by: { $0.value.use < $1.value.use }) else {
                return
            }
            self.values[oldest.key] = nil
        }
    }
}
