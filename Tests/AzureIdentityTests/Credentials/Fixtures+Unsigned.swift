// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

extension Subject {
    /// None: nothing can be signed without the trait `Cryptography`.
    static let signed: [Subject] = []
    static let registrations: [EmulatorConfiguration.ClientCertificateRegistration] = []
    static let keyExcerpt = ""

    func makeSigned(tenantID: String, options: CredentialOptions) -> any TokenCredential {
        ClosureTokenCredential { _ in throw UnexpectedSuccess() }
    }
}
#endif
