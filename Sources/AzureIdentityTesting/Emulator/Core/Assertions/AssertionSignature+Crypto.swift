// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The signatures of assertions and the certificates behind them.
extension AssertionVerifier {
    /// Checks that an assertion is signed with a certificate that the application may use: a registered one, or with `x5c` one
    /// whose name and authority are trusted.
    func checkSignature(_ assertion: ClientAssertion) throws(EmulatorRefusal) {
        let kind = self.request.authority.kind
        let reference = try CertificateReference(assertion.header, kind: kind, isExact: self.rules.isExact)
        func refusal(_ reason: EmulatorRefusal.KeyProblem) -> EmulatorRefusal {
            .badSignature(reason, thumbprint: reference.text, clientID: self.application.clientID)
        }

        let chain = try Self.chain(assertion)
        if let first = chain?.first, !reference.matches(first) { throw refusal(.wrongFirstCertificate) }
        let registered = self.application.certificates.filter { reference.matches($0.der) }
        let leaf: CertificateSummary
        if let registration = registered.first {
            guard let summary = try? CertificateSummary(der: registration.der) else { throw refusal(.unusable) }
            let expiry = registered.map { $0.expiresOn ?? summary.notAfter }.max() ?? summary.notAfter
            if let problem = self.problem(from: summary.notBefore, until: expiry) { throw refusal(problem) }
            leaf = summary
        } else if let chain, kind == .entra, let trust = self.application.subjectNameIssuer {
            leaf = try self.trustedLeaf(chain, trust, refusal)
        } else {
            throw refusal(.notFound)
        }
        guard let key = try? _RSA.Signing.PublicKey(derRepresentation: leaf.subjectPublicKeyInfo) else {
            throw refusal(.unusable)
        }
        guard Self.isSigned(assertion, by: key) else { throw refusal(.wrongSignature) }
    }

    /// Checks that an assertion is signed with one of an issuer's keys.
    func checkSignature(
        _ assertion: ClientAssertion,
        keys: [EmulatorConfiguration.FederatedCredential.PublicKey],
        issuer: String
    ) throws(EmulatorRefusal) {
        let keyID = assertion.header["kid"]?.string
        let candidates = keys.filter { keyID == nil || $0.keyID == nil || $0.keyID == keyID }
        let isGood = candidates.contains { candidate in
            let key = try? _RSA.Signing.PublicKey(derRepresentation: candidate.der)
            return key.map { Self.isSigned(assertion, by: $0) } ?? false
        }
        guard isGood else { throw .unknownFederatedKey(keyID ?? "", issuer: issuer) }
    }

    private static func isSigned(_ assertion: ClientAssertion, by key: _RSA.Signing.PublicKey) -> Bool {
        let padding: _RSA.Signing.Padding
        switch assertion.algorithm {
        case "PS256": padding = .PSS
        case "RS256": padding = .insecurePKCS1v1_5
        default: return false
        }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: assertion.signature)
        return key.isValidSignature(signature, for: SHA256.hash(data: assertion.signingInput), padding: padding)
    }

    /// The certificates of `x5c`: plain base64 of DER, without line breaks. `nil`: there is none.
    private static func chain(_ assertion: ClientAssertion) throws(EmulatorRefusal) -> [[UInt8]]? {
        guard let value = assertion.header["x5c"] else { return nil }
        guard let elements = value.elements, (1...10).contains(elements.count) else {
            throw .malformedAssertion("'x5c' of its header is no list of certificates")
        }
        var chain: [[UInt8]] = []
        for element in elements {
            guard let der = element.string.flatMap({ Data(base64Encoded: $0) }), X509Frame(der: Array(der)) != nil else {
                throw .malformedAssertion("'x5c' of its header has an element that is no certificate")
            }
            chain.append(Array(der))
        }
        return chain
    }

    /// The first certificate of a chain, if its name is the trusted one and the chain, which has to be in the order of issuers,
    /// leads to a trusted authority.
    private func trustedLeaf(
        _ chain: [[UInt8]],
        _ trust: EmulatorConfiguration.SubjectNameIssuer,
        _ refusal: (EmulatorRefusal.KeyProblem) -> EmulatorRefusal
    ) throws(EmulatorRefusal) -> CertificateSummary {
        var links: [CertificateSummary] = []
        for der in chain {
            guard let link = try? CertificateSummary(der: der) else { throw refusal(.unusable) }
            if let problem = self.problem(from: link.notBefore, until: link.notAfter) { throw refusal(problem) }
            if let last = links.last, !link.hasIssued(last) { throw refusal(.untrustedChain) }
            links.append(link)
        }
        guard let leaf = links.first else { throw refusal(.untrustedChain) }
        let authorities = trust.authorities.compactMap { try? CertificateSummary(der: $0) }.filter {
            self.problem(from: $0.notBefore, until: $0.notAfter) == nil
        }
        let isTrusted = authorities.contains { authority in
            links.contains { authority.hasIssued($0) } || links.dropFirst().contains { $0.der == authority.der }
        }
        guard isTrusted else { throw refusal(.untrustedChain) }
        let names = X509Frame.commonNames(leaf.subject)
        guard leaf.subjectName == trust.subjectName || names.contains(trust.subjectName) else {
            throw .untrustedSubject(leaf.subjectName)
        }
        return leaf
    }

    private func problem(from beginning: Date, until end: Date) -> EmulatorRefusal.KeyProblem? {
        if end <= self.date { return .expired(from: beginning, until: end) }
        return beginning > self.date ? .notYetValid(from: beginning, until: end) : nil
    }
}

extension CertificateReference {
    /// Whether all thumbprints are those of this certificate.
    fileprivate func matches(_ der: [UInt8]) -> Bool {
        (self.sha1.map { Insecure.SHA1.hash(data: der).elementsEqual($0) } ?? true)
            && (self.sha256.map { SHA256.hash(data: der).elementsEqual($0) } ?? true)
    }
}

extension CertificateSummary {
    /// Whether another certificate has this one's subject as its issuer and a signature by this one's key.
    fileprivate func hasIssued(_ other: CertificateSummary) -> Bool {
        guard self.subject == other.issuer, let frame = X509Frame(der: other.der) else { return false }
        switch frame.algorithm {
        case Self.rsa + [0x0B]: return self.hasSigned(frame, SHA256.hash(data: frame.signed))
        case Self.rsa + [0x0C]: return self.hasSigned(frame, SHA384.hash(data: frame.signed))
        case Self.rsa + [0x0D]: return self.hasSigned(frame, SHA512.hash(data: frame.signed))
        case Self.ecdsa + [0x02]:
            guard let key = try? P256.Signing.PublicKey(derRepresentation: self.subjectPublicKeyInfo),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: frame.signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: frame.signed))
        case Self.ecdsa + [0x03]:
            guard let key = try? P384.Signing.PublicKey(derRepresentation: self.subjectPublicKeyInfo),
                let signature = try? P384.Signing.ECDSASignature(derRepresentation: frame.signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: frame.signed))
        default: return false
        }
    }

    private func hasSigned(_ frame: X509Frame, _ digest: some Digest) -> Bool {
        guard let key = try? _RSA.Signing.PublicKey(derRepresentation: self.subjectPublicKeyInfo) else { return false }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: frame.signature)
        return key.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5)
    }

    /// The object identifiers of signatures with RSA and with ECDSA, but for their last byte.
    private static let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01]
    private static let ecdsa: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03]
}
#endif
