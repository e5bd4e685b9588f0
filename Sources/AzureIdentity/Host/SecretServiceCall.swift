// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import AzureCredentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One conversation with the Secret Service: from `begin` to `end`, on one thread.
final class SecretServiceCall {
    let library: SecretServiceLibrary.Functions
    let cancellation: GLibPointer
    /// What the pointer lives as long as.
    private let owner: GLibCancellation
    private(set) var bus: GLibPointer?
    private(set) var service: GLibPointer?

    init?(library: SecretServiceLibrary.Functions, limit: Duration) {
        guard let owner = GLibCancellation(library.glib, limit: limit), let cancellation = owner.pointer else { return nil }
        self.library = library
        self.owner = owner
        self.cancellation = cancellation
    }

    func begin() throws(StorageProblem) {
        let sessionBus: Int32 = 2
        let bus = try self.answer { self.library.bus(sessionBus, self.cancellation, $0) }
        guard let bus else { throw StorageProblem(.unavailable, "there is no session bus") }
        self.bus = bus
        // GLib ends the program with its bus, unless told otherwise.
        self.library.glib.setExitsOnClose(bus, 0)
        self.service = try self.answer { self.library.service(0, self.cancellation, $0) }
        guard self.service != nil else { throw StorageProblem(.unavailable, "there is no Secret Service on the session bus") }
    }

    func end() {
        if let service = self.service { self.library.glib.release(service) }
        if let bus = self.bus {
            // A service that is gone isn't kept for the next call.
            if self.library.glib.isClosed(bus) != 0 { self.library.disconnect() }
            self.library.glib.release(bus)
        }
    }

    func checkDefault() throws(StorageProblem) { try self.withDefault { _ in } }

    /// Does something with the default keyring, if it isn't locked.
    private func withDefault<Result>(
        _ body: (GLibPointer) throws(StorageProblem) -> Result
    ) throws(StorageProblem) -> Result {
        let collection = try self.answer { self.library.collection(self.service, "default", 0, self.cancellation, $0) }
        guard let collection else {
            throw StorageProblem(.unavailable, "there is no default keyring, or it has never been unlocked")
        }
        defer { self.library.glib.release(collection) }
        guard self.library.isCollectionLocked(collection) == 0 else {
            throw StorageProblem(.unavailable, "the keyring is locked")
        }
        return try body(collection)
    }

    func contents(of item: SecretItem) throws(StorageProblem) -> [UInt8]? {
        let items = try self.items(item)
        defer { for item in items { self.library.glib.release(item) } }
        for item in items {
            if let found = self.secret(of: item) { return found }
        }
        if !items.isEmpty { throw StorageProblem(.unavailable, "the item in the keyring is locked") }
        return nil
    }

    /// Keeps a text in an item, a new one if there is none. Asks nobody, also if the keyring is locked meanwhile: an item's secret is set
    /// by a call that has no prompt, and the prompt that a new item may come with is dismissed instead of shown.
    func store(_ contents: [UInt8], as item: SecretItem) throws(StorageProblem) {
        guard
            let value = contents.withUnsafeBufferPointer({ bytes in
                bytes.baseAddress.flatMap { self.library.newValue($0, bytes.count, "text/plain") }
            })
        else { throw StorageProblem(.failed, "libsecret gave no answer") }
        defer { self.library.releaseValue(value) }
        let items = try self.items(item)
        defer { for item in items { self.library.glib.release(item) } }
        guard items.isEmpty else {
            guard let open = items.first(where: { self.library.isItemLocked($0) == 0 }) else {
                throw StorageProblem(.unavailable, "the item in the keyring is locked")
            }
            let isSet = try self.answer { self.library.setSecret(open, value, self.cancellation, $0) }
            guard isSet != 0 else { throw StorageProblem(.failed, "the keyring didn't store the item") }
            return
        }
        try self.withDefault { collection throws(StorageProblem) in try self.create(item, value: value, in: collection) }
    }

    /// Removes an item; whether there was one.
    func remove(_ item: SecretItem) throws(StorageProblem) -> Bool {
        let items = try self.items(item)
        defer { for item in items { self.library.glib.release(item) } }
        for item in items {
            guard self.library.isItemLocked(item) == 0, let path = self.library.objectPath(item) else {
                throw StorageProblem(.unavailable, "the item in the keyring is locked")
            }
            try self.call("Item", "Delete", at: path, nil)
        }
        return !items.isEmpty
    }

    /// All items that are this one, with their secrets, unlocking none. The caller releases them.
    private func items(_ item: SecretItem) throws(StorageProblem) -> [GLibPointer] {
        let arguments = try GLibArguments(item, self.library)
        let flags: Int32 = 1 << 1 | 1 << 3
        let list = try self.answer {
            self.library.search(self.service, arguments.schema, arguments.attributes, flags, self.cancellation, $0)
        }
        var next = list
        var items: [GLibPointer] = []
        while let entry = next {
            // struct GList { void *data; GList *next; … }
            if let item = entry.load(as: GLibPointer?.self) { items.append(item) }
            next = entry.load(fromByteOffset: MemoryLayout<GLibPointer?>.size, as: GLibPointer?.self)
        }
        if let list { self.library.freeList(list) }
        return items
    }

    private func secret(of item: GLibPointer) -> [UInt8]? {
        guard self.library.isItemLocked(item) == 0, let value = self.library.secret(item) else { return nil }
        defer { self.library.releaseValue(value) }
        var count = 0
        guard let bytes = self.library.bytes(value, &count), count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// What a function answers that may put an error in a place.
    func answer<Answer>(_ body: (GLibErrorPlace) -> Answer) throws(StorageProblem) -> Answer {
        do throws(GLibError) {
            return try self.library.glib.answer(body)
        } catch {
            throw StorageProblem(.unavailable, "the Secret Service: \(HostileText.sanitized("\(error)", limit: 200))")
        }
    }
}

/// An item's schema and attributes as GLib wants them. The texts live as long as this does.
private final class GLibArguments {
    let schema: GLibPointer
    let attributes: GLibPointer
    private let types: GLibPointer
    private let library: SecretServiceLibrary.Functions
    private var texts: [UnsafeMutablePointer<CChar>] = []

    init(_ item: SecretItem, _ library: SecretServiceLibrary.Functions) throws(StorageProblem) {
        guard let types = library.newTable(library.hashOfText, library.areTextsEqual),
            let attributes = library.newTable(library.hashOfText, library.areTextsEqual)
        else { throw StorageProblem(.failed, "libsecret gave no answer") }
        for (name, value) in item.attributes {
            guard let name = strdup(name), let value = strdup(value) else { continue }
            self.texts += [name, value]
            // An attribute's type is a number in the place of a pointer; that of texts is 0.
            _ = library.insert(types, name, nil)
            _ = library.insert(attributes, name, value)
        }
        // SECRET_SCHEMA_DONT_MATCH_NAME
        let flags: Int32 = item.matchesSchemaName ? 0 : 1 << 1
        guard let schema = library.newSchema(item.schema, flags, types) else {
            throw StorageProblem(.failed, "libsecret gave no answer")
        }
        self.schema = schema
        self.attributes = attributes
        self.types = types
        self.library = library
    }

    deinit {
        self.library.releaseSchema(self.schema)
        self.library.releaseTable(self.attributes)
        self.library.releaseTable(self.types)
        for text in self.texts { free(text) }
    }
}
#endif
