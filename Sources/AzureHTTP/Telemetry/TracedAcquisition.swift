// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What the span of an acquisition says of it.
package struct TracedAcquisition: Sendable {
    /// `nil` where tenants don't matter.
    package var tenantID: String?
    package var scopes: [String]
    /// Whether a token that is still good is renewed.
    package var isRenewal: Bool

    package init(tenantID: String?, scopes: [String], isRenewal: Bool) {
        self.tenantID = tenantID
        self.scopes = scopes
        self.isRenewal = isRenewal
    }
}

/// What the span of an acquisition says of its failure: nothing that tells of a person, for spans leave the machine. Pure.
package struct TracedFailure: Error, Sendable, CustomStringConvertible {
    /// The error's code; for what isn't an `AuthenticationError`, the name of its type.
    package let type: String
    /// The first code of the service, such as `AADSTS7000215`.
    package let code: String?
    /// The status of the answer.
    package let status: Int?
    /// One line.
    package let description: String
    /// Whether somebody has given up waiting, which is no failure.
    package let isCancellation: Bool

    package init(_ error: any Error) {
        let failure = error as? AuthenticationError
        self.isCancellation = error is CancellationError
        self.type = failure?.code.description ?? (self.isCancellation ? "cancelled" : "\(Swift.type(of: error))")
        self.code = failure?.serviceError?.codes.first.map { "AADSTS\($0)" } ?? failure?.serviceError?.error
        self.status = failure?.response?.status
        self.description = failure?.summaryWithoutAccounts ?? "\(Swift.type(of: error))"
    }
}
