// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What a credential of Microsoft Entra ID can do besides giving tokens, for credentials that stand before another.
protocol EntraCredential: TokenCredential {
    func validate() throws
    func removeCachedTokens()
}

/// A credential that can't be made yet, because a file isn't there or isn't whole: tried again with each call, until it can be made.
final class PendingMember: Sendable {
    private let make: @Sendable () throws -> any EntraCredential
    private let made = Locked<(any EntraCredential)?>(nil)

    init(make: @escaping @Sendable () throws -> any EntraCredential) { self.make = make }

    /// The credential.
    ///
    /// - Throws: Why it can't be made now.
    func credential() throws -> any EntraCredential {
        if let made = self.made.withLock({ $0 }) { return made }
        let credential = try self.make()
        return self.made.withLock { made in
            if let made { return made }
            made = credential
            return credential
        }
    }
}
