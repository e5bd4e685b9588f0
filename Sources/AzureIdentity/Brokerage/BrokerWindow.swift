// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The window that a sign-in of the system's broker belongs to, and is shown in front of.
public struct BrokerWindow: Sendable, Hashable {
    /// The handle; `nil`: the console's window, else the desktop's.
    package let handle: UInt?

    /// The window of the console that the program runs in, else the desktop: for programs without windows of their own.
    public static let console = BrokerWindow(nil)

    /// A window of the program.
    ///
    /// - Parameter handle: On Windows the window's handle (`HWND`), on macOS the address of its `NSWindow`, on Linux its X11 id. Zero is
    ///   ``console``.
    public init(handle: UInt) { self.init(handle == 0 ? nil : handle) }

    private init(_ handle: UInt?) { self.handle = handle }
}
