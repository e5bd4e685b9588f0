// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import SwiftASN1
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CertificateSummaryTests {
    private static func tlv(_ tag: UInt8, _ content: [UInt8]...) -> [UInt8] {
        let content = Array(content.joined())
        if content.count < 128 { return [tag, UInt8(content.count)] + content }
        if content.count < 256 { return [tag, 0x81, UInt8(content.count)] + content }
        return [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }

    private static let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
    private static let organization: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x0A]

    private static func name(_ values: [UInt8]...) -> [UInt8] {
        self.tlv(0x30, values.flatMap { self.tlv(0x31, self.tlv(0x30, self.commonName, $0)) })
    }

    private static func certificate(
        version: [UInt8] = [0xA0, 0x03, 0x02, 0x01, 0x02],
        notBefore: [UInt8] = tlv(0x17, Array("260101000000Z".utf8)),
        notAfter: [UInt8] = tlv(0x18, Array("21260101000000Z".utf8)),
        extra: [UInt8] = []
    ) -> [UInt8] {
        let algorithm = self.tlv(0x30, [0x06, 0x03, 0x2A, 0x03, 0x04])
        let bits: [UInt8] = [0x03, 0x02, 0x00, 0x01]
        let name = self.name(self.tlv(0x0C, Array("a".utf8)))
        let signed = self.tlv(
            0x30, version, [0x02, 0x02, 0x00, 0x80], algorithm, name, self.tlv(0x30, notBefore, notAfter), name,
            self.tlv(0x30, algorithm, bits))
        return self.tlv(0x30, signed, algorithm, bits, extra)
    }

    @Test func readsWhatIsNeeded() throws {
        let summary = try CertificateSummary(der: Self.certificate())
        #expect(summary.subjectName == "CN=a" && summary.issuerName == "CN=a" && summary.publicKeyAlgorithm == "1.2.3.4")
        #expect(summary.serialNumber == [0x00, 0x80])
        #expect(summary.notBefore == Date(timeIntervalSince1970: 1_767_225_600))
        #expect(summary.notAfter == Date(timeIntervalSince1970: 4_922_899_200))
        #expect(try CertificateSummary(der: Self.certificate(version: [])).subjectName == "CN=a")
    }

    @Test func yearsOfTwoDigitsAreOfThisCenturyOrTheLast() throws {
        func year(_ text: String) throws -> Double {
            try CertificateSummary(der: Self.certificate(notBefore: Self.tlv(0x17, Array(text.utf8)))).notBefore
                .timeIntervalSince1970
        }
        #expect(try year("491231235959Z") == 2_524_607_999)
        #expect(try year("500101000000Z") == -631_152_000)
    }

    @Test(arguments: [
        "", "Z", "2601010000Z", "260101000000", "260101000000+0000", "261301000000Z", "260100000000Z", "26010124000Z",
        "26010a000000Z",
    ])
    func otherDatesAreRefused(text: String) {
        #expect(throws: CertificateProblem.self) {
            try CertificateSummary(der: Self.certificate(notBefore: Self.tlv(0x17, Array(text.utf8))))
        }
        #expect(throws: CertificateProblem.self) {
            try CertificateSummary(der: Self.certificate(notAfter: Self.tlv(0x18, Array(text.utf8))))
        }
    }

    @Test func whatIsNoCertificateIsRefused() throws {
        let whole = Self.certificate()
        #expect(throws: CertificateProblem.self) { try CertificateSummary(der: whole + [0]) }
        #expect(throws: CertificateProblem.self) { try CertificateSummary(der: Self.certificate(extra: [0x05, 0x00])) }
        #expect(throws: CertificateProblem.self) {
            try CertificateSummary(der: Self.certificate(version: [0xA0, 0x03, 0x02, 0x01, 0x03]))
        }
        #expect(throws: CertificateProblem.self) {
            try CertificateSummary(der: Self.certificate(version: [0xA0, 0x03, 0x02, 0x01, 0xFF]))
        }
        #expect(throws: CertificateProblem.self) { try CertificateSummary(der: Array(repeating: 0x30, count: 65_537)) }
        for length in 0..<whole.count {
            #expect(throws: CertificateProblem.self) { try CertificateSummary(der: Array(whole[..<length])) }
        }
    }

    private static let nameTable: [(der: [UInt8], text: String)] = [
        ([0x30, 0x00], ""), ([], "(unreadable)"), ([0x05, 0x00], "(unreadable)"), ([0x30, 0x02, 0x05, 0x00], "(unreadable)"),
        (name(tlv(0x0C, Array("a".utf8)), tlv(0x13, Array("b".utf8))), "CN=b,CN=a"),
        (name(tlv(0x0C, Array("a,b+c\"d\\e<f>g;h".utf8))), #"CN=a\,b\+c\"d\\e\<f\>g\;h"#),
        (name(tlv(0x0C, Array("#a# ".utf8))), "CN=\\#a#\\"), (name(tlv(0x0C, Array("ü\u{1B}[31m\u{202E}x\ny".utf8))), "CN=üx y"),
        (name(tlv(0x0C, [0x61, 0xFF, 0x62])), "CN=a\u{FFFD}b"), (name(tlv(0x14, [0xE4])), "CN=ä"),
        (name(tlv(0x1E, [0x00, 0x61, 0xD8, 0x3D, 0xDE, 0x00, 0xD8])), "CN=a😀"), (name(tlv(0x1E, [0xD8, 0x00])), "CN=\u{FFFD}"),
        (name(tlv(0x1C, [0x00, 0x00, 0x00, 0x61, 0xFF, 0xFF, 0xFF, 0xFF])), "CN=a\u{FFFD}"),
        (name(tlv(0x02, [0x0A, 0xFF])), "CN=#0aff"),
        (name(tlv(0x30, [])), "CN=#"),
        (tlv(0x30, tlv(0x31, tlv(0x30, commonName, tlv(0x0C, [0x61])), tlv(0x30, organization, tlv(0x0C, [0x62])))), "CN=a+O=b"),
        (tlv(0x30, tlv(0x31, tlv(0x30, [0x06, 0x03, 0x2A, 0x03, 0x04], tlv(0x0C, [0x61])))), "1.2.3.4=a"),
    ]

    @Test(arguments: nameTable)
    func namesAreShownWithoutHarm(der: [UInt8], text: String) {
        #expect(CertificateName.text(der) == text)
    }

    @Test func longNamesAreCut() {
        let one = Self.name(Self.tlv(0x0C, Array(repeating: 0x61, count: 5000)))
        let many = Self.tlv(
            0x30, Array(repeatElement(Self.tlv(0x31, Self.tlv(0x30, Self.commonName, [0x0C, 0x01, 0x61])), count: 4000).joined()))
        for name in [one, many] {
            #expect(CertificateName.text(name).count <= CertificateName.maximumLength + 1)
        }
    }

    @Test func attributesHaveTheirUsualNames() {
        let identifiers: [(ASN1ObjectIdentifier, String)] = [
            ([2, 5, 4, 6], "C"), ([2, 5, 4, 7], "L"), ([2, 5, 4, 8], "ST"), ([2, 5, 4, 10], "O"), ([2, 5, 4, 11], "OU"),
            ([0, 9, 2342, 19_200_300, 100, 1, 25], "DC"), ([1, 2, 840, 113_549, 1, 9, 1], "emailAddress"),
        ]
        for (identifier, name) in identifiers {
            var serializer = DER.Serializer()
            try? serializer.serialize(identifier)
            let der = Self.tlv(0x30, Self.tlv(0x31, Self.tlv(0x30, serializer.serializedBytes, [0x0C, 0x01, 0x61])))
            #expect(CertificateName.text(der) == "\(name)=a")
        }
    }

    @Test func aChainEndsWhereIssuersAreMissingOrTurnInACircle() throws {
        let chain = try ClientCertificate(CertificateFixture.bytes(of: "chain.pem")).current().chain
        #expect(CertificateChain.ordered(from: chain[0], among: [chain[2], chain[0]]).count == 1)
        #expect(
            CertificateChain.ordered(from: chain[0], among: [chain[1], chain[1], chain[0]]).map(\.subjectName)
                == chain[0...1].map(\.subjectName))
        #expect(CertificateChain.ordered(from: chain[2], among: chain).count == 1)
        #expect(CertificateChain.ordered(from: chain[0], among: chain + chain).map(\.der) == chain.map(\.der))
    }
}
#endif
