// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The JSON form of certificates, federated credentials, issuers and rules.
@Suite struct EmulatorConfigurationTests {
    typealias Sample = EmulatorConfiguration.Sample

    /// The form of a certificate, and nothing in it.
    static let certificate: [UInt8] = [0x30, 0x0C, 0x30, 0x00, 0x30, 0x03, 0x06, 0x01, 0x2A, 0x03, 0x03, 0x00, 0x01, 0x02]
    static let modulus = [UInt8](repeating: 0xC5, count: 256)

    @Test func survivesJSON() throws {
        var configuration = EmulatorAuthorityTests.configuration
        configuration.assertionRules = .strict
        configuration.issuers[0].issuer = "https://other.example"
        configuration.tenants[0].applications[0].certificates = [
            .init(der: Self.certificate), .init(der: Self.certificate, expiresOn: Date(timeIntervalSince1970: 1_767_225_600)),
        ]
        configuration.tenants[0].applications[0].federatedCredentials = [
            .init(
                issuer: "https://token.example", subject: "s", publicKeys: [.init(modulus: Self.modulus, exponent: [1, 0, 1])]),
            .init(
                issuer: "https://token.example",
                subject: "s",
                audience: "a",
                publicKeys: [.init(modulus: Self.modulus, exponent: [3], keyID: "k")]
            ),
        ]
        configuration.tenants[0].applications[0].subjectNameIssuer = .init(
            subjectName: "CN=job",
            authorities: [Self.certificate, Self.certificate]
        )
        let json = try JSONEncoder().encode(configuration)
        #expect(try EmulatorConfiguration(json: json) == configuration)
    }

    @Test func readsKeysInEveryForm() throws {
        let key = EmulatorConfiguration.FederatedCredential.PublicKey(modulus: [0] + Self.modulus, exponent: [1, 0, 1])
        #expect(key.modulus == Self.modulus)
        let pem = "-----BEGIN PUBLIC KEY-----\n\(Data(key.der).base64EncodedString())\n-----END PUBLIC KEY-----\n"
        #expect(try EmulatorConfiguration.FederatedCredential.PublicKey(pem: pem) == key)
        let jwk = #"{"kty":"RSA","use":"sig","alg":"RS256","n":"\#(Base64URL.encode(Self.modulus))","e":"AQAB"}"#
        let json = "[\(EmulatorJSON.string(pem).text),\(jwk)]"
        let keys = try JSONDecoder().decode([EmulatorConfiguration.FederatedCredential.PublicKey].self, from: Data(json.utf8))
        #expect(keys == [key, key])
    }

    @Test func readsCertificatesInEveryForm() throws {
        let base64 = Data(Self.certificate).base64EncodedString()
        let pem = "a note\n-----BEGIN CERTIFICATE-----\r\n\(base64)\r\n-----END CERTIFICATE-----\r\n"
        for text in [base64, pem, pem + pem] {
            let json = #"{"certificate":\#(EmulatorJSON.string(text).text),"expiresOn":"2026-01-01T00:00:00Z"}"#
            let registration = try JSONDecoder().decode(
                EmulatorConfiguration.ClientCertificateRegistration.self,
                from: Data(json.utf8)
            )
            #expect(registration.der == Self.certificate)
            #expect(registration.expiresOn == EmulatorTests.date)
        }
        let json = #"{"subjectName":"CN=a","authorities":[\#(EmulatorJSON.string(pem + pem).text),"\#(base64)"]}"#
        let trust = try JSONDecoder().decode(EmulatorConfiguration.SubjectNameIssuer.self, from: Data(json.utf8))
        #expect(trust.authorities == [Self.certificate, Self.certificate, Self.certificate])
    }

    /// A configuration with members of an application and of the whole.
    static func json(application: String = "", whole: String = "", tenant: String = Sample.tenantID, tail: String = "") -> String
    {
        let members = #""clientId":"\#(Sample.clientID)","objectId":"\#(Sample.clientID)""#
        return #"{"tenants":[{"id":"\#(tenant)","applications":[{\#(members)\#(application)}]\#(tail)}]\#(whole)}"#
    }

    static func credential(_ key: String, issuer: String = "i") -> String {
        #","federatedCredentials":[{"issuer":"\#(issuer)","subject":"s","publicKeys":[\#(key)]}]"#
    }

