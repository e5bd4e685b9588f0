// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
public import AzureCredentials
import AzureHTTP
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A certificate with its private key, by which an application shows who it is; or with a closure that signs in place of a key.
///
/// ```swift
/// let certificate = try ClientCertificate(contentsOf: "/run/secrets/client.pem")
/// ```
///
/// Files and bytes may be
/// - **PEM**: certificates and a private key in any order, with text between them. The key is PKCS#1 (`RSA PRIVATE KEY`), PKCS#8
///   (`PRIVATE KEY`), encrypted PKCS#8 (AES or triple DES in CBC mode with PBKDF2, and the older schemes of PKCS#12), or encrypted as
///   `Proc-Type` says.
/// - **PKCS#12** (`.pfx`, `.p12`): protected by a password, by an empty one, or not at all; encrypted with AES, or, as old programs do,
///   with triple DES or RC2; in DER or BER.
///
/// The key must be an RSA key of 2048 to 4096 bits. Of several keys, the first one that has a certificate is taken; the certificate is
/// found by its key, so the order doesn't matter; of several for one key, the one that expires last is used. Those above it follow in the order of their issuers, and what doesn't belong to them is
/// left out. Nothing is said about whether anyone trusts the certificate, and an expired one can be loaded: the service decides.
///
/// Not supported, and refused with the reason: EC and other kinds of keys, scrypt, RC4 and single DES, PKCS#12 files protected by a
/// certificate. Files have at most 1 MiB, and may ask for at most 2,000,000 rounds of key derivation.
///
/// A certificate that comes from a file is read again when the file changes: put the new file in place of the old one, by renaming. While
/// the file can't be used, because it is written just then or gone, the last certificate is kept.
///
/// The description names the certificate; neither it nor a dump nor an error shows the key or the password.
///
/// Needs the trait `Cryptography`.
public struct ClientCertificate: Sendable {
    /// How an assertion is signed, by its name in JSON Web Signatures.
    public struct SignatureAlgorithm: RawRepresentable, Hashable, Sendable {
        /// The name, such as `PS256`.
        public let rawValue: String

        /// Takes a name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes: for Microsoft Entra ID.
        public static let ps256 = SignatureAlgorithm(rawValue: "PS256")
        /// RSASSA-PKCS1-v1_5 with SHA-256: for AD FS.
        public static let rs256 = SignatureAlgorithm(rawValue: "RS256")
    }

    /// Signs bytes with a key that is kept elsewhere, in a hardware module or a vault.
    ///
    /// It gets the bytes to sign, not their digest, and the algorithm, and returns the signature's bytes, as many as the key has.
    public typealias Signer = @Sendable (_ input: [UInt8], _ algorithm: SignatureAlgorithm) async throws -> [UInt8]

    private enum Source: Sendable {
        case file(CertificateFileSource)
        case fixed(SigningCertificate)
    }

    private let source: Source

    /// What tells certificates apart: credentials whose certificates are alike in it share their tokens.
    package let identity: [String]

    /// Loads a PEM or PKCS#12 file, now, and again when it has changed.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - password: The password, if the file is protected by one. Not looked at if it isn't.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if the file can't be read, has no certificate with its key, or if the
    ///   password is missing or wrong. The message says which.
    public init(contentsOf path: String, password: Secret? = nil) throws {
        let file = try CertificateFileSource(path: path, password: password)
        self.source = .file(file)
        self.identity = ["file", path] + file.last.chain.map(Self.thumbprint)
    }

    /// Loads the contents of a PEM or PKCS#12 file, such as a secret of a vault after base64 is decoded.
    ///
    /// - Parameters:
    ///   - bytes: The contents.
    ///   - password: The password, if they are protected by one. Not looked at if they aren't.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if there is no certificate with its key, or if the password is missing
    ///   or wrong. The message says which.
    public init(_ bytes: [UInt8], password: Secret? = nil) throws {
        let certificate: SigningCertificate
        do throws(CertificateProblem) {
            certificate = SigningCertificate(try CertificateFile(bytes, password: password))
        } catch {
            throw Self.error("The certificate can't be used: \(error.message).")
        }
        self.source = .fixed(certificate)
        self.identity = ["bytes"] + certificate.chain.map(Self.thumbprint)
    }

    /// Takes a certificate whose key is kept elsewhere, and what signs for it.
    ///
    /// A vault that signs digests gets the SHA-256 digest of the input; this is how Azure Key Vault does it:
    ///
    /// ```swift
    /// let certificate = try ClientCertificate(certificates: [leaf]) { input, algorithm in
    ///     let digest = Array(SHA256.hash(data: input))
    ///     return try await vault.sign(key: "client", algorithm: algorithm.rawValue, digest: digest)
    /// }
    /// ```
    ///
    /// Each signature is checked with the certificate before it is sent. Credentials share tokens if they have the same value of this type or
    /// a copy of it, not if each made its own.
    ///
    /// - Parameters:
    ///   - certificates: The certificate in DER, then those above it, in any order.
    ///   - signer: Signs with the first certificate's key. It is called once for each request of a token.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if there is no certificate, if one can't be read, or if the first one's key
    ///   is no RSA key of 2048 to 4096 bits.
    public init(certificates: [[UInt8]], signer: @escaping Signer) throws {
        let certificate: SigningCertificate
        do throws(CertificateProblem) {
            certificate = try SigningCertificate(certificates: certificates, signer: signer)
        } catch {
            throw Self.error("The certificate can't be used: \(error.message).")
        }
        self.source = .fixed(certificate)
        self.identity = ["signer", UUID().uuidString]
    }

    /// The certificate to sign with now. Looks whether the file has changed; if it has but can't be used, the last certificate stays, and the
    /// next call looks again.
    package func current() -> SigningCertificate {
        switch self.source {
        case .file(let file): file.current()
        case .fixed(let certificate): certificate
        }
    }

    /// Reads the file whether it has changed or not, for ``current()`` to give what it holds.
    package func reread() {
        if case .file(let file) = self.source { file.reread() }
    }

    /// The SHA-256 digest of a certificate, in hexadecimal digits.
    private static func thumbprint(_ certificate: CertificateSummary) -> String {
        SHA256.hash(data: certificate.der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    static func error(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "ClientCertificate", message: message)
    }
}

extension ClientCertificate: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The certificate's subject, SHA-256 thumbprint and expiry. Never the key.
    public var description: String {
        let leaf: CertificateSummary
        switch self.source {
        case .file(let file): leaf = file.last.chain[0]
        case .fixed(let certificate): leaf = certificate.chain[0]
        }
        return
            "ClientCertificate(\(leaf.subjectName), SHA-256 \(Self.thumbprint(leaf)), expires \(HTTPDate.format(leaf.notAfter)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the description alone.
    public var customMirror: Mirror {
        Mirror(self, children: ["certificate": self.description], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
#endif
