// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// The number of the window that a sign-in is shown in front of.
enum MSALRuntimeWindow {
    static func number(of window: BrokerWindow) -> Int64 {
        guard let handle = window.handle else { return Self.console }
        return Int64(bitPattern: UInt64(handle))
    }

    #if os(Windows)
    // Not built or run here: written by the documentation.

    /// The window of the console, or what it is shown in; else the desktop's.
    private static var console: Int64 {
        typealias Window = @convention(c) () -> Int
        typealias Ancestor = @convention(c) (Int, UInt32) -> Int
        let rootOwner: UInt32 = 3
        guard let system = try? NativeLibrary(names: ["kernel32.dll"]), let user = try? NativeLibrary(names: ["user32.dll"]),
            let console: Window = try? system.function("GetConsoleWindow"),
            let ancestor: Ancestor = try? user.function("GetAncestor"),
            let desktop: Window = try? user.function("GetDesktopWindow")
        else { return 0 }
        let window = console()
        let shown = window == 0 ? 0 : ancestor(window, rootOwner)
        return Int64(shown != 0 ? shown : window != 0 ? window : desktop())
    }
    #elseif os(Linux)
    /// The library refuses 0 there, and takes what is no window at all (found out with version 0.20.7).
    private static let console: Int64 = 1
    #else
    private static let console: Int64 = 0
    #endif
}
