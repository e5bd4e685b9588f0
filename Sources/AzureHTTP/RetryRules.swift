// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which failures of a request are retried, by tables: one for all, others for single status codes and for failures of the transport.
///
/// Each table counts its own retries. Where there is more than one, the request is sent again at most ``maximumRetries`` times in all.
package struct RetryRules: Sendable, Hashable {
    /// The table of every status that has none of its own.
    package var base: RetryOptions
    /// The tables of single status codes. Such a status is retried, whatever the table's own status codes.
    package var byStatus: [Int: RetryOptions]
    /// The table of failures of the transport; `nil`: ``base``.
    package var onFailure: RetryOptions?

    /// The most retries in all where there is more than one table.
    package static let maximumRetries = 12

    /// - Parameters:
    ///   - base: The table of every status that has none of its own.
    ///   - byStatus: The tables of single status codes.
    ///   - onFailure: The table of failures of the transport.
    package init(base: RetryOptions, byStatus: [Int: RetryOptions] = [:], onFailure: RetryOptions? = nil) {
        self.base = base
        self.byStatus = byStatus
        self.onFailure = onFailure
    }

    /// A table's place in the rules.
    enum Place: Hashable {
        case base
        case status(Int)
        case failure
    }

    /// The table for an outcome; `nil` if it isn't retried.
    func table(for outcome: RetryPlan.Outcome) -> (place: Place, options: RetryOptions)? {
        switch outcome {
        case .response(let status, _):
            if let options = self.byStatus[status] { return (.status(status), options) }
            return self.base.statusCodes.contains(status) ? (.base, self.base) : nil
        case .failure(let isRetryable):
            guard isRetryable else { return nil }
            return self.onFailure.map { (.failure, $0) } ?? (.base, self.base)
        }
    }

    /// The most retries in all.
    var limit: Int { self.byStatus.isEmpty && self.onFailure == nil ? .max : Self.maximumRetries }
}
