// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Decides when a token is renewed behind its callers' backs. Pure.
package enum RefreshSchedule {
    /// Lifetimes from here on are renewed at half of them.
    static let halfLifeThreshold = Duration.seconds(7200)
    /// Shorter ones are renewed this long before they end.
    static let margin = Duration.seconds(300)
    /// The least time between two attempts for one key.
    package static let attemptInterval = Duration.seconds(30)
    /// The longest delay by chance, so that a fleet doesn't renew at once.
    static let maximumJitter = Duration.seconds(60)

    /// How long after the request the token is due for renewal.
    ///
    /// `refresh_in` if the service sent one that makes sense, else half of a lifetime of two hours or more, else five minutes before
    /// the end; for lifetimes under ten minutes, half of them.
    ///
    /// - Parameters:
    ///   - lifetime: How long the token lives.
    ///   - refreshIn: What the service says, if it does.
    package static func refreshDelay(lifetime: Duration, refreshIn: Duration?) -> Duration {
        if let refreshIn, refreshIn > .zero, refreshIn < lifetime { return refreshIn }
        if lifetime >= Self.halfLifeThreshold { return lifetime / 2 }
        return max(lifetime - Self.margin, lifetime / 2)
    }

    /// The delay with a share of chance: up to a fifth of what is left of the lifetime, at most a minute.
    ///
    /// - Parameter chance: A random number from 0 to 1.
    package static func jittered(_ delay: Duration, lifetime: Duration, chance: Double) -> Duration {
        delay + min(Self.maximumJitter, (lifetime - delay) / 5) * chance
    }
}
