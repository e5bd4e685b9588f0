// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What a credential of Microsoft Entra ID can do besides giving tokens, for credentials that stand before another.
protocol EntraCredential: KeepingTokenCredential {
    func validate() throws
}

/// A credential that can't be made yet, because a file isn't there or isn't whole: tried again when the file has changed, until it can be
/// made.
final class PendingMember: Sendable {
    private struct State: Sendable {
        var made: (any EntraCredential)?
        /// Why it couldn't be made, and the file's stamp then.
        var failure: (error: any Error, stamp: FileStamp)?
    }

    private let path: String
    private let make: @Sendable () throws -> any EntraCredential
    private let state = Locked(State())

    /// - Parameters:
    ///   - path: The file.
    ///   - make: Makes the credential from the file.
    init(path: String, make: @escaping @Sendable () throws -> any EntraCredential) {
        self.path = path
        self.make = make
    }

    /// The credential.
    ///
    /// - Throws: Why it can't be made now.
    func credential() throws -> any EntraCredential {
        let stamp = Host.stamp(ofFile: self.path)
        let known = self.state.withLock { $0 }
        if let made = known.made { return made }
        // The same contents fail the same way, and finding out may take many rounds of key derivation.
        if let failure = known.failure, failure.stamp == stamp { throw failure.error }
        do {
            let credential = try self.make()
            return self.state.withLock { state in
                let made = state.made ?? credential
                state.made = made
                return made
            }
        } catch let error {
            self.state.withLock { $0.failure = stamp.map { (error, $0) } }
            throw error
        }
    }
}
