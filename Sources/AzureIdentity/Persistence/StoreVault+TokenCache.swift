// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
extension TokenCache {
    /// A cache in a store of your own, shared by all processes that have the key.
    ///
    /// What is kept is encrypted with AES-256 in GCM mode before the store sees it. Tokens of this process are in memory besides, as in any cache.
    /// A store that fails costs a token request and a line in the log, never an error.
    ///
    /// To change the key, give all processes the new one as a former key first, then make it the key and the old one a former key, and
    /// drop that one later. A key that is dropped at once costs requests, and people who signed in have to sign in again. Who signs out is
    /// signed out of the partitions of all these keys.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - encryptionKey: The key. Who has it and can read the store can read the tokens.
    ///   - formerKeys: Keys that what is in the store may be encrypted with besides.
    /// - Returns: The cache.
    public static func custom(
        _ store: some TokenCacheStore,
        encryptionKey: TokenCacheKey,
        formerKeys: [TokenCacheKey] = []
    ) -> TokenCache {
        TokenCache(vault: StoreVault(store, keys: [encryptionKey] + formerKeys.filter { $0 != encryptionKey }))
    }
}
#endif
