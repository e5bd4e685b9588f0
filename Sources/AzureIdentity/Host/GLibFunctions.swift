// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
import AzureCredentials

/// A pointer of GLib's, or of a library's that stands on it.
package typealias GLibPointer = UnsafeMutableRawPointer
/// Where GLib puts an error: `{ UInt32 domain, Int32 code, char *message }`.
package typealias GLibErrorPlace = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// The functions of GIO and GLib that all who speak on a bus use, by their addresses. None takes a variable list of arguments.
package struct GLibFunctions: Sendable {
    package typealias Answer = @convention(c) @Sendable () -> GLibPointer?
    package typealias Act = @convention(c) @Sendable (GLibPointer) -> Void
    package typealias Ask = @convention(c) @Sendable (GLibPointer) -> Int32

    /// `g_cancellable_new`
    package let newCancellation: Answer
    /// `g_cancellable_cancel`
    package let cancel: Act
    /// `g_object_unref`
    package let release: Act
    /// `g_error_free`
    package let freeError: Act
    /// `g_dbus_error_get_remote_error`: a text of the caller's
    package let remoteName: @convention(c) @Sendable (GLibPointer) -> GLibPointer?
    /// `g_dbus_error_strip_remote_error`
    package let stripRemoteName: Ask
    /// `g_free`
    package let free: Act
    /// `g_dbus_connection_set_exit_on_close`
    package let setExitsOnClose: @convention(c) @Sendable (GLibPointer, Int32) -> Void
    /// `g_dbus_connection_is_closed`
    package let isClosed: Ask
    /// `g_dbus_connection_call_sync`
    package let call:
        @convention(c) @Sendable (
            GLibPointer, UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<CChar>,
            GLibPointer?, GLibPointer?, UInt32, Int32, GLibPointer?, GLibErrorPlace
        ) -> GLibPointer?
    /// The functions that make the values of messages and read them
    package let variant: GLibVariantFunctions

    /// Looks the functions up in a library that stands on GIO.
    package init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
        self.newCancellation = try library.function("g_cancellable_new")
        self.cancel = try library.function("g_cancellable_cancel")
        self.release = try library.function("g_object_unref")
        self.freeError = try library.function("g_error_free")
        self.remoteName = try library.function("g_dbus_error_get_remote_error")
        self.stripRemoteName = try library.function("g_dbus_error_strip_remote_error")
        self.free = try library.function("g_free")
        self.setExitsOnClose = try library.function("g_dbus_connection_set_exit_on_close")
        self.isClosed = try library.function("g_dbus_connection_is_closed")
        self.call = try library.function("g_dbus_connection_call_sync")
        self.variant = try GLibVariantFunctions(library)
    }

    /// What a function answers that may put an error in a place.
    package func answer<Answer>(_ body: (GLibErrorPlace) -> Answer) throws(GLibError) -> Answer {
        var error: GLibPointer?
        let answer = body(&error)
        guard let error else { return answer }
        defer { self.freeError(error) }
        let name = self.remoteName(error)
        defer { if let name { self.free(name) } }
        _ = self.stripRemoteName(error)
        let code = error.load(fromByteOffset: 4, as: Int32.self)
        let message = error.load(fromByteOffset: 8, as: UnsafePointer<CChar>?.self).map { String(cString: $0) } ?? "error \(code)"
        throw GLibError(
            remoteName: name.map { HostileText.sanitized(String(cString: $0.assumingMemoryBound(to: CChar.self)), limit: 255) },
            message: HostileText.sanitized(message, limit: GLibError.messageLimit)
        )
    }
}

/// An error of GLib's, or one that somebody on the bus has answered with. Its texts are fit to be shown.
package struct GLibError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The longest message that is kept, in characters.
    package static let messageLimit = 1000

    /// The name of an error that came from the bus, such as `org.freedesktop.DBus.Error.NoReply`; `nil`: it is one of GLib's own.
    package let remoteName: String?
    package let message: String

    package var description: String { self.remoteName.map { "\($0): \(self.message)" } ?? self.message }
}

