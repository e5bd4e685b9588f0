// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

extension BrokeredSignIn {
    /// The system's broker by Microsoft's broker library alone: Web Account Manager on Windows, Company Portal on macOS, Microsoft's identity
    /// broker on Linux.
    ///
    /// For programs that know where the library is, or that want it where `BrokeredSignIn.system` would ask the broker another way. The
    /// library is the user's: its licence forbids to pass it on. For Linux it is in PyPI's package `pymsalruntime`, in the package's folder, and
    /// needs WebKit's library (on Debian and Ubuntu `libwebkit2gtk-4.1-0`); version 0.20.7 has been tried. The parts for Windows and macOS have
    /// never been built. Nothing is loaded before a token is asked for, and what was loaded stays. A library that isn't there, doesn't load or
    /// lacks functions, and one that finds no broker, make credentials throw `AuthenticationError.Code.credentialUnavailable`, with the reason
    /// and what to install.
    ///
    /// ```swift
    /// let broker = BrokeredSignIn.msalRuntime(path: "/opt/microsoft/libmsalruntime.so")
    /// ```
    ///
    /// - Parameter path: The library's absolute path, of a regular file of this machine; a relative one, and on Windows one of another machine,
    ///   is refused when a token is asked for. `nil` leaves the search to the
    ///   system's loader: `libmsalruntime.so`, `msalruntime.dll`, and `libmsalruntime.dylib` in `/usr/local/lib` and `/opt/homebrew/lib`.
    public static func msalRuntime(path: String? = nil) -> BrokeredSignIn {
        BrokeredSignIn(
            client: { MSALRuntimeBroker(host: $0, path: path) },
            platform: BrokerPlatform.current ?? .linux,
            identity: path.map { "library at \($0)" } ?? "library"
        )
    }
}
