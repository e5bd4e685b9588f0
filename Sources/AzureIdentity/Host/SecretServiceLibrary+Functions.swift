// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)

extension SecretServiceLibrary {
    /// The functions of libsecret, GIO and GLib that are used, by their addresses. None takes a variable list of arguments.
    struct Functions: Sendable {
        typealias Answer = @convention(c) @Sendable () -> GLibPointer?
        typealias Act = @convention(c) @Sendable (GLibPointer) -> Void
        typealias Ask = @convention(c) @Sendable (GLibPointer) -> Int32

        /// `g_cancellable_new`
        let newCancellation: Answer
        /// `g_cancellable_cancel`
        let cancel: Act
        /// `g_object_unref`
        let release: Act
        /// `g_error_free`
        let freeError: Act
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
        /// `g_dbus_connection_set_exit_on_close`
        let setExitsOnClose: @convention(c) @Sendable (GLibPointer, Int32) -> Void
        /// `g_dbus_connection_is_closed`
        let isClosed: Ask
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
        /// `g_dbus_connection_call_sync`
        let call:
            @convention(c) @Sendable (
                GLibPointer, UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>,
                GLibPointer?, GLibPointer?, UInt32, Int32, GLibPointer, GLibErrorPlace
            ) -> GLibPointer?
        /// The functions that make messages and read them
        let variant: Variant

        /// The library, loaded once; `nil` where it isn't installed or lacks a function.
        static let shared = try? Functions()
    }
}

extension SecretServiceLibrary.Functions {
    /// Loads the library and looks all functions up. It stays loaded: GLib can't be unloaded.
    fileprivate init() throws {
        let library = try NativeLibrary(names: ["libsecret-1.so.0"])
        self.newCancellation = try library.function("g_cancellable_new")
        self.cancel = try library.function("g_cancellable_cancel")
        self.release = try library.function("g_object_unref")
        self.freeError = try library.function("g_error_free")
        self.freeList = try library.function("g_list_free")
        self.newTable = try library.function("g_hash_table_new")
        self.insert = try library.function("g_hash_table_insert")
        self.releaseTable = try library.function("g_hash_table_unref")
        self.bus = try library.function("g_bus_get_sync")
        self.setExitsOnClose = try library.function("g_dbus_connection_set_exit_on_close")
        self.isClosed = try library.function("g_dbus_connection_is_closed")
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
        self.call = try library.function("g_dbus_connection_call_sync")
        self.variant = try Variant(library)
        self.hashOfText = Int(bitPattern: try library.symbol("g_str_hash"))
        self.areTextsEqual = Int(bitPattern: try library.symbol("g_str_equal"))
    }
}

extension SecretServiceLibrary.Functions {
    /// The functions of GLib that make the values of messages. None takes a variable list of arguments. A value that is put into another
    /// one belongs to it.
    struct Variant: Sendable {
        /// `g_variant_new_string`
        let text: @convention(c) @Sendable (UnsafePointer<CChar>) -> GLibPointer?
        /// `g_variant_new_boolean`
        let boolean: @convention(c) @Sendable (Int32) -> GLibPointer?
        /// `g_variant_new_variant`
        let boxed: @convention(c) @Sendable (GLibPointer) -> GLibPointer?
        /// `g_variant_new_dict_entry`
        let entry: @convention(c) @Sendable (GLibPointer, GLibPointer) -> GLibPointer?
        /// `g_variant_new_array`
        let array: @convention(c) @Sendable (GLibPointer?, UnsafePointer<GLibPointer>, Int) -> GLibPointer?
        /// `g_variant_new_tuple`
        let tuple: @convention(c) @Sendable (UnsafePointer<GLibPointer>, Int) -> GLibPointer?
        /// `g_variant_get_child_value`
        let child: @convention(c) @Sendable (GLibPointer, Int) -> GLibPointer?
        /// `g_variant_n_children`
        let count: @convention(c) @Sendable (GLibPointer) -> Int
        /// `g_variant_get_type_string`
        let type: @convention(c) @Sendable (GLibPointer) -> UnsafePointer<CChar>?
        /// `g_variant_get_string`
        let contents: @convention(c) @Sendable (GLibPointer, UnsafeMutablePointer<Int>) -> UnsafePointer<CChar>?
        /// `g_variant_unref`
        let release: Act

        fileprivate init(_ library: NativeLibrary) throws {
            self.text = try library.function("g_variant_new_string")
            self.boolean = try library.function("g_variant_new_boolean")
            self.boxed = try library.function("g_variant_new_variant")
            self.entry = try library.function("g_variant_new_dict_entry")
            self.array = try library.function("g_variant_new_array")
            self.tuple = try library.function("g_variant_new_tuple")
            self.child = try library.function("g_variant_get_child_value")
            self.count = try library.function("g_variant_n_children")
            self.type = try library.function("g_variant_get_type_string")
            self.contents = try library.function("g_variant_get_string")
            self.release = try library.function("g_variant_unref")
        }
    }
}
#endif
