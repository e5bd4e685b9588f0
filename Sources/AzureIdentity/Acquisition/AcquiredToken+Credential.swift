// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AcquiredToken {
    /// What another credential brought.
    ///
    /// - Parameters:
    ///   - token: Its token.
    ///   - credential: The credential that passes it on, for the error.
    ///   - clock: The machine's clocks.
    /// - Throws: `AuthenticationError` with `.authenticationFailed` if the token has expired already, or is empty.
    init(of token: AccessToken, credential: String, clock: any MachineClock) throws {
        let date = clock.date
        let lifetime = token.expiresOn.timeIntervalSince(date)
        guard lifetime > 0, !lifetime.isNaN, !token.token.isEmpty else {
            throw AuthenticationError(
                .authenticationFailed,
                credential: credential,
                message: "\(credential): The token that was got has expired already, or is empty."
            )
        }
        let ceiling = Self.maximumLifetime.inSeconds
        self.init(
            token: token.token,
            lifetime: .seconds(min(lifetime, ceiling)),
            refreshIn: token.refreshOn.flatMap { refreshOn in
                let seconds = refreshOn.timeIntervalSince(date)
                return seconds.isFinite ? .seconds(min(max(seconds, 0), ceiling)) : nil
            },
            start: clock.now
        )
        self.type = token.type
        self.clientID = token.provenance?.clientID
    }

    /// Longer lifetimes are no token's, and would overflow clocks.
    private static let maximumLifetime = Duration.seconds(366 * 86_400)
}
