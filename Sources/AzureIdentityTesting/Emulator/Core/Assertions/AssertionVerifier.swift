// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Decides whether an assertion proves that a request comes from its client.
///
/// The order of the checks is the emulator's: the form, the issuer and subject, the key and signature, the audience, the times,
/// the id. In which order the service looks is not known, so a test should spoil one thing only.
struct AssertionVerifier: Sendable {
    /// How far clocks may differ, in seconds.
    private static let tolerance: TimeInterval = 300
    /// How far ahead an assertion may expire, in seconds.
    private static let longestValidity: TimeInterval = 86_400

    /// The audience of assertions for the proxy of identity binding, which Microsoft Entra ID takes from it alone.
    private static let bindingAudience = "api://AKSIdentityBinding"
    private static let defaultAudience = EmulatorConfiguration.FederatedCredential.defaultAudience

    let request: EmulatorGrantRequest

    var rules: EmulatorConfiguration.AssertionRules { self.request.core.configuration.assertionRules }
    var application: EmulatorConfiguration.Application { self.request.application }
    var date: Date { self.request.exchange.date }
    /// Whether the request came by way of the proxy of identity binding.
    private var isBound: Bool { self.request.exchange.request.listener == .identityBinding }
    private var clientID: String { self.request.parameters["client_id"] ?? "" }

    func verify(_ text: String) throws(EmulatorRefusal) {
        let isSigned = self.request.core.signer.algorithm != "none"
        let assertion = try ClientAssertion(text, isExact: self.rules.isExact, isSigned: isSigned)
        let issuer = assertion.claims["iss"]?.string
        let isEntra = self.request.authority.kind == .entra
        if let issuer, issuer != self.clientID, isEntra, self.isForeign(issuer) {
            try self.verify(assertion, issuedBy: issuer)
        } else {
            try self.verifyOwn(assertion, issuer: issuer)
        }
    }

    /// Whether an issuer is one elsewhere. What is no address can only be a wrong client id.
    private func isForeign(_ issuer: String) -> Bool {
        let credentials = self.application.federatedCredentials
        return !credentials.isEmpty && (issuer.hasPrefix("https://") || credentials.contains { $0.issuer == issuer })
    }

    /// An assertion that the client issued itself, signed with a certificate.
    private func verifyOwn(_ assertion: ClientAssertion, issuer: String?) throws(EmulatorRefusal) {
        let isEntra = self.request.authority.kind == .entra
        guard (isEntra ? ["PS256", "RS256"] : ["RS256"]).contains(assertion.algorithm) else {
            throw .wrongAssertionAlgorithm(assertion.algorithm)
        }
        guard issuer == self.clientID, assertion.claims["sub"]?.string == self.clientID else {
            throw .wrongAssertionIssuer(self.clientID)
        }
        try self.checkSignature(assertion)
        guard let audience = assertion.claims["aud"]?.string, self.request.authority.audiences.contains(audience) else {
            throw .wrongAssertionAudience
        }
        let expiry = try self.checkTimes(assertion, needsBeginning: self.rules.isExact)
        guard let id = assertion.claims["jti"]?.string, !id.isEmpty else {
            throw .malformedAssertion("the claim 'jti' is missing")
        }
        if self.rules.refusesReplays {
            let entry = "\(self.request.tenant.id) \(self.clientID) \(id)"
            let end = expiry.addingTimeInterval(Self.tolerance)
            guard self.request.core.ledger.enter(entry, until: end, now: self.date) else { throw .replayedAssertion }
        }
    }

    /// An assertion of an issuer elsewhere. It may be used again, and needs no `jti`.
    private func verify(_ assertion: ClientAssertion, issuedBy issuer: String) throws(EmulatorRefusal) {
        var credentials = self.application.federatedCredentials.filter { $0.issuer == issuer }
        guard !credentials.isEmpty else { throw .unknownFederatedIssuer(issuer) }
        let audience = assertion.federatedAudience
        let meant = self.isBound && audience == Self.bindingAudience ? Self.defaultAudience : audience
        credentials = credentials.filter { $0.audience == meant }
        guard !credentials.isEmpty else { throw .unknownFederatedAudience(audience ?? "") }
        let subject = assertion.claims["sub"]?.string
        credentials = credentials.filter { $0.subject == subject }
        guard !credentials.isEmpty else { throw .unknownFederatedSubject(subject ?? "") }
        let isOwn = credentials.contains(where: \.isSignedByEmulator) && self.request.core.signer.hasSigned(assertion)
        if !isOwn {
            guard ["PS256", "RS256"].contains(assertion.algorithm) else { throw .wrongAssertionAlgorithm(assertion.algorithm) }
            let keys = credentials.flatMap(\.publicKeys)
            guard !keys.isEmpty else { throw .unknownFederatedKey(assertion.header["kid"]?.string ?? "", issuer: issuer) }
            try self.checkSignature(assertion, keys: keys, issuer: issuer)
        }
        _ = try self.checkTimes(assertion, needsBeginning: false)
    }

    /// Checks `nbf` and `exp`.
    ///
    /// - Returns: When the assertion expires.
    private func checkTimes(_ assertion: ClientAssertion, needsBeginning: Bool) throws(EmulatorRefusal) -> Date {
        let beginning = try assertion.time("nbf", isExact: self.rules.isExact)
        guard let expiry = try assertion.time("exp", isExact: self.rules.isExact) else {
            throw .malformedAssertion("the claim 'exp' is missing")
        }
        if needsBeginning, beginning == nil { throw .malformedAssertion("the claim 'nbf' is missing") }
        let remaining = expiry.timeIntervalSince(self.date)
        let isGood =
            remaining > -Self.tolerance && remaining <= Self.longestValidity + Self.tolerance
            && (beginning.map { $0.timeIntervalSince(self.date) <= Self.tolerance && $0 < expiry } ?? true)
        guard isGood else { throw .assertionOutsideItsTimes(now: self.date, from: beginning, until: expiry) }
        return expiry
    }
}

/// The certificate that the header of an assertion names, by its thumbprints. Pure; at least one is there.
struct CertificateReference: Sendable {
    let sha1: [UInt8]?
    let sha256: [UInt8]?

    /// Reads `x5t` and `x5t#S256`. Some libraries write them in plain base64 or pad them; exactly they are base64url.
    ///
    /// An AD FS knows `x5t` alone.
    init(_ header: EmulatorJSON, kind: EmulatorAuthority.Kind, isExact: Bool) throws(EmulatorRefusal) {
        func thumbprint(_ name: String, count: Int) throws(EmulatorRefusal) -> [UInt8]? {
            guard let value = header[name] else { return nil }
            let bytes = value.string.flatMap { isExact ? Base64URL.decodeExactly($0) : Base64URL.decode($0) }
            guard let bytes, bytes.count == count else { throw .malformedAssertion("'\(name)' of its header is no thumbprint") }
            return bytes
        }
        self.sha1 = try thumbprint("x5t", count: 20)
        self.sha256 = kind == .entra ? try thumbprint("x5t#S256", count: 32) : nil
        guard self.sha1 != nil || self.sha256 != nil else { throw .noThumbprint }
    }

    /// The thumbprint as messages show it.
    var text: String {
        (self.sha1 ?? self.sha256 ?? []).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
