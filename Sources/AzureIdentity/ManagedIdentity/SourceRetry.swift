// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What is asked again, of which host, how often (one table each). Pure.
///
/// A caller's own `RetryOptions` replace the counts and the delays, not what is worth asking again.
enum SourceRetry {
    private static let serverErrors = Set(500...599)

    /// IMDS: 404 while the service is updated or an identity is being assigned, 410 while it restarts, which takes up to 70 seconds, 429 above
    /// 20 requests a second, and 5xx (Microsoft, "How to use managed identities on a virtual machine", retry guidance).
    static func metadata(_ options: RetryOptions) -> RetryRules {
        let codes = Self.serverErrors.union([404, 408, 410, 429])
        guard options == .default else { return Self.callers(options, codes: codes) }
        return RetryRules(
            base: RetryOptions(maximumRetries: 5, statusCodes: codes),
            byStatus: [410: Self.gone],
            onFailure: .default
        )
    }

    /// The endpoints beside a program on the same host: as IMDS, but sooner given up. A refused connection means that the endpoint isn't up
    /// yet, and is tried again as any connection that fails.
    static func endpoint(_ options: RetryOptions) -> RetryRules {
        let codes: Set<Int> = [404, 408, 410, 429, 500, 502, 503, 504]
        guard options == .default else { return Self.callers(options, codes: codes) }
        return RetryRules(base: RetryOptions(statusCodes: codes), byStatus: [410: Self.gone], onFailure: .default)
    }

    /// Service Fabric: a 404 there means that the application has no identity, and won't change (Microsoft's advice not to ask again).
    static func serviceFabric(_ options: RetryOptions) -> RetryRules {
        let codes: Set<Int> = [408, 429, 500, 502, 503, 504]
        guard options == .default else { return Self.callers(options, codes: codes) }
        return RetryRules(base: RetryOptions(statusCodes: codes), byStatus: [:], onFailure: .default)
    }

    /// Waits of 6, 12, 24 and 48 seconds, less a fifth at most: more than 70 seconds in all.
    private static let gone = RetryOptions(
        maximumRetries: 4, baseDelay: .seconds(6), maximumDelay: .seconds(60), statusCodes: [410])

    private static func callers(_ options: RetryOptions, codes: Set<Int>) -> RetryRules {
        var base = options
        base.statusCodes = options.statusCodes.union(codes)
        return RetryRules(base: base, byStatus: [:], onFailure: nil)
    }
}
