// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of the doctor, compiled.

import AzureIdentity

// snippet.EXAMINE
let report = try await IdentityDoctor(options: .init(scopes: ["https://vault.azure.net/.default"])).examine()
for finding in report.findings { print(finding.summary, finding.remedy?.text ?? "") }
// snippet.end

// snippet.ONE
let credential = ManagedIdentityCredential(options: CredentialOptions(tokenCache: .inMemory))
let doctor = IdentityDoctor(credential: credential, options: .init(timeout: .seconds(3)))
print(try await doctor.examine().isHealthy)
// snippet.end

// snippet.ERROR
let explained = IdentityDoctor.report(explaining: "AADSTS7000215: Invalid client secret provided.")
print(explained.guideRows)
// snippet.end
