// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Why something couldn't be kept or read where the machine keeps things. Holds nothing of what was to be kept.
package struct StorageProblem: Error, Hashable, Sendable {
    /// What kind of problem it is, as far as somebody decides by it.
    package enum Kind: Sendable {
        /// There is no such place here.
        case unavailable
        /// The place is there and not safe to use: others can get at it, or it belongs to somebody else.
        case refused
        /// Somebody else has it, and didn't let go in time.
        case busy
        /// What is there can't be read as what it should be.
        case damaged
        /// What is there was encrypted with a key that is gone.
        case keyLost
        /// What is there was encrypted with a key that somebody else may have.
        case otherKey
        /// Something broke.
        case failed
    }

    package let kind: Kind
    /// One sentence without a full stop.
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
