// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A token cache as the libraries of Microsoft share it: JSON with sections of entries, each under a key that every library makes in
/// its own way. Pure.
///
/// Entries are found by their members, never by their keys. What isn't changed stays as it was written, byte for byte: unknown sections
/// and members, and entries that make no sense. Members are read when they are asked for, so that opening a large document is quick.
package struct CacheDocument: Sendable {
    /// A known section.
    enum Kind: Sendable, CaseIterable {
        case access, refresh, id, account, application
    }

    struct Section: Sendable {
        let name: CacheText
        /// `nil` for a section that isn't known, or is no object.
        let kind: Kind?
        /// All of it as it was written; of a known section, what its items say counts.
        var value: CacheText?
        var items: [Item] = []
    }

    struct Item: Sendable {
        let key: CacheText
        let value: CacheText
        /// In the order of the kind's members; nothing, if the entry is no object.
        let fields: [CacheText]
    }

    /// What has been read or written, in the order in which that happened. Sections say what of it is still there.
    private(set) var bytes: [UInt8]
    private(set) var sections: [Section]
    /// How many bytes are of entries that are gone.
    private var goneCount = 0
    /// Whether there was no room for an entry.
    private var hasOverflowed = false

    init() {
        self.bytes = []
        self.sections = []
    }

    /// Reads a document. Nothing at all is an empty one, as a file is that was only touched.
    ///
    /// - Parameter json: The document, with a byte order mark or without.
    /// - Throws: `CacheProblem` if it is no JSON object, too large or too deep.
    init(json: [UInt8]) throws(CacheProblem) {
        self.init()
        guard !json.isEmpty else { return }
        self.bytes = json.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(json.dropFirst(3)) : json
        var reader = CacheReader(self.bytes)
        self.sections = try reader.document()
    }

    /// The document.
    var json: [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(self.bytes.count - self.goneCount + 64)
        json.append(UInt8(ascii: "{"))
        for (position, section) in self.sections.enumerated() {
            if position > 0 { json.append(UInt8(ascii: ",")) }
            json.append(contentsOf: section.name.raw(in: self.bytes))
            json.append(UInt8(ascii: ":"))
            if section.kind == nil, let value = section.value {
                json.append(contentsOf: value.raw(in: self.bytes))
            } else {
                self.append(section.items, to: &json)
            }
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private func append(_ items: [Item], to json: inout [UInt8]) {
        json.append(UInt8(ascii: "{"))
        for (position, item) in items.enumerated() {
            if position > 0 { json.append(UInt8(ascii: ",")) }
            json.append(contentsOf: item.key.raw(in: self.bytes))
            json.append(UInt8(ascii: ":"))
            json.append(contentsOf: item.value.raw(in: self.bytes))
        }
        json.append(UInt8(ascii: "}"))
    }

    /// Whether no entry is in it, and nothing that isn't known.
    var isEmpty: Bool { self.sections.allSatisfy { $0.kind != nil && $0.items.isEmpty } }

    /// Whether there was no room for an entry since this was last asked: who changes the document has to say so.
    mutating func takeOverflow() -> Bool {
        defer { self.hasOverflowed = false }
        return self.hasOverflowed
    }

    /// What an overflow is to who wanted something to be kept.
    static let overflow = CacheProblem("there is no room for it: the document has as much as one may have")

    /// How many entries it has, those that make no sense included.
    var count: Int { self.sections.reduce(0) { $0 + $1.items.count } }
}

extension CacheDocument: Equatable {
    /// Whether both are written the same.
    package static func == (lhs: CacheDocument, rhs: CacheDocument) -> Bool {
        lhs.count == rhs.count && lhs.json == rhs.json
    }
}

extension CacheDocument: CustomStringConvertible, CustomReflectable {
    /// How much is in it; never what.
    package var description: String { "CacheDocument(\(self.count) entries)" }

    /// Shows nothing of what is in it.
    package var customMirror: Mirror {
        Mirror(self, children: ["count": self.count], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}

// Changes. Bytes are appended and never overwritten.
extension CacheDocument {
    /// Where an entry is.
    struct Place: Hashable {
        let section: Int
        let item: Int
    }

    /// Where the entries of a kind are for which a condition holds, in order.
    func places(_ kind: Kind, where condition: (Item) -> Bool) -> [Place] {
        var places: [Place] = []
        for section in self.sections.indices where self.sections[section].kind == kind {
            for item in self.sections[section].items.indices where condition(self.sections[section].items[item]) {
                places.append(Place(section: section, item: item))
            }
        }
        return places
    }

    subscript(place: Place) -> Item { self.sections[place.section].items[place.item] }

    /// Removes entries.
    mutating func remove(_ places: [Place]) {
        guard !places.isEmpty else { return }
        for (section, places) in Dictionary(grouping: places, by: \.section) {
            let gone = Set(places.map(\.item))
            self.goneCount += places.reduce(0) { $0 + self.size(self[$1]) }
            let rest = self.sections[section].items.enumerated().lazy.filter { !gone.contains($0.offset) }.map(\.element)
            self.sections[section].items = Array(rest)
        }
        self.tidyUp()
    }

    /// Puts an entry in the place of the first of others and removes the rest of them; without others, behind the last entry.
    /// Leaves it out if the document would get too large to be read again; see `takeOverflow`.
    ///
    /// - Parameters:
    ///   - entry: Its key and its value, as JSON.
    ///   - kind: Its kind.
    ///   - places: What it replaces.
    mutating func put(_ entry: [UInt8], _ kind: Kind, replacing places: [Place]) {
        guard self.bytes.count - self.goneCount + entry.count + 64 <= CacheReader.maximumSize,
            self.count < CacheReader.maximumCount
        else {
            self.hasOverflowed = true
            return
        }
        let start = self.bytes.count
        self.bytes.append(contentsOf: entry)
        guard let item = Self.item(kind, in: self.bytes, at: start) else { return }
        if let first = places.first {
            self.goneCount += self.size(self[first])
            self.sections[first.section].items[first.item] = item
            self.remove(Array(places.dropFirst()))
        } else {
            let section = self.sections.lastIndex { $0.kind == kind } ?? self.addSection(kind)
            self.sections[section].items.append(item)
        }
        self.tidyUp()
    }

    private static func item(_ kind: Kind, in bytes: [UInt8], at start: Int) -> Item? {
        var reader = CacheReader(bytes, at: start)
        return try? reader.item(kind)
    }

    /// A section for entries of a kind. It takes the place of one by that name that is no object.
    private mutating func addSection(_ kind: Kind) -> Int {
        let name = self.bytes.count + 1
        self.bytes.append(contentsOf: [UInt8(ascii: "\"")] + kind.section + [UInt8(ascii: "\"")])
        let section = Section(name: CacheText(name..<self.bytes.count - 1, .string), kind: kind, value: nil)
        if let old = self.sections.firstIndex(where: { $0.name.equals(kind.section, in: self.bytes) }) {
            self.sections[old] = section
            return old
        }
        self.sections.append(section)
        return self.sections.count - 1
    }

    private func size(_ item: Item) -> Int { Int(item.key.count) + Int(item.value.count) + 4 }

    /// Forgets the bytes of what is gone once they are as many as the others, so that neither time nor memory is wasted.
    private mutating func tidyUp() {
        guard self.goneCount > 1024, self.goneCount > self.bytes.count / 2,
            var tidied = try? CacheDocument(json: self.json)
        else { return }
        tidied.hasOverflowed = self.hasOverflowed
        self = tidied
    }
}
