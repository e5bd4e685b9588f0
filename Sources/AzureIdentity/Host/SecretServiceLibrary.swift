// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What is kept in one item of the Secret Service, and how it is found.
package struct SecretItem: Sendable, Hashable {
    package var schema: String
    package var attributes: [String: String]
    package var label: String
    /// Whether it is found under its schema's name alone; otherwise the attributes count, whatever schema they are of.
    package var matchesSchemaName = true

    package init(schema: String, attributes: [String: String], label: String) {
        self.schema = schema
        self.attributes = attributes
        self.label = label
    }
}

#if os(Linux)
/// The desktop's keyring (the Secret Service) by libsecret, which is loaded when somebody asks for it.
///
/// Never unlocks anything and shows no prompt, so nobody is ever asked: what is locked counts as not there. Each call is given up after
/// its time.
package struct SecretServiceLibrary: Sendable {
    /// The time of one call.
    private let limit: Duration
    private let library: Functions

    /// Loads the library.
    ///
    /// - Throws: `StorageProblem` if it isn't installed.
    package init(limit: Duration) throws(StorageProblem) {
        guard let library = Functions.shared else {
            throw StorageProblem(.unavailable, "libsecret-1.so.0 is not installed")
        }
        self.library = library
        self.limit = limit
    }

    /// Whether there is an unlocked default keyring.
    ///
    /// - Throws: `StorageProblem` if there is no bus, no service, no keyring, or it is locked.
    package func check() throws(StorageProblem) { try self.session { call throws(StorageProblem) in try call.checkDefault() } }

    /// The text of an item; `nil` if there is none.
    package func contents(of item: SecretItem) throws(StorageProblem) -> [UInt8]? {
        try self.session { call throws(StorageProblem) in
            try call.checkDefault()
            return try call.contents(of: item)
        }
    }

    /// Keeps a text, which may not have a zero byte, in an item of the default keyring.
    package func store(_ contents: [UInt8], as item: SecretItem) throws(StorageProblem) {
        guard !contents.contains(0) else { throw StorageProblem(.failed, "a text with a zero byte can't be kept in the keyring") }
        try self.session { call throws(StorageProblem) in
            try call.checkDefault()
            try call.store(contents, as: item)
        }
    }

    /// Removes an item; whether there was one.
    package func remove(_ item: SecretItem) throws(StorageProblem) -> Bool {
        try self.session { call throws(StorageProblem) in
            try call.checkDefault()
            return try call.remove(item)
        }
    }

    private func session<Result>(_ body: (SecretServiceCall) throws(StorageProblem) -> Result) throws(StorageProblem) -> Result {
        guard let call = SecretServiceCall(library: self.library, limit: self.limit) else {
            throw StorageProblem(.failed, "libsecret gave no answer")
        }
        defer { call.end() }
        try call.begin()
        return try body(call)
    }
}
#else
/// There is no Secret Service on this system.
package struct SecretServiceLibrary: Sendable {
    package init(limit: Duration) throws(StorageProblem) {
        throw StorageProblem(.unavailable, "there is no Secret Service on this system")
    }

    package func check() throws(StorageProblem) {}
    package func contents(of item: SecretItem) throws(StorageProblem) -> [UInt8]? { nil }
    package func store(_ contents: [UInt8], as item: SecretItem) throws(StorageProblem) {}
    package func remove(_ item: SecretItem) throws(StorageProblem) -> Bool { false }
}
#endif
