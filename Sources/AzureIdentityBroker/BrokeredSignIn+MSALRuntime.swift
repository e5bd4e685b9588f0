// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

extension BrokeredSignIn {
    /// The system's broker by Microsoft's broker library alone: Web Account Manager on Windows, Company Portal on macOS, Microsoft's identity
    /// broker on Linux.
    ///
    /// For programs that know where the library is, or that want it where `BrokeredSignIn.system` would ask the broker another way. The
    /// library is the user's: it comes with no program of ours, since its licence forbids that. Version 0.20.7 has been tried on Linux; the
    /// parts for Windows and macOS have never been built. Nothing is loaded before a token is asked for. A library that isn't there, doesn't
    /// load or lacks functions makes credentials throw
    /// `AuthenticationError.Code.credentialUnavailable`, with the reason and what to install.
    ///
    /// ```swift
    /// let broker = BrokeredSignIn.msalRuntime(path: "/opt/microsoft/libmsalruntime.so")
    /// ```
    ///
    /// - Parameter path: The library's absolute path; a relative one is refused when a token is asked for. `nil` leaves the search to the
    ///   system's loader: `libmsalruntime.so`, `msalruntime.dll`, and `libmsalruntime.dylib` in `/usr/local/lib` and `/opt/homebrew/lib`.
    public static func msalRuntime(path: String? = nil) -> BrokeredSignIn {
        BrokeredSignIn(client: { MSALRuntimeBroker(host: $0, path: path) }, platform: BrokerPlatform.current ?? .linux)
    }
}
