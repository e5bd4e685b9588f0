// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The parameters of a redirect: a form, or a query. Bounded. Pure.
struct RedirectParameters: Sendable, Equatable {
    private static let maximumCount = 32

    private let values: [String: String]

    /// `nil` for what is no form: bytes that aren't text, a name that occurs twice, too many names.
    init?(_ text: some Collection<UInt8>) {
        guard let pairs = FormDecoding.pairs(text, limit: Self.maximumCount) else { return nil }
        var values: [String: String] = [:]
        for pair in pairs {
            guard values.updateValue(pair.value, forKey: pair.name) == nil else { return nil }
        }
        self.values = values
    }

    /// A parameter's value; `nil` if it is missing or empty.
    subscript(name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }
}
