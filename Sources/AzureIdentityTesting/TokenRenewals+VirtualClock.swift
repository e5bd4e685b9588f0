// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
public import AzureIdentity

extension TokenCredential {
    /// A token for a request, and then each renewed one before the old one expires, by a clock that a test turns.
    ///
    /// As `renewals(for:)` of AzureIdentity, but nothing waits for real time: the sequence sleeps until the clock has been advanced.
    ///
    /// - Parameters:
    ///   - context: The request.
    ///   - clock: The clock to sleep by. The credential should go by the same one, as those made with
    ///     ``EntraEmulator/credentialOptions(transport:tokenCache:retry:environment:logging:)`` do.
    /// - Returns: The sequence. Nothing is requested yet.
    public func renewals(for context: TokenRequestContext, clock: VirtualClock) -> TokenRenewals {
        TokenRenewals(credential: self, context: context, clock: clock)
    }
}
