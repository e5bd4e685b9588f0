// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// The `User-Agent` of the library's requests. Pure.
package enum UserAgent {
    /// The version of this library.
    package static let libraryVersion = "0.1.0"
    /// The longest application id, in characters (Azure SDK guidelines).
    package static let applicationIDLimit = 24

    /// `[application id ]azsdk-swift-identity/<version> (<system>; <architecture>)[ <addition>]`
    ///
    /// - Parameters:
    ///   - applicationID: What the application calls itself; cut to 24 characters, with what a header can't carry left out.
    ///   - addition: The value of `AZURE_HTTP_USER_AGENT`, if set.
    package static func value(applicationID: String?, addition: String? = nil) -> String {
        var words = ["azsdk-swift-identity/\(Self.libraryVersion)", "(\(Self.system); \(Self.architecture))"]
        if let applicationID {
            let cleaned = Self.cleaned(applicationID, limit: Self.applicationIDLimit, allowsSpaces: false)
            if !cleaned.isEmpty { words.insert(cleaned, at: 0) }
        }
        if let addition {
            let cleaned = Self.cleaned(addition, limit: 200, allowsSpaces: true)
            if !cleaned.isEmpty { words.append(cleaned) }
        }
        return words.joined(separator: " ")
    }

    private static func cleaned(_ text: String, limit: Int, allowsSpaces: Bool) -> String {
        let kept = text.unicodeScalars.lazy.filter { scalar in
            (scalar.value > 0x20 && scalar.value < 0x7F) || (allowsSpaces && scalar == " ")
        }
        return String(String.UnicodeScalarView(kept.prefix(limit)))
    }

    private static var system: String {
        #if os(Linux)
        "Linux"
        #elseif os(macOS)
        "macOS"
        #elseif os(Windows)
        "Windows"
        #else
        "unknown"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "unknown"
        #endif
    }
}
