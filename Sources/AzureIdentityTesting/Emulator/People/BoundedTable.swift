// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Values by name, at most so many: the oldest make room for new ones. Names must not be used again after removal. Pure.
struct BoundedTable<Value: Sendable>: Sendable {
    private let limit: Int
    private var values: [String: Value] = [:]
    /// The names in the order in which they came, among them those of removed values. Those before `first` are gone.
    private var names: [String] = []
    private var first = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { self.values.count }

    subscript(name: String) -> Value? {
        get { self.values[name] }
        set {
            guard let newValue else {
                self.values[name] = nil
                return
            }
            if self.values.updateValue(newValue, forKey: name) == nil { self.enter(name) }
        }
    }

    private mutating func enter(_ name: String) {
        self.names.append(name)
        while self.values.count > self.limit, self.first < self.names.count {
            self.values[self.names[self.first]] = nil
            self.first += 1
        }
        if self.names.count > 2 * self.limit {
            self.names = self.names[self.first...].filter { self.values[$0] != nil }
            self.first = 0
        }
    }
}
