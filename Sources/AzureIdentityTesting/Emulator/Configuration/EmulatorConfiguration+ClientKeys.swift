// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

extension EmulatorConfiguration {
    /// A certificate that is registered for an application, which may sign its assertions with it.
    public struct ClientCertificateRegistration: Sendable, Hashable {
        /// The certificate in DER.
        public var der: [UInt8]
        /// When the certificate counts as expired. `nil`: when it says so itself.
        public var expiresOn: Date?

        /// Creates a registration.
        ///
        /// - Parameters:
        ///   - der: The certificate in DER.
        ///   - expiresOn: When the certificate counts as expired. `nil`: when it says so itself.
        public init(der: [UInt8], expiresOn: Date? = nil) {
            self.der = der
            self.expiresOn = expiresOn
        }

        /// Creates a registration from the first certificate of PEM text. Keys and further certificates in it are passed over.
        ///
        /// - Parameters:
        ///   - pem: The text.
        ///   - expiresOn: When the certificate counts as expired. `nil`: when it says so itself.
        /// - Throws: ``EmulatorConfigurationError`` if there is no certificate in the text.
        public init(pem: String, expiresOn: Date? = nil) throws(EmulatorConfigurationError) {
            self.init(der: try EmulatorConfiguration.certificates(pem: pem)[0], expiresOn: expiresOn)
        }
    }

    /// An issuer elsewhere whose assertions an application is trusted with, in place of a secret (workload identity federation).
    ///
    /// Issuer, subject and audience are compared exactly, with regard to case.
    public struct FederatedCredential: Sendable, Hashable {
        /// The audience that assertions have by default.
        public static let defaultAudience = "api://AzureADTokenExchange"

        /// The `iss` of the assertions.
        public var issuer: String
        /// The `sub` of the assertions.
        public var subject: String
        /// The `aud` of the assertions.
        public var audience: String
        /// The keys that the issuer signs with. The emulator asks no issuer for its keys.
        public var publicKeys: [PublicKey]
        /// Whether the issuer is one that the emulator plays, so that its assertions may be signed with the emulator's own key.
        public var isSignedByEmulator: Bool

        /// Creates a federated credential.
        ///
        /// - Parameters:
        ///   - issuer: The `iss` of the assertions.
        ///   - subject: The `sub` of the assertions.
        ///   - audience: The `aud` of the assertions.
        ///   - publicKeys: The keys that the issuer signs with.
        ///   - isSignedByEmulator: Whether assertions may be signed with the emulator's own key.
        public init(
            issuer: String,
            subject: String,
            audience: String = FederatedCredential.defaultAudience,
            publicKeys: [PublicKey] = [],
            isSignedByEmulator: Bool = false
        ) {
            self.issuer = issuer
            self.subject = subject
            self.audience = audience
            self.publicKeys = publicKeys
            self.isSignedByEmulator = isSignedByEmulator
        }
    }

    /// Trust in certificates by the name they are made out to and the authority that vouches for them (subject name/issuer
    /// authentication). A client sends its certificate with each assertion, in `x5c`.
    public struct SubjectNameIssuer: Sendable, Hashable {
        /// The name of the certificates: the common name alone, or the whole name in the form of RFC 4514, the last part of the
        /// certificate's first, such as `CN=job.contoso.example,O=Contoso`.
        public var subjectName: String
        /// The certificates of the authorities in DER.
        public var authorities: [[UInt8]]

        /// Creates the trust.
        ///
        /// - Parameters:
        ///   - subjectName: The common name, or the whole name.
        ///   - authorities: The certificates of the authorities in DER.
        public init(subjectName: String, authorities: [[UInt8]]) {
            self.subjectName = subjectName
            self.authorities = authorities
        }

        /// Creates the trust, with authorities from PEM text.
        ///
        /// - Parameters:
        ///   - subjectName: The common name, or the whole name.
        ///   - authoritiesPEM: The certificates of the authorities.
        /// - Throws: ``EmulatorConfigurationError`` if there is no certificate in the text.
        public init(subjectName: String, authoritiesPEM: String) throws(EmulatorConfigurationError) {
            self.init(subjectName: subjectName, authorities: try EmulatorConfiguration.certificates(pem: authoritiesPEM))
        }
    }

    /// The certificates in PEM text, in order; at least one.
    static func certificates(pem: String) throws(EmulatorConfigurationError) -> [[UInt8]] {
        guard let certificates = PEMText.blocks("CERTIFICATE", in: pem), !certificates.isEmpty else {
            throw EmulatorConfigurationError(message: "A certificate in PEM is expected.")
        }
        return certificates
    }
}
