// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How far a service's clock is ahead of this machine's, as its last answer says.
///
/// A difference below a minute counts as none: the `Date` of an answer is in whole seconds, and it takes its time to arrive.
final class ServiceClock: Sendable {
    /// The least difference that matters.
    static let threshold = Duration.seconds(60)
    /// The largest one that is believed.
    static let maximum = Duration.seconds(366 * 86_400)

    private let difference = Locked(Duration.zero)

    /// The difference that matters; zero if there is none.
    var skew: Duration { self.difference.withLock { $0 } }

    /// Takes note of an answer's difference.
    func note(_ skew: Duration?) {
        guard let skew else { return }
        self.difference.withLock { $0 = Self.relevant(skew) }
    }

    /// The difference, if it matters and can be believed; else zero.
    static func relevant(_ skew: Duration) -> Duration {
        let size = skew < .zero ? .zero - skew : skew
        return size >= Self.threshold && size <= Self.maximum ? skew : .zero
    }

    /// What a person is told of this machine's clock, such as `7 min slow`; `nil` if it is right.
    static func description(of skew: Duration) -> String? {
        let relevant = Self.relevant(skew)
        guard relevant != .zero else { return nil }
        let seconds = abs(relevant.inSeconds)
        let amount =
            switch seconds {
            case ..<7_200: "\(Int((seconds / 60).rounded())) min"
            case ..<172_800: "\(Int((seconds / 3_600).rounded())) h"
            default: "\(Int((seconds / 86_400).rounded())) days"
            }
        return "\(amount) \(relevant > .zero ? "slow" : "fast")"
    }
}
