// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
extension ClientAuthentication {
    /// With a certificate's key, which signs an assertion for each token request.
    ///
    /// - Parameters:
    ///   - certificate: The certificate with its key, or with what signs for it.
    ///   - sendsCertificateChain: Whether the certificate goes along with those above it (`x5c`).
    /// - Returns: The authentication.
    public static func certificate(_ certificate: ClientCertificate, sendsCertificateChain: Bool = false) -> ClientAuthentication
    {
        ClientAuthentication(
            identity: ["certificate", sendsCertificateChain ? "chain" : "leaf"] + certificate.identity,
            guideProof: .certificate
        ) { credential, clientID, context in
            try await ClientProof.certificate(
                certificate,
                credential: credential,
                clientID: clientID,
                context: context,
                sendsChain: sendsCertificateChain
            )
        }
    }
}
#endif
