// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of managed identities, compiled.

import AzureIdentity
import AzureIdentityTesting

// snippet.DEFAULT
let credential = ManagedIdentityCredential()
let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
// snippet.end

// snippet.USER_ASSIGNED
let named = ManagedIdentityCredential(identity: .userAssigned(clientID: "22222222-2222-4222-8222-222222222222"))
// snippet.end

// snippet.HOST
let host = ManagedIdentityCredential.detectedHost()
print(host.kind?.description ?? "none", host.evidence, host.isCertain, host.problem ?? "")
// snippet.end

// snippet.READY
let context = TokenRequestContext(scopes: ["https://vault.azure.net/.default"])
try await credential.waitUntilReady(for: context, timeout: .seconds(120)) { progress in
    print("Attempt \(progress.attempts): \(progress.error.summary)")
}
// snippet.end

// snippet.EMULATED
let hosts = EntraEmulator()
let managed = ManagedIdentityCredential(
    options: hosts.credentialOptions(environment: hosts.environment(for: .appService))
)
_ = try await managed.token(forScopes: "https://vault.azure.net/.default")
hosts.play(FaultScript(.status(429, retryAfter: "5"), target: .host(.appService), requests: 2))
// snippet.end
