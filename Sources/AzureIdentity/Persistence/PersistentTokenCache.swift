// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension TokenCache {
    /// A cache that is kept between runs of a program, and shared with other programs of the same user.
    ///
    /// Tokens are in memory too, as in every cache; this is what the next process begins with. Where they are kept, the options
    /// say. A keyring that is locked or absent, a full disk or a damaged file are no errors: the log says it, and the token is
    /// there all the same.
    ///
    /// The name `msal.cache` is that of all Azure Identity libraries. On Linux, Python's shares the Secret Service's item and the
    /// unencrypted file.
    ///
    /// - Parameters:
    ///   - name: The cache's name: letters, digits, `.`, `-` and `_`, at most 100. Another name is another cache.
    ///   - options: How the tokens are kept.
    /// - Returns: The cache. Share one value among credentials: each call makes a new one, with its own tokens in memory.
    public static func persistent(
        name: String = "msal.cache",
        options: PersistentTokenCacheOptions = PersistentTokenCacheOptions()
    ) -> TokenCache {
        TokenCache(vault: DiskVault(name: name, options: options))
    }

    /// What keeps the tokens between runs; `nil` for a cache that is in memory alone, and where nothing can keep them.
    ///
    /// Looks for it, if nobody has yet.
    public func backend() async -> PersistentTokenCacheBackend? { await (self.vault as? DiskVault)?.backend() }
}
