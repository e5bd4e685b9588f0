// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

/// Starts to listen at a port, `nil` for any free one. Throws `RedirectListenerProblem`.
package typealias RedirectListen =
    @Sendable (_ port: Int?, _ handler: @escaping RedirectHandler) async throws -> any RedirectListening

/// Starts a program and leaves it be. Gives its exit status, or `nil` if it still runs when the command's time is up. Throws `ToolFailure`,
/// `CancellationError`.
package typealias ProgramStart = @Sendable (_ command: ToolCommand) async throws -> Int32?

/// The system that a browser is opened on, as far as it matters for how.
package enum BrowserPlatform: Sendable {
    case unix, macOS, windows

    /// This machine's.
    package static var current: BrowserPlatform {
        #if os(Windows)
        .windows
        #elseif os(macOS)
        .macOS
        #else
        .unix
        #endif
    }
}
