// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
package import CryptoExtras
import X509

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A client certificate with its RSA key, made on the spot, to try certificate credentials with.
///
/// ```swift
/// let certificate = try EmulatorClientCertificate.make(subject: "Backup job")
/// emulator.update { $0.tenants[0].applications[0].certificates = [.init(der: certificate.der)] }
/// ```
///
/// Its description and dumps don't show the key.
///
/// Needs the trait `Tools`.
public struct EmulatorClientCertificate: Sendable {
    /// The certificate in DER.
    public let der: [UInt8]
    /// The certificate in PEM.
    public var certificatePEM: String { PEMText.block("CERTIFICATE", self.der) }
    /// The certificate and then its key (PKCS#8, not encrypted) in PEM, as credentials read it from a file.
    public var pem: String { self.certificatePEM + self.privateKey.pkcs8PEMRepresentation + "\n" }

    package let privateKey: _RSA.Signing.PrivateKey
    private let name: DistinguishedName

    /// Makes a certificate that is signed with its own key, of 2048 bits.
    ///
    /// - Parameters:
    ///   - subject: The common name.
    ///   - validFrom: When the certificate begins to be valid. `nil`: a day ago.
    ///   - validUntil: When it expires. `nil`: 30 days from now.
    /// - Returns: The certificate with its key.
    /// - Throws: An error of the cryptographic library.
    public static func make(
        subject: String = "Azure Identity emulator, client",
        validFrom: Date? = nil,
        validUntil: Date? = nil
    ) throws -> EmulatorClientCertificate {
        try Self.make(subject: subject, issuer: nil, isAuthority: false, validFrom: validFrom, validUntil: validUntil)
    }

    /// Makes a certificate that another one vouches for; without one its own key does. `issuerName`: says that it is from somebody
    /// else.
    package static func make(
        subject: String,
        issuer: EmulatorClientCertificate?,
        issuerName: String? = nil,
        isAuthority: Bool = false,
        validFrom: Date? = nil,
        validUntil: Date? = nil
    ) throws -> EmulatorClientCertificate {
        let now = SystemClock().date
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let name = try DistinguishedName { CommonName(subject) }
        let extensions = try Certificate.Extensions {
            Critical(isAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: !isAuthority, keyCertSign: isAuthority))
            SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: validFrom ?? now.addingTimeInterval(-86_400),
            notValidAfter: validUntil ?? now.addingTimeInterval(30 * 86_400),
            issuer: try issuerName.map { text in try DistinguishedName { CommonName(text) } } ?? issuer?.name ?? name,
            subject: name,
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(issuer?.privateKey ?? key)
        )
        return EmulatorClientCertificate(der: Self.der(certificate), privateKey: key, name: name)
    }

    /// The whole certificate: what was signed, the algorithm (sha256WithRSAEncryption) and the signature.
    private static func der(_ certificate: Certificate) -> [UInt8] {
        let identifier = DERWriter.element(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B])
        return DERWriter.sequence([
            Array(certificate.tbsCertificateBytes),
            DERWriter.sequence([identifier, DERWriter.element(0x05, [])]),
            DERWriter.bitString(certificate.signature.rawRepresentation),
        ])
    }
}

extension EmulatorClientCertificate: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size of the certificate; never the key.
    public var description: String { "EmulatorClientCertificate(\(self.der.count) bytes)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the certificate.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["certificatePEM": self.certificatePEM],
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
#endif
