// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Crypto
import NIOCore
import NIOSSL
import X509

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
        let certificate = try ServerCertificates.certificate(
            publicKey: publicKey,
            subject: name,
            extensions: extensions,
            issuer: name,
            issuerKey: key
        )
        self.key = key
        self.certificate = certificate
        self.certificateDER = ServerCertificates.der(certificate)
        self.certificatePEM = PEMText.block("CERTIFICATE", self.certificateDER)
    }

    /// A TLS configuration for a server: a new key and a certificate for localhost, 127.0.0.1, ::1 and the given domain name or
    /// address of IPv4.
    func serverConfiguration(host: String) throws -> TLSConfiguration {
        var domains = ["localhost"]
        var addresses: [[UInt8]] = [[127, 0, 0, 1], Array(repeating: 0, count: 15) + [1]]
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt8($0) }
        if numbers.count == 4, parts.count == 4 {
            addresses.append(numbers)
        } else if EmulatorConfiguration.isDomain(host) {
            domains.append(host)
        }
        return try self.serverConfiguration(domains: domains, addresses: addresses)
    }

    /// A TLS configuration for a server of one name, which refuses clients that ask for another or for none in the handshake.
    func serverConfiguration(onlyFor name: String) throws -> TLSConfiguration {
        var configuration = try self.serverConfiguration(domains: [name])
        configuration.sslContextCallback = { extensions, promise in
            if extensions.serverHostname?.lowercased() == name.lowercased() {
                promise.succeed(.noChanges)
            } else {
                promise.fail(NIOSSLExtraError.invalidSNIHostname)
            }
        }
        return configuration
    }

    /// A TLS configuration for a server: a new key and a certificate for these names and no other. The first stands in the subject.
    func serverConfiguration(domains: [String], addresses: [[UInt8]] = []) throws -> TLSConfiguration {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: self.certificate.publicKey).keyIdentifier)
            try ServerCertificates.alternativeNames(domains: domains, addresses: addresses)
        }
        let leaf = try ServerCertificates.certificate(
            publicKey: publicKey,
            subject: try DistinguishedName { CommonName(domains.first ?? "localhost") },
            extensions: extensions,
            issuer: self.certificate.subject,
            issuerKey: self.key
        )
        return try ServerCertificates.configuration(chain: [ServerCertificates.der(leaf), self.certificateDER], key: key)
    }
}
#endif
