// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto
import SwiftASN1

/// What shows that a PKCS#12 file is whole and the password right: a code over its contents. The rounds are within the budget.
struct PKCS12Integrity {
    private enum Scheme {
        case pkcs12(HashKind, salt: [UInt8], iterations: Int)
        case pbmac1(HashKind, PBKDF2Parameters, keyLength: Int)
    }

    private enum HashKind {
        case sha1
        case sha256
        case sha384
        case sha512
    }

    private static let what = "the integrity check of the PKCS#12 file"

    private let scheme: Scheme
    private let code: [UInt8]

    /// Reads a `MacData`.
    init(_ node: ASN1Node, budget: inout IterationBudget) throws(CertificateProblem) {
        var members = try ASN1Members(of: node, what: Self.what)
        var info = try members.members()
        var algorithm = try info.members()
        self.code = try Array(info.octets())
        let salt = try Array(members.octets())
        let iterations = try members.countIfPresent() ?? 1
        try members.end()
        let identifier = try algorithm.objectIdentifier()
        if identifier == "1.2.840.113549.1.5.14" {
            var parameters = try algorithm.members()
            let derivation = try PBKDF2Parameters(parameters.next(.sequence), what: Self.what, budget: &budget)
            var hash = try parameters.members()
            guard let length = derivation.keyLength, 1...64 ~= length else { throw members.problem }
            self.scheme = .pbmac1(try Self.kind(hash.objectIdentifier()), derivation, keyLength: length)
        } else {
            guard salt.count <= CertificateLimits.saltSize else { throw members.problem }
            self.scheme = .pkcs12(try Self.kind(identifier), salt: salt, iterations: iterations)
            try budget.spend(iterations)
        }
    }

    private static func kind(_ identifier: String) throws(CertificateProblem) -> HashKind {
        switch identifier {
        case "1.3.14.3.2.26", "1.2.840.113549.2.7": return .sha1
        case "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9": return .sha256
        case "2.16.840.1.101.3.4.2.2", "1.2.840.113549.2.10": return .sha384
        case "2.16.840.1.101.3.4.2.3", "1.2.840.113549.2.11": return .sha512
        default: throw CertificateProblem("the hash function of its integrity check, \(identifier), is not supported")
        }
    }

    /// Whether the contents are what they were when the code was made with this password.
    func holds(_ contents: ArraySlice<UInt8>, passphrase: Passphrase) throws(CertificateProblem) -> Bool {
        switch self.scheme {
        case .pkcs12(.sha1, let salt, let iterations):
            return self.holds(Insecure.SHA1.self, contents, passphrase, salt, iterations)
        case .pkcs12(.sha256, let salt, let iterations): return self.holds(SHA256.self, contents, passphrase, salt, iterations)
        case .pkcs12(.sha384, let salt, let iterations): return self.holds(SHA384.self, contents, passphrase, salt, iterations)
        case .pkcs12(.sha512, let salt, let iterations): return self.holds(SHA512.self, contents, passphrase, salt, iterations)
        case .pbmac1(let hash, let derivation, let length):
            let key = try derivation.key(passphrase, byteCount: length)
            return switch hash {
            case .sha1: self.holds(Insecure.SHA1.self, contents, key)
            case .sha256: self.holds(SHA256.self, contents, key)
            case .sha384: self.holds(SHA384.self, contents, key)
            case .sha512: self.holds(SHA512.self, contents, key)
            }
        }
    }

    private func holds<Hash: HashFunction>(
        _: Hash.Type,
        _ contents: ArraySlice<UInt8>,
        _ passphrase: Passphrase,
        _ salt: [UInt8],
        _ iterations: Int
    ) -> Bool {
        let derivation = PKCS12KeyDerivation(passphrase: passphrase, salt: salt, iterations: iterations)
        let key = derivation.bytes(Hash.self, purpose: .integrityKey, count: Hash.Digest.byteCount)
        return self.holds(Hash.self, contents, SymmetricKey(data: key))
    }

    /// Compares in a time that doesn't depend on where the codes differ.
    private func holds<Hash: HashFunction>(_: Hash.Type, _ contents: ArraySlice<UInt8>, _ key: SymmetricKey) -> Bool {
        HMAC<Hash>.isValidAuthenticationCode(self.code, authenticating: Array(contents), using: key)
    }
}
#endif
