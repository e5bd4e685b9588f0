// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
import AzureCredentials

extension EnvironmentCredential {
    /// None: the trait `Cryptography` is off.
    static func certificateCredential(
        _ plan: EnvironmentPlan.Certificate,
        options: CredentialOptions
    ) throws -> any EntraCredential {
        var error = AuthenticationError.credentialUnavailable(
            """
            EnvironmentCredential authentication unavailable. AZURE_CLIENT_CERTIFICATE_PATH is set, but the trait Cryptography is off, \
            so certificates can't be used.
            """,
            credential: Self.name
        )
        error.remedy = Guide.remedy(.g02, facts: GuideFacts(variables: ["AZURE_CLIENT_SECRET"]))
        throw error
    }
}
#endif
