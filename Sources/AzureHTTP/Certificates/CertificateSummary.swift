// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient || Cryptography
import SwiftASN1

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// What this library needs to know of an X.509 certificate: names, key, validity. Nothing of it is verified.
///
/// Versions 1 to 3 are read; a certificate that isn't DER, is longer than `maximumSize` or has bytes after its end is refused.
package struct CertificateSummary: Sendable, Hashable {
    /// The longest certificate that is read, in bytes; real ones have some 2,000.
    package static let maximumSize = 65_536

    /// The whole certificate.
    package let der: [UInt8]
    /// The subject's name in DER.
    package let subject: [UInt8]
    /// The issuer's name in DER.
    package let issuer: [UInt8]
    /// The public key with its algorithm in DER.
    package let subjectPublicKeyInfo: [UInt8]
    /// The algorithm of the public key, an object identifier.
    package let publicKeyAlgorithm: String
    /// When it begins to be valid.
    package let notBefore: Date
    /// When it expires.
    package let notAfter: Date
    /// The serial number's bytes, as they stand in the certificate.
    package let serialNumber: [UInt8]

    /// Reads a certificate.
    ///
    /// - Parameter der: The certificate in DER.
    /// - Throws: ``CertificateProblem``.
    package init(der: [UInt8]) throws(CertificateProblem) {
        let what = "the certificate"
        guard der.count <= Self.maximumSize else { throw CertificateProblem("\(what) is larger than \(Self.maximumSize) bytes") }
        guard let root = try? DER.parse(der) else { throw CertificateProblem("\(what) is damaged") }
        var certificate = try ASN1Members(of: root, what: what)
        var signed = try certificate.members()
        _ = try certificate.members()
        _ = try certificate.next(.bitString)
        try certificate.end()

        if let version = signed.nextIfPresent(.context(0)) {
            var version = try ASN1Members(of: version, .context(0), what: what)
            guard try version.count() <= 2 else { throw CertificateProblem("\(what) is of an unknown version") }
            try version.end()
        }
        let serialNumber = try signed.integerBytes()
        _ = try signed.members()
        let issuer = try signed.next(.sequence)
        var validity = try signed.members()
        let notBefore = try Self.date(of: &validity)
        let notAfter = try Self.date(of: &validity)
        try validity.end()
        let subject = try signed.next(.sequence)
        let key = try signed.next(.sequence)
        var keyMembers = try ASN1Members(of: key, what: what)
        var algorithm = try keyMembers.members()
        self.publicKeyAlgorithm = try algorithm.objectIdentifier()
        _ = try keyMembers.next(.bitString)
        try keyMembers.end()

        self.der = der
        self.subject = Array(subject.encodedBytes)
        self.issuer = Array(issuer.encodedBytes)
        self.subjectPublicKeyInfo = Array(key.encodedBytes)
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.serialNumber = Array(serialNumber)
    }

    /// The subject's name as text, such as `CN=localhost,O=Contoso`: cleaned, at most 200 characters.
    package var subjectName: String { CertificateName.text(self.subject) }

    /// The issuer's name as text, as ``subjectName``.
    package var issuerName: String { CertificateName.text(self.issuer) }

    /// `YYMMDDHHMMSSZ` (up to 49 means 2049, from 50 on 1950) or `YYYYMMDDHHMMSSZ`.
    private static func date(of validity: inout ASN1Members) throws(CertificateProblem) -> Date {
        guard let node = validity.next(), case .primitive(let text) = node.content else { throw validity.problem }
        let length: Int
        switch node.identifier {
        case .utcTime: length = 12
        case .generalizedTime: length = 14
        default: throw validity.problem
        }
        let digits = text.dropLast().map { Int($0) - 0x30 }
        guard text.last == UInt8(ascii: "Z"), digits.count == length, digits.allSatisfy({ (0...9).contains($0) }) else {
            throw CertificateProblem("the certificate's validity is no date")
        }
        let pairs = stride(from: 0, to: length, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
        let (year, rest): (Int, ArraySlice<Int>)
        if length == 12 {
            (year, rest) = (pairs[0] + (pairs[0] < 50 ? 2000 : 1900), pairs[1...])
        } else {
            (year, rest) = (pairs[0] * 100 + pairs[1], pairs[2...])
        }
        let part = Array(rest)
        guard (1...12).contains(part[0]), (1...31).contains(part[1]), part[2] < 24, part[3] < 60, part[4] <= 60 else {
            throw CertificateProblem("the certificate's validity is no date")
        }
        let days = CivilDate.daysSinceEpoch(year: year, month: part[0], day: part[1])
        return Date(timeIntervalSince1970: Double(((days * 24 + part[2]) * 60 + part[3]) * 60 + part[4]))
    }
}
#endif
