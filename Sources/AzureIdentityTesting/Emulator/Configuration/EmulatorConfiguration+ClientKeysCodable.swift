// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension KeyedDecodingContainer {
    /// A date in the form of ISO 8601.
    func decodeDate(forKey key: Key) throws -> Date? {
        guard let text = try self.decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "A date such as 2030-01-31T00:00:00Z is expected."
            )
        }
        return date
    }
}

/// Certificates as strings of JSON: PEM text, or the base64 of one in DER. Pure.
private enum CertificateText {
    static let expectation = "A certificate in PEM, or in DER as base64, is expected."

    static func certificates(_ text: String) -> [[UInt8]]? {
        if text.contains("-----") { return try? EmulatorConfiguration.certificates(pem: text) }
        guard let der = Data(base64Encoded: text).map(Array.init), DERReader.sequence(der) != nil else { return nil }
        return [der]
    }
}

extension EmulatorConfiguration.ClientCertificateRegistration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case certificate, expiresOn }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        guard let der = CertificateText.certificates(try container.decode(String.self, forKey: .certificate))?.first else {
            throw DecodingError.dataCorruptedError(
                forKey: .certificate,
                in: container,
                debugDescription: CertificateText.expectation
            )
        }
        self.init(der: der, expiresOn: try container.decodeDate(forKey: .expiresOn))
    }

    /// Writes the JSON form, with the certificate in PEM.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(PEMText.block("CERTIFICATE", self.der), forKey: .certificate)
        try container.encodeIfPresent(self.expiresOn?.ISO8601Format(), forKey: .expiresOn)
    }
}

extension EmulatorConfiguration.FederatedCredential: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case issuer, subject, audience, publicKeys, isSignedByEmulator }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let isSignedByEmulator = try container.decodeIfPresent(Bool.self, forKey: .isSignedByEmulator) ?? false
        self.init(
            issuer: try container.decode(String.self, forKey: .issuer),
            subject: try container.decode(String.self, forKey: .subject),
            audience: try container.decodeIfPresent(String.self, forKey: .audience) ?? Self.defaultAudience,
            publicKeys: isSignedByEmulator
                ? try container.decodeIfPresent([PublicKey].self, forKey: .publicKeys) ?? []
                : try container.decode([PublicKey].self, forKey: .publicKeys),
            isSignedByEmulator: isSignedByEmulator
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.issuer, forKey: .issuer)
        try container.encode(self.subject, forKey: .subject)
        try container.encode(self.audience, forKey: .audience)
        if !self.publicKeys.isEmpty || !self.isSignedByEmulator { try container.encode(self.publicKeys, forKey: .publicKeys) }
        if self.isSignedByEmulator { try container.encode(true, forKey: .isSignedByEmulator) }
    }
}

extension EmulatorConfiguration.SubjectNameIssuer: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case subjectName, authorities }

    /// Reads the JSON form; names it doesn't know are refused. An authority may be PEM text with several certificates.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let authorities = try container.decode([String].self, forKey: .authorities).flatMap { text in
            guard let certificates = CertificateText.certificates(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .authorities,
                    in: container,
                    debugDescription: CertificateText.expectation
                )
            }
            return certificates
        }
        self.init(subjectName: try container.decode(String.self, forKey: .subjectName), authorities: authorities)
    }

    /// Writes the JSON form, with the certificates in PEM.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.subjectName, forKey: .subjectName)
        try container.encode(self.authorities.map { PEMText.block("CERTIFICATE", $0) }, forKey: .authorities)
    }
}
