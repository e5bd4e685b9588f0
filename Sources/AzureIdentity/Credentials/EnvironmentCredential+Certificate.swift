// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials

extension EnvironmentCredential {
    /// The credential for a certificate, whose file is read now.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if the file can't be used.
    static func certificateCredential(
        _ plan: EnvironmentPlan.Certificate,
        options: CredentialOptions
    ) throws -> any EntraCredential {
        let certificate = try ClientCertificateCredential.certificate(
            ofFile: plan.path,
            password: plan.password.map { Secret($0) },
            credential: Self.name
        )
        return ClientCertificateCredential(
            name: Self.name,
            tenantID: plan.tenantID,
            clientID: plan.clientID,
            certificate: certificate,
            sendsCertificateChain: plan.sendsChain,
            options: options
        )
    }
}
#endif
