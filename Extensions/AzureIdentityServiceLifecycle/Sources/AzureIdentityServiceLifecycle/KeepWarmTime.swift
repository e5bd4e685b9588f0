// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// The clocks that a service goes by.
struct KeepWarmTime: Sendable {
    /// What the wall clock shows.
    var date: @Sendable () -> Date
    /// Waits.
    var sleep: @Sendable (Duration) async throws -> Void
    /// The renewals of a credential's tokens.
    var renewals: @Sendable (any TokenCredential, TokenRequestContext) -> TokenRenewals

    /// Those of the machine.
    static let system = KeepWarmTime(
        date: { Date() },
        sleep: { try await Task.sleep(for: $0) },
        renewals: { $0.renewals(for: $1) }
    )
}
