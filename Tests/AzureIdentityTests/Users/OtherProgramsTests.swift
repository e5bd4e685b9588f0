// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Testing

/// What other programs are given, and what is written where a person reads it.
@Suite struct OtherProgramsTests {
    private let environment: EnvironmentVariables = [
        "PATH": "/bin", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "s",
        "AZURE_PASSWORD": "s", "SYSTEM_ACCESSTOKEN": "h", "IDENTITY_HEADER": "h", "MSI_SECRET": "h",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "h",
    ]

    @Test func aBrowserGetsNoSecret() {
        #expect(self.environment.forPrograms == ["PATH": "/bin", "AZURE_CLIENT_ID": "c"])
    }

    /// `az` that is signed in as the host's identity asks the host with them.
    @Test func aToolGetsTheHostsSecretsAlone() {
        let variables = self.environment.forTools
        #expect(!variables.values.contains("s") && variables["PATH"] == "/bin")
        #expect(variables.filter { $0.value == "h" }.count == SecretVariables.ofHosts.count)
    }
}
