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

/// What the certificates of the emulator's servers have in common: keys on P-256, and their form. Pure but for the clock.
enum ServerCertificates {
    /// From how many to how many days after today a certificate is valid.
    typealias Days = (from: Double, to: Double)

    /// The validity of all certificates that aren't expired on purpose.
    static let valid: Days = (-1, 30)

    static func certificate(
        publicKey: Certificate.PublicKey,
        subject: DistinguishedName,
        extensions: Certificate.Extensions,
        issuer: DistinguishedName,
        issuerKey: P256.Signing.PrivateKey,
        days: Days = Self.valid
    ) throws -> Certificate {
        let now = SystemClock().date
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(days.from * 86_400),
            notValidAfter: now.addingTimeInterval(days.to * 86_400),
            issuer: issuer,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(issuerKey)
        )
    }

    /// The extension, put together by hand: its names of addresses are of a type of another package.
    static func alternativeNames(domains: [String], addresses: [[UInt8]]) throws -> Certificate.Extension {
        let names =
            domains.map { DERWriter.element(0x82, $0.utf8) } + addresses.map { DERWriter.element(0x87, $0) }
        let plain = try Certificate.Extension(SubjectAlternativeNames([.dnsName("localhost")]), critical: false)
        return Certificate.Extension(oid: plain.oid, critical: false, value: DERWriter.sequence(names)[...])
    }

    /// The whole certificate: what was signed, the algorithm (ecdsa-with-SHA256) and the signature.
    static func der(_ certificate: Certificate) -> [UInt8] {
        let algorithm = DERWriter.sequence([DERWriter.element(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])])
        return DERWriter.sequence([
            Array(certificate.tbsCertificateBytes),
            algorithm,
            DERWriter.bitString(certificate.signature.rawRepresentation),
        ])
    }

    /// The TLS of a server with these certificates, in DER and its own first.
    static func configuration(chain: [[UInt8]], key: P256.Signing.PrivateKey) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
        configuration.shutdownTimeout = .milliseconds(500)
        return configuration
    }
}
#endif
