// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The variables with secrets in them that other programs don't get, since they have no use for them.
package enum SecretVariables {
    /// Of applications: neither a browser nor a tool of a developer's needs them.
    package static let ofApplications: Set<String> = [
        "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD",
    ]
    /// Of hosts that give out tokens. Tools may need them, where they are signed in as the host's identity: `az login --identity`, `azd` in
    /// Azure Pipelines.
    package static let ofHosts: Set<String> = [
        "SYSTEM_ACCESSTOKEN", "IDENTITY_HEADER", "MSI_SECRET", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ]
}

extension EnvironmentVariables {
    /// What a tool of a developer's is started with.
    package var forTools: [String: String] { self.dictionary.filter { !SecretVariables.ofApplications.contains($0.key) } }

    /// What any other program is started with, such as a browser.
    package var forPrograms: [String: String] { self.forTools.filter { !SecretVariables.ofHosts.contains($0.key) } }
}
