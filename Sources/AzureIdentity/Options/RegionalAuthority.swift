// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// The region whose token service an application uses, for first-party applications that may.
///
/// Regional token services serve Microsoft's own applications with certificates of a subject name and issuer; others are refused with
/// AADSTS100007. Only client credentials requests go there; assertions are still made out to the central token endpoint.
public struct RegionalAuthority: Sendable, Hashable, CustomStringConvertible {
    /// The region's name in lower case, such as `westeurope`, or `TryAutoDetect`.
    public let description: String

    /// The region this machine is in: `REGION_NAME`, else what the instance metadata service says within two seconds; the central token
    /// service where neither tells.
    public static let automatic = RegionalAuthority(trusted: "TryAutoDetect")

    private init(trusted: String) { self.description = trusted }

    /// Names a region.
    ///
    /// - Parameter name: The name: lower-case letters, digits and hyphens, a letter first, at most 63. `TryAutoDetect` and `true` in any
    ///   case stand for ``automatic``.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` for any other text.
    public init(_ name: String) throws {
        if ["tryautodetect", "true"].contains(name.lowercased()) {
            self = .automatic
            return
        }
        guard Self.isRegion(name) else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "RegionalAuthority",
                message: """
                    "\(HostileText.sanitized(name, limit: 100))" is not a region's name: it must be a lower-case word such as westeurope, \
                    or TryAutoDetect (AZURE_REGIONAL_AUTHORITY_NAME).
                    """
            )
        }
        self.description = name
    }

    /// Whether a text can stand before a host's name as a region.
    static func isRegion(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        guard (1...63).contains(bytes.count), let first = bytes.first, isLetter(first), bytes.last != UInt8(ascii: "-") else {
            return false
        }
        return bytes.allSatisfy {
            isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
    }
}
