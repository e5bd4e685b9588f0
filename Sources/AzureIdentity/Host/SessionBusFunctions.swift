// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
/// The functions of GIO that a connection is made and ended with, by their addresses. None takes a variable list of arguments.
package struct SessionBusFunctions: Sendable {
    /// Where they were found
    package let library: NativeLibrary
    /// Those that aren't for connections alone
    package let glib: GLibFunctions
    /// `g_dbus_connection_new_for_address_sync`
    package let connect:
        @convention(c) @Sendable (UnsafePointer<CChar>, Int32, GLibPointer?, GLibPointer?, GLibErrorPlace) -> GLibPointer?
    /// `g_dbus_connection_close_sync`
    package let close: @convention(c) @Sendable (GLibPointer, GLibPointer?, GLibErrorPlace) -> Int32

    private init() throws(NativeLibraryProblem) {
        let library = try NativeLibrary(names: ["libgio-2.0.so.0"])
        self.library = library
        self.glib = try GLibFunctions(library)
        self.connect = try library.function("g_dbus_connection_new_for_address_sync")
        self.close = try library.function("g_dbus_connection_close_sync")
    }

    /// The library, loaded once; a problem where it isn't installed or lacks a function. Blocks the first time.
    package static let shared: Result<SessionBusFunctions, SessionBusProblem> = {
        do throws(NativeLibraryProblem) {
            return .success(try SessionBusFunctions())
        } catch {
            return .failure(SessionBusProblem(.noLibrary, "GLib's libgio-2.0.so.0 can't be used: \(error.reason)"))
        }
    }()
}
#endif
