// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP

/// What is read of a certificate file at most; more is refused, so that no file can keep the process busy.
enum CertificateLimits {
    /// Bytes of a file.
    static let fileSize = 1 << 20
    /// Certificates in a file.
    static let certificates = 64
    /// Private keys in a file.
    static let keys = 16
    /// PEM blocks in a file, of whatever kind.
    static let blocks = 256
    /// Rounds of key derivation that a file asks for, all its parts together.
    static let iterations = 2_000_000
    /// Bytes of a salt.
    static let saltSize = 1024
    /// PKCS#12 bags in one another.
    static let bagDepth = 3
    /// Bits of an RSA key.
    static let keyBits = 2048...4096
}

/// The rounds of key derivation that a file may still ask for.
struct IterationBudget {
    private var rest = CertificateLimits.iterations

    /// Takes rounds away, before they are done.
    mutating func spend(_ iterations: Int) throws(CertificateProblem) {
        guard iterations > 0 else { throw CertificateProblem("it asks for no round of key derivation") }
        guard iterations <= self.rest else {
            throw CertificateProblem("it asks for more than \(CertificateLimits.iterations) rounds of key derivation")
        }
        self.rest -= iterations
    }
}

/// What stands in a file: certificates in DER and private keys, in the file's order.
struct CertificateContents {
    private(set) var certificates: [[UInt8]] = []
    private(set) var keys: [PrivateKeySource] = []

    mutating func add(certificate: [UInt8]) throws(CertificateProblem) {
        guard self.certificates.count < CertificateLimits.certificates else {
            throw CertificateProblem("it holds more than \(CertificateLimits.certificates) certificates")
        }
        self.certificates.append(certificate)
    }

    mutating func add(key: PrivateKeySource) throws(CertificateProblem) {
        guard self.keys.count < CertificateLimits.keys else {
            throw CertificateProblem("it holds more than \(CertificateLimits.keys) private keys")
        }
        self.keys.append(key)
    }
}

/// A private key with its certificate and the certificates that vouch for that, read from a PEM or PKCS#12 file.
///
/// The key and the first certificate belong together; each further certificate is the issuer of the one before.
struct CertificateFile: Sendable {
    let key: RSAPrivateKey
    let chain: [CertificateSummary]

    /// Reads a file's bytes. A password that isn't needed is not looked at.
    init(_ bytes: [UInt8], password: Secret?) throws(CertificateProblem) {
        guard !bytes.isEmpty else { throw CertificateProblem("it is empty") }
        guard bytes.count <= CertificateLimits.fileSize else {
            throw CertificateProblem("it is larger than \(CertificateLimits.fileSize) bytes")
        }
        var budget = IterationBudget()
        let contents: CertificateContents
        if PEMBlock.isPEM(bytes) {
            contents = try PEMBlock.contents(of: bytes)
        } else {
            contents = try PKCS12Reader.contents(of: bytes, password: password, budget: &budget)
        }
        try self.init(contents, password: password, budget: &budget)
    }

    private init(
        _ contents: CertificateContents,
        password: Secret?,
        budget: inout IterationBudget
    ) throws(CertificateProblem) {
        switch (contents.certificates.isEmpty, contents.keys.isEmpty) {
        case (true, true): throw CertificateProblem("it holds neither a certificate nor a private key")
        case (true, false): throw CertificateProblem("it holds a private key, but no certificate")
        case (false, true): throw CertificateProblem("it holds a certificate, but no private key")
        case (false, false): break
        }
        let certificates = try Self.summaries(of: contents.certificates)
        var problem: CertificateProblem?
        for source in contents.keys {
            do throws(CertificateProblem) {
                let key = try source.key(password: password, budget: &budget)
                // A key may have several certificates, after a renewal: the one that is valid for longest counts.
                let own = certificates.filter { $0.subjectPublicKeyInfo == key.subjectPublicKeyInfo }
                guard let leaf = own.reversed().max(by: { $0.notAfter < $1.notAfter }) else {
                    throw Self.mismatch(certificates)
                }
                self.key = key
                self.chain = CertificateChain.ordered(from: leaf, among: certificates)
                return
            } catch {
                problem = problem ?? error
            }
        }
        throw problem ?? Self.mismatch(certificates)
    }

    /// Reads certificates; says which of several it is that can't be read.
    static func summaries(of certificates: [[UInt8]]) throws(CertificateProblem) -> [CertificateSummary] {
        var summaries: [CertificateSummary] = []
        for (index, der) in certificates.enumerated() {
            do throws(CertificateProblem) {
                summaries.append(try CertificateSummary(der: der))
            } catch {
                throw certificates.count == 1
                    ? error : CertificateProblem("\(error.message) (number \(index + 1) of \(certificates.count))")
            }
        }
        return summaries
    }

    private static func mismatch(_ certificates: [CertificateSummary]) -> CertificateProblem {
        let names = certificates.prefix(3).map(\.subjectName) + (certificates.count > 3 ? ["…"] : [])
        return CertificateProblem(
            "no certificate in it belongs to its private key (certificates: \(names.joined(separator: "; ")))"
        )
    }
}

/// Puts certificates in the order in which they vouch for each other. Pure.
enum CertificateChain {
    /// The leaf, its issuer, the issuer's issuer and so on up to a root, each once; certificates that aren't part of that are dropped.
    static func ordered(from leaf: CertificateSummary, among certificates: [CertificateSummary]) -> [CertificateSummary] {
        var chain = [leaf]
        var rest = certificates.filter { $0.der != leaf.der }
        var last = leaf
        while last.issuer != last.subject, let index = rest.firstIndex(where: { $0.subject == last.issuer }) {
            last = rest.remove(at: index)
            chain.append(last)
        }
        return chain
    }
}
#endif
