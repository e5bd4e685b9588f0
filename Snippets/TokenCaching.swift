// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// The examples of token caches, compiled. Stores of one's own need the trait Cryptography, which Tools switches on.

#if Tools
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// snippet.PERSISTENT
let options = CredentialOptions(tokenCache: .persistent())
let browser = InteractiveBrowserCredential(options: .init(credentialOptions: options))
let record = try await browser.authenticate()
// snippet.end

// snippet.STORAGE
var storage = PersistentTokenCacheOptions()
storage.isRequired = true
storage.encryptionKey = try TokenCacheKey(Data(contentsOf: URL(filePath: "/run/secrets/token-cache-key")))
let kept = TokenCache.persistent(name: "backup-tool", options: storage)
print(await kept.backend()?.description ?? "none")
// snippet.end

// snippet.MANAGED
let managed = ManagedIdentityCredential(
    options: CredentialOptions(tokenCache: kept),
    persistsTokens: true
)
// snippet.end

// snippet.LIST
for account in try await kept.accounts() {
    print(account.username, account.tenantID)
}
for entry in try await kept.entries() {
    print(entry.kind, entry.scopes, entry.expiresOn ?? .distantFuture)
}
// snippet.end

// snippet.CUSTOM
let key = try TokenCacheKey(Data(contentsOf: URL(filePath: "/run/secrets/token-cache-key")))
let shared = TokenCache.custom(Shelf(), encryptionKey: key)
let service = CredentialOptions(tokenCache: shared)
// snippet.end

// snippet.STORE
/// Keeps partitions in memory: where a store of many machines would ask one.
actor Shelf: TokenCacheStore {
    private var blobs: [String: TokenCacheBlob] = [:]
    private var count = 0

    func read(_ partition: String) -> TokenCacheBlob? { self.blobs[partition] }

    func write(_ blob: TokenCacheBlob, to partition: String, ifUnchanged version: String?) -> Bool {
        guard self.blobs[partition]?.version == version else { return false }
        self.count += 1
        self.blobs[partition] = TokenCacheBlob(bytes: blob.bytes, version: "\(self.count)", lifetime: blob.lifetime)
        return true
    }

    func remove(_ partition: String) { self.blobs[partition] = nil }
}
// snippet.end
#endif
