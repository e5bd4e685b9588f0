// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension DiskVault {
    /// A document as text, for tools and tests.
    package func json(isCAEEnabled: Bool = false) async throws -> [UInt8] {
        try await self.document(VaultPart(subject: .other("disk"), isCAEEnabled: isCAEEnabled)).json
    }

    /// Puts what is in a text into a document, each entry in the place of the one that it equals; for tools and tests.
    package func merge(json: [UInt8], isCAEEnabled: Bool = false) async throws {
        let added = try CacheDocument(json: json)
        try await self.update(VaultPart(subject: .other("disk"), isCAEEnabled: isCAEEnabled)) { $0.merge(added) }
    }
}

extension CacheDocument {
    /// Puts all entries of another document into this one.
    mutating func merge(_ other: CacheDocument) {
        for entry in other.accessEntries { self.insert(entry) }
        for entry in other.refreshEntries { self.insert(entry) }
        for entry in other.idEntries { self.insert(entry) }
        for entry in other.accounts { self.insert(entry) }
        for entry in other.applications { self.insert(entry) }
    }

    /// This document without the entries that another one has just the same.
    func subtracting(_ other: CacheDocument) -> CacheDocument {
        var known: Set<[UInt8]> = []
        for section in other.sections where section.kind != nil {
            for item in section.items { known.insert(Array(item.value.raw(in: other.bytes))) }
        }
        let places = Kind.allCases.flatMap { kind in
            self.places(kind) { known.contains(Array($0.value.raw(in: self.bytes))) }
        }
        var rest = self
        rest.remove(places)
        return rest
    }
}