/// The functions of GLib that make the values of messages and read them. None takes a variable list of arguments. A value that is put into
/// another one belongs to it.
package struct GLibVariantFunctions: Sendable {
    /// `g_variant_new_string`
    package let text: @convention(c) @Sendable (UnsafePointer<CChar>) -> GLibPointer?
    /// `g_variant_new_boolean`
    package let boolean: @convention(c) @Sendable (Int32) -> GLibPointer?
    /// `g_variant_new_variant`
    package let boxed: @convention(c) @Sendable (GLibPointer) -> GLibPointer?
    /// `g_variant_new_dict_entry`
    package let entry: @convention(c) @Sendable (GLibPointer, GLibPointer) -> GLibPointer?
    /// `g_variant_new_array`
    package let array: @convention(c) @Sendable (GLibPointer?, UnsafePointer<GLibPointer>, Int) -> GLibPointer?
    /// `g_variant_new_tuple`
    package let tuple: @convention(c) @Sendable (UnsafePointer<GLibPointer>?, Int) -> GLibPointer?
    /// `g_variant_get_child_value`
    package let child: @convention(c) @Sendable (GLibPointer, Int) -> GLibPointer?
    /// `g_variant_n_children`
    package let count: @convention(c) @Sendable (GLibPointer) -> Int
    /// `g_variant_get_size`
    package let size: @convention(c) @Sendable (GLibPointer) -> Int
    /// `g_variant_get_type_string`
    package let type: @convention(c) @Sendable (GLibPointer) -> UnsafePointer<CChar>?
    /// `g_variant_get_string`
    package let contents: @convention(c) @Sendable (GLibPointer, UnsafeMutablePointer<Int>) -> UnsafePointer<CChar>?
    /// `g_variant_get_boolean`
    package let isTrue: GLibFunctions.Ask
    /// `g_variant_unref`
    package let release: GLibFunctions.Act

    fileprivate init(_ library: NativeLibrary) throws(NativeLibraryProblem) {
        self.text = try library.function("g_variant_new_string")
        self.boolean = try library.function("g_variant_new_boolean")
        self.boxed = try library.function("g_variant_new_variant")
        self.entry = try library.function("g_variant_new_dict_entry")
        self.array = try library.function("g_variant_new_array")
        self.tuple = try library.function("g_variant_new_tuple")
        self.child = try library.function("g_variant_get_child_value")
        self.count = try library.function("g_variant_n_children")
        self.size = try library.function("g_variant_get_size")
        self.type = try library.function("g_variant_get_type_string")
        self.contents = try library.function("g_variant_get_string")
        self.isTrue = try library.function("g_variant_get_boolean")
        self.release = try library.function("g_variant_unref")
    }

    /// The members of a tuple of texts. `nil`: GLib gave none, or a text has a zero byte, at which GLib would end it.
    package func texts(_ texts: [String]) -> GLibPointer? {
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { return nil }
        let members = texts.compactMap { self.text($0) }
        return members.count == texts.count ? self.tuple(members, members.count) : nil
    }

    /// The texts of a value's members, if its type is this one, of texts alone (`(s)`, `as`).
    package func texts(of value: GLibPointer, type: String) -> [String]? {
        guard self.isType(value, type) else { return nil }
        var texts: [String] = []
        for position in 0..<self.count(value) {
            guard let member = self.child(value, position) else { return nil }
            defer { self.release(member) }
            var length = 0
            guard let contents = self.contents(member, &length) else { return nil }
            texts.append(
                String(decoding: UnsafeRawBufferPointer(start: contents, count: max(0, length)), as: UTF8.self))
        }
        return texts
    }

    package func isType(_ value: GLibPointer, _ type: String) -> Bool {
        self.type(value).map { String(cString: $0) == type } ?? false
    }
}
#endif
