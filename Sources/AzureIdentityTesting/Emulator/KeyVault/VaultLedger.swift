// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What the vaults hold. A vault is filled from the configuration when it is first asked.
package final class VaultLedger: Sendable {
    /// By the vaults' names.
    private let vaults = Locked<[String: VaultContents]>([:])

    package init() {}

    /// Runs under a lock.
    func with<Result: Sendable>(
        _ vault: EmulatorConfiguration.Vault,
        at epoch: Int,
        _ body: (inout VaultContents) throws(KeyVaultRefusal) -> Result
    ) throws(KeyVaultRefusal) -> Result {
        try self.vaults.withLock { vaults throws(KeyVaultRefusal) in
            var contents = vaults[vault.name] ?? VaultContents(vault, at: epoch)
            vaults[vault.name] = nil
            defer { vaults[vault.name] = contents }
            return try body(&contents)
        }
    }
}
