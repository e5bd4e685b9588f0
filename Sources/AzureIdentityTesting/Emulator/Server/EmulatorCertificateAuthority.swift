// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import Crypto
import NIOCore
import NIOSSL
import X509

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A certificate authority for servers of the emulator, made on the spot and valid for 30 days.
///
/// A client trusts the servers by trusting ``certificatePEM``. The authority's key never leaves the process.
///
/// Needs the trait `Tools`.
public final class EmulatorCertificateAuthority: Sendable {
    /// The authority's certificate in PEM.
    public let certificatePEM: String

    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate
    private let certificateDER: [UInt8]

    /// Makes an authority with a new key.
    ///
    /// - Throws: An error of the cryptographic library.
    public init() throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName {
            CommonName("Azure Identity emulator authority \(UInt32.random(in: .min ... .max))")
        }
        let publicKey = Certificate.PublicKey(key.publicKey)
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: publicKey)
        }
        let certificate = try Self.certificate(
            publicKey: publicKey,
            subject: name,
            extensions: extensions,
            issuer: name,
            issuerKey: key
        )
        self.key = key
        self.certificate = certificate
        self.certificateDER = Self.der(certificate)
        self.certificatePEM = PEMText.block("CERTIFICATE", self.certificateDER)
    }

    /// A TLS configuration for a server: a new key and a certificate for localhost, 127.0.0.1, ::1 and the given domain name or
    /// address of IPv4.
    func serverConfiguration(host: String) throws -> TLSConfiguration {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: self.certificate.publicKey).keyIdentifier)
            try Self.subjectAlternativeNames(host: host)
        }
        let leaf = try Self.certificate(
            publicKey: publicKey,
            subject: try DistinguishedName { CommonName("localhost") },
            extensions: extensions,
            issuer: self.certificate.subject,
            issuerKey: self.key
        )
        let chain = [Self.der(leaf), self.certificateDER]
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
        configuration.shutdownTimeout = .milliseconds(500)
        return configuration
    }

    private static func certificate(
        publicKey: Certificate.PublicKey,
        subject: DistinguishedName,
        extensions: Certificate.Extensions,
        issuer: DistinguishedName,
        issuerKey: P256.Signing.PrivateKey
    ) throws -> Certificate {
        let now = SystemClock().date
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(30 * 86_400),
            issuer: issuer,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(issuerKey)
        )
    }

    /// The extension, put together by hand: its names of addresses are of a type of another package.
    private static func subjectAlternativeNames(host: String) throws -> Certificate.Extension {
        var names: [[UInt8]] = [
            DERWriter.element(0x82, "localhost".utf8),
            DERWriter.element(0x87, [127, 0, 0, 1]),
            DERWriter.element(0x87, Array(repeating: 0, count: 15) + [1]),
        ]
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt8($0) }
        if numbers.count == 4, parts.count == 4 {
            names.append(DERWriter.element(0x87, numbers))
        } else if EmulatorConfiguration.isDomain(host) {
            names.append(DERWriter.element(0x82, host.utf8))
        }
        let plain = try Certificate.Extension(SubjectAlternativeNames([.dnsName("localhost")]), critical: false)
        return Certificate.Extension(oid: plain.oid, critical: false, value: DERWriter.sequence(names)[...])
    }

    /// The whole certificate: what was signed, the algorithm (ecdsa-with-SHA256) and the signature.
    private static func der(_ certificate: Certificate) -> [UInt8] {
        let algorithm = DERWriter.sequence([DERWriter.element(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])])
        return DERWriter.sequence([
            Array(certificate.tbsCertificateBytes),
            algorithm,
            DERWriter.bitString(certificate.signature.rawRepresentation),
        ])
    }
}
#endif
