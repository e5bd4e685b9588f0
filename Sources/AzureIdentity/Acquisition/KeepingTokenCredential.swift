// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A credential that keeps tokens, and hands them out without suspending its caller: what most calls of a chain come to.
protocol KeepingTokenCredential: TokenEventSource {
    /// A kept token for the request, if there is one that would do. Throws what asking the credential would throw, or less.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken?
    /// Drops the kept tokens.
    func removeCachedTokens()
}
