// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Crypto
import NIOSSL
import X509

/// The certificate of a Service Fabric cluster's token service: signed with its own key, for no name. Clients go by its thumbprint.
struct ServiceFabricCertificate {
    private let key = P256.Signing.PrivateKey()
    private let der: [UInt8]

    init(isExpired: Bool) throws {
        let publicKey = Certificate.PublicKey(self.key.publicKey)
        let name = try DistinguishedName {
            CommonName("Azure Identity emulator Service Fabric \(UInt32.random(in: .min ... .max))")
        }
        let certificate = try ServerCertificates.certificate(
            publicKey: publicKey,
            subject: name,
            extensions: try Certificate.Extensions { SubjectKeyIdentifier(hash: publicKey) },
            issuer: name,
            issuerKey: self.key,
            days: isExpired ? (from: -60, to: -30) : ServerCertificates.valid
        )
        self.der = ServerCertificates.der(certificate)
    }

    /// The SHA-1 of the certificate, as 40 lower-case hex digits.
    var thumbprint: String {
        Insecure.SHA1.hash(data: self.der).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    func configuration() throws -> TLSConfiguration { try ServerCertificates.configuration(chain: [self.der], key: self.key) }
}
#endif