    static let bad: [(String, String)] = [
        (json(application: #","certificates":["x"]"#), "at tenants[0].applications[0].certificates[0]: an object"),
        (json(application: #","certificates":[{"certificate":"x"}]"#), "PEM, or in DER"),
        (json(application: #","certificates":[{"certificate":"MAA="}]"#), "a certificate that is none"),
        (json(application: #","certificates":[{"certificate":"-----BEGIN CERTIFICATE-----"}]"#), "PEM, or in DER"),
        (json(application: #","certificates":[{"certificate":"x","password":"y"}]"#), "\"password\" is not known"),
        (json(application: credential("")), "has no key"),
        (json(application: credential("\"x\"")), "RSA public key in PEM"),
        (json(application: credential(#"{"kty":"EC"}"#)), "\"RSA\" is expected"),
        (json(application: credential(#"{"kty":"RSA","n":"AQAB=","e":"AQAB"}"#)), "Base64url is expected"),
        (json(application: credential(#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#)), "less than 2048 bits"),
        (json(application: credential(#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"x"}"#)), "\"d\" is not known"),
        (json(application: credential(#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, issuer: "")), "empty issuer"),
        (json(application: #","subjectNameIssuer":{"subjectName":"a","authorities":[]}"#), "authorities of the application"),
        (json(application: #","subjectNameIssuer":{"subjectName":"a","authorities":["?"]}"#), "PEM, or in DER"),
        (json(tenant: "adfs"), "not a GUID"),
        (json(tail: #","isAdfs":true"#), "the id of an AD FS is"),
        (json(tenant: "adfs", tail: #","isAdfs":true,"domains":["a.example"]"#), "no domains"),
        (json(whole: #","assertionRules":{"strict":true}"#), "\"strict\" is not known"),
        (json(whole: #","assertionRules":{"isExact":1}"#), "true or false"),
        (json(whole: #","metadata":{"region":""}"#), "region of the metadata service is empty"),
        (json(whole: #","issuers":[{"path":"x","tenantId":"\#(Sample.tenantID)","tokenEndpoint":"/t"}]"#), "slash"),
        (json(whole: #","issuers":[{"path":"/x","tenantId":"\#(Sample.tenantID)","tokenEndpoint":"t"}]"#), "neither a path nor"),
        (json(whole: #","issuers":[{"path":"/x","tenantId":"y","tokenEndpoint":"/t"}]"#), "the id of no tenant"),
    ]

    @Test("says what is wrong", arguments: bad)
    func badConfiguration(json: String, message: String) throws {
        let error = try #require(throws: EmulatorConfigurationError.self) { try EmulatorConfiguration(json: json.utf8) }
        #expect(error.message.contains(message), "\(error.message)")
    }

    @Test("is read with little", arguments: [json(), json(tenant: "adfs", tail: #","isAdfs":true"#)])
    func goodConfiguration(json: String) throws {
        let application = try EmulatorConfiguration(json: json.utf8).tenants[0].applications[0]
        #expect(application.certificates.isEmpty && application.federatedCredentials.isEmpty)
        #expect(application.subjectNameIssuer == nil)
    }

    // MARK: DER

    @Test(
        "reads no DER that is none",
        arguments: [
            [], [0x30], [0x30, 0x80], [0x30, 0x01], [0x30, 0x81, 0x01, 0x00], [0x30, 0x82, 0x00, 0x80],
            [0x30, 0x85, 1, 0, 0, 0, 0],
            [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x1F, 0x01, 0x00], [0x31, 0x00], [0x30, 0x00, 0x00],
        ] as [[UInt8]]
    )
    func badDER(bytes: [UInt8]) {
        #expect(DERReader.sequence(bytes) == nil)
    }

    @Test("reads what it writes", arguments: [0, 1, 127, 128, 255, 256, 65_536])
    func goodDER(count: Int) throws {
        let content = [UInt8](repeating: 7, count: count)
        var reader = try #require(DERReader.sequence(DERWriter.sequence([DERWriter.element(0x04, content)])))
        #expect(reader.next(0x04).map { Array($0.content) } == content)
        #expect(reader.isAtEnd)
    }

    @Test func readsAFrameOfWhatever() {
        for length in 0..<Self.certificate.count { #expect(X509Frame(der: Array(Self.certificate.prefix(length))) == nil) }
        for index in Self.certificate.indices {
            for byte: UInt8 in [0x00, 0x7F, 0x80, 0xFF] {
                var bytes = Self.certificate
                bytes[index] = byte
                _ = X509Frame(der: bytes)
                _ = X509Frame.commonNames(bytes)
            }
        }
        #expect(X509Frame(der: Self.certificate)?.signature == [1, 2])
    }
}
