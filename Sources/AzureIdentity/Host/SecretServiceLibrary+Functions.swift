// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)

extension SecretServiceLibrary {
    /// The functions of libsecret, GIO and GLib that are used, by their addresses. None takes a variable list of arguments.
    struct Functions: Sendable {
        typealias Act = GLibFunctions.Act
        typealias Ask = GLibFunctions.Ask

        /// Those that aren't libsecret's alone
        let glib: GLibFunctions
        /// `g_list_free`
        let freeList: Act
        /// `g_hash_table_new`
        let newTable: @convention(c) @Sendable (Int, Int) -> GLibPointer?
        /// `g_hash_table_insert`
        let insert: @convention(c) @Sendable (GLibPointer, GLibPointer, GLibPointer?) -> Int32
        /// `g_hash_table_unref`
        let releaseTable: Act
        /// The address of `g_str_hash`, which tables are made with
        let hashOfText: Int
        /// The address of `g_str_equal`, likewise
        let areTextsEqual: Int
        /// `g_bus_get_sync`
        let bus: @convention(c) @Sendable (Int32, GLibPointer, GLibErrorPlace) -> GLibPointer?
        /// `secret_service_get_sync`
        let service: @convention(c) @Sendable (Int32, GLibPointer, GLibErrorPlace) -> GLibPointer?
        /// `secret_service_disconnect`
        let disconnect: @convention(c) @Sendable () -> Void
        /// `secret_collection_for_alias_sync`
        let collection:
            @convention(c) @Sendable (GLibPointer?, UnsafePointer<CChar>, Int32, GLibPointer, GLibErrorPlace) -> GLibPointer?
        /// `secret_collection_get_locked`
        let isCollectionLocked: Ask
        /// `secret_service_search_sync`
        let search:
            @convention(c) @Sendable (GLibPointer?, GLibPointer, GLibPointer, Int32, GLibPointer, GLibErrorPlace) -> GLibPointer?
        /// `secret_item_get_locked`
        let isItemLocked: Ask
        /// `secret_item_get_secret`
        let secret: @convention(c) @Sendable (GLibPointer) -> GLibPointer?
        /// `secret_value_get`
        let bytes: @convention(c) @Sendable (GLibPointer, UnsafeMutablePointer<Int>) -> UnsafeRawPointer?
        /// `secret_value_unref`
        let releaseValue: Act
        /// `secret_schema_newv`
        let newSchema: @convention(c) @Sendable (UnsafePointer<CChar>, Int32, GLibPointer) -> GLibPointer?
        /// `secret_schema_unref`
        let releaseSchema: Act
        /// `secret_value_new`
        let newValue: @convention(c) @Sendable (UnsafePointer<UInt8>, Int, UnsafePointer<CChar>) -> GLibPointer?
        /// `secret_item_set_secret_sync`
        let setSecret: @convention(c) @Sendable (GLibPointer, GLibPointer, GLibPointer, GLibErrorPlace) -> Int32
        /// `secret_service_ensure_session_sync`
        let ensureSession: @convention(c) @Sendable (GLibPointer, GLibPointer, GLibErrorPlace) -> Int32
        /// `secret_service_encode_dbus_secret`
        let encodedSecret: @convention(c) @Sendable (GLibPointer, GLibPointer) -> GLibPointer?
        /// `g_dbus_proxy_get_object_path`
        let objectPath: @convention(c) @Sendable (GLibPointer) -> UnsafePointer<CChar>?

        /// The library, loaded once; `nil` where it isn't installed or lacks a function.
        static let shared = try? Functions()
    }
}

extension SecretServiceLibrary.Functions {
    /// Loads the library and looks all functions up. It stays loaded: GLib can't be unloaded.
    fileprivate init() throws {
        let library = try NativeLibrary(names: ["libsecret-1.so.0"])
        self.glib = try GLibFunctions(library)
        self.freeList = try library.function("g_list_free")
        self.newTable = try library.function("g_hash_table_new")
        self.insert = try library.function("g_hash_table_insert")
        self.releaseTable = try library.function("g_hash_table_unref")
        self.bus = try library.function("g_bus_get_sync")
        self.service = try library.function("secret_service_get_sync")
        self.disconnect = try library.function("secret_service_disconnect")
        self.collection = try library.function("secret_collection_for_alias_sync")
        self.isCollectionLocked = try library.function("secret_collection_get_locked")
        self.search = try library.function("secret_service_search_sync")
        self.isItemLocked = try library.function("secret_item_get_locked")
        self.secret = try library.function("secret_item_get_secret")
        self.bytes = try library.function("secret_value_get")
        self.releaseValue = try library.function("secret_value_unref")
        self.newSchema = try library.function("secret_schema_newv")
        self.releaseSchema = try library.function("secret_schema_unref")
        self.newValue = try library.function("secret_value_new")
        self.setSecret = try library.function("secret_item_set_secret_sync")
        self.ensureSession = try library.function("secret_service_ensure_session_sync")
        self.encodedSecret = try library.function("secret_service_encode_dbus_secret")
        self.objectPath = try library.function("g_dbus_proxy_get_object_path")
        self.hashOfText = Int(bitPattern: try library.symbol("g_str_hash"))
        self.areTextsEqual = Int(bitPattern: try library.symbol("g_str_equal"))
    }
}
#endif
