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

/// A pointer of GLib's or libsecret's.
typealias GLibPointer = UnsafeMutableRawPointer
/// Where GLib puts an error: `{ UInt32 domain, Int32 code, char *message }`.
typealias GLibErrorPlace = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// One conversation with the Secret Service: from `begin` to `end`, on one thread.
final class SecretServiceCall {
    private let library: SecretServiceLibrary.Functions
    private let cancellation: GLibPointer
    private var bus: GLibPointer?
    private var service: GLibPointer?

    init(library: SecretServiceLibrary.Functions, cancellation: GLibPointer) {
        self.library = library
        self.cancellation = cancellation
    }

    func begin() throws(StorageProblem) {
        let sessionBus: Int32 = 2
        let bus = try self.answer { self.library.bus(sessionBus, self.cancellation, $0) }
        guard let bus else { throw StorageProblem(.unavailable, "there is no session bus") }
        self.bus = bus
        // GLib ends the program with its bus, unless told otherwise.
        self.library.setExitsOnClose(bus, 0)
        self.service = try self.answer { self.library.service(0, self.cancellation, $0) }
        guard self.service != nil else { throw StorageProblem(.unavailable, "there is no Secret Service on the session bus") }
    }

    func end() {
        if let service = self.service { self.library.release(service) }
        if let bus = self.bus {
            // A service that is gone isn't kept for the next call.
            if self.library.isClosed(bus) != 0 { self.library.disconnect() }
            self.library.release(bus)
        }
    }

    func checkDefault() throws(StorageProblem) {
        let collection = try self.answer { self.library.collection(self.service, "default", 0, self.cancellation, $0) }
        guard let collection else {
            throw StorageProblem(.unavailable, "there is no default keyring, or it has never been unlocked")
        }
        defer { self.library.release(collection) }
        guard self.library.isCollectionLocked(collection) == 0 else {
            throw StorageProblem(.unavailable, "the keyring is locked")
        }
    }

    func contents(of item: SecretItem) throws(StorageProblem) -> [UInt8]? {
        let arguments = try GLibArguments(item, self.library)
        // All of them, with their secrets, and unlocking none.
        let flags: Int32 = 1 << 1 | 1 << 3
        let list = try self.answer {
            self.library.search(self.service, arguments.schema, arguments.attributes, flags, self.cancellation, $0)
        }
        var next = list
        var found: [UInt8]?
        while let entry = next {
            // struct GList { void *data; GList *next; … }
            if let item = entry.load(as: GLibPointer?.self) {
                if found == nil { found = self.secret(of: item) }
                self.library.release(item)
            }
            next = entry.load(fromByteOffset: MemoryLayout<GLibPointer?>.size, as: GLibPointer?.self)
        }
        if let list { self.library.freeList(list) }
        if found == nil, list != nil { throw StorageProblem(.unavailable, "the item in the keyring is locked") }
        return found
    }

    func store(_ contents: [UInt8], as item: SecretItem) throws(StorageProblem) {
        let arguments = try GLibArguments(item, self.library)
        let text = contents + [0]
        let isStored = try self.answer {
            self.library.store(arguments.schema, arguments.attributes, nil, item.label, text, self.cancellation, $0)
        }
        guard isStored != 0 else { throw StorageProblem(.failed, "the keyring didn't store the item") }
    }

    private func secret(of item: GLibPointer) -> [UInt8]? {
        guard self.library.isItemLocked(item) == 0, let value = self.library.secret(item) else { return nil }
        defer { self.library.releaseValue(value) }
        var count = 0
        guard let bytes = self.library.bytes(value, &count), count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// What a function answers that may put an error in a place.
    private func answer<Answer>(_ body: (GLibErrorPlace) -> Answer) throws(StorageProblem) -> Answer {
        var error: GLibPointer?
        let answer = body(&error)
        guard let error else { return answer }
        defer { self.library.freeError(error) }
        let code = error.load(fromByteOffset: 4, as: Int32.self)
        let message = error.load(fromByteOffset: 8, as: UnsafePointer<CChar>?.self).map { String(cString: $0) } ?? "error \(code)"
        throw StorageProblem(.unavailable, "the Secret Service: \(HostileText.sanitized(message, limit: 200))")
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
        guard let schema = library.newSchema(item.schema, 0, types) else {
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
