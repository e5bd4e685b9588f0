// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// What a server's certificate says of itself. Nothing of it is verified.
package struct ServerCertificate: Sendable, Hashable {
    /// The subject's name, such as `CN=localhost,O=Contoso`: cleaned, at most 200 characters.
    package let subject: String
    /// The name of whoever signed it, as ``subject``.
    package let issuer: String
    /// When it expires.
    package let notAfter: Date

    package init(subject: String, issuer: String, notAfter: Date) {
        self.subject = subject
        self.issuer = issuer
        self.notAfter = notAfter
    }
}
