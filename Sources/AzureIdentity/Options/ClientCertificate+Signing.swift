// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureHTTP
import AzureCredentials
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A certificate as it is now, with what signs for it. The chain is never empty, and shows itself alone.
package struct SigningCertificate: Sendable {
    private enum Key: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case signer(ClientCertificate.Signer, _RSA.Signing.PublicKey)
    }

    /// The certificate whose key signs, then those above it in the order of their issuers.
    package let chain: [CertificateSummary]
    private let key: Key

    /// Takes what a file holds.
    init(_ file: CertificateFile) {
        self.chain = file.chain
        self.key = .rsa(file.key.key)
    }

    /// Takes certificates in DER, the one that counts first.
    init(certificates: [[UInt8]], signer: @escaping ClientCertificate.Signer) throws(CertificateProblem) {
        guard certificates.count <= CertificateLimits.certificates else {
            throw CertificateProblem("there are more than \(CertificateLimits.certificates) certificates")
        }
        let summaries = try CertificateFile.summaries(of: certificates)
        guard let leaf = summaries.first else { throw CertificateProblem("there is none") }
        let limits = CertificateLimits.keyBits
        guard leaf.publicKeyAlgorithm == RSAPrivateKey.algorithm,
            let key = try? _RSA.Signing.PublicKey(derRepresentation: leaf.subjectPublicKeyInfo),
            limits.contains(key.keySizeInBits)
        else {
            throw CertificateProblem("its key is no RSA key of \(limits.lowerBound) to \(limits.upperBound) bits")
        }
        self.chain = CertificateChain.ordered(from: leaf, among: summaries)
        self.key = .signer(signer, key)
    }

    /// Signs bytes.
    ///
    /// - Parameters:
    ///   - input: What to sign: the bytes, not a digest of them.
    ///   - algorithm: How to sign.
    /// - Returns: The signature.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` for another algorithm, and if a signer's signature doesn't fit the
    ///   certificate; whatever a signer throws.
    package func sign(_ input: [UInt8], algorithm: ClientCertificate.SignatureAlgorithm) async throws -> [UInt8] {
        let padding: _RSA.Signing.Padding
        switch algorithm {
        case .ps256: padding = .PSS
        case .rs256: padding = .insecurePKCS1v1_5
        default:
            throw ClientCertificate.error("There is no way to sign with \(HostileText.sanitized(algorithm.rawValue, limit: 40)).")
        }
        let digest = SHA256.hash(data: input)
        switch self.key {
        case .rsa(let key): return Array(try key.signature(for: digest, padding: padding).rawRepresentation)
        case .signer(let signer, let key):
            let signature = try await signer(input, algorithm)
            guard key.isValidSignature(.init(rawRepresentation: signature), for: digest, padding: padding) else {
                throw ClientCertificate.error(
                    """
                    The signer's signature doesn't fit the certificate \(self.chain[0].subjectName): it must be a signature of the SHA-256 \
                    digest of the input by \(algorithm.rawValue) with this certificate's key.
                    """
                )
            }
            return signature
        }
    }
}

extension SigningCertificate: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The subjects of the chain.
    package var description: String { self.chain.map(\.subjectName).joined(separator: "; ") }
    /// The same as ``description``.
    package var debugDescription: String { self.description }
    /// Shows the description alone.
    package var customMirror: Mirror {
        Mirror(self, children: ["chain": self.description], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
#endif
