// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What a tenant's id or domain may look like. Pure.
enum TenantID {
    /// Whether the text is one or more ASCII letters, digits, dots and hyphens, and no path by itself.
    static func isValid(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text != "." && text != ".."
            && text.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The error for a tenant that can't be one.
    static func invalid(_ text: String, credential: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: """
                Invalid tenant ID provided: "\(HostileText.sanitized(text, limit: 100))". A tenant ID is a GUID or a domain; you can \
                find yours by following https://learn.microsoft.com/partner-center/find-ids-and-domain-names.
                """
        )
    }
}
