// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// An account that a broker knows. All texts are the broker's: bounded, and not to be shown as they are.
package struct BrokerAccount: Sendable, Hashable {
    /// The longest account that is read of a broker, in UTF-8 bytes.
    package static let rawLimit = 65_536

    /// The object id, a dot, and the home tenant's id.
    package var homeAccountID: String
    /// The object id in the realm.
    package var localAccountID: String
    /// The tenant.
    package var realm: String
    /// The authority's host.
    package var environment: String
    package var username: String
    /// As the broker gave it, in JSON: it wants it back so; at most `rawLimit` bytes.
    package var raw: String
    /// Whether a broker has named it; one that was made of an authentication record is what is asked for, and no proof of who it is.
    package var isListed = true

    package init(
        homeAccountID: String,
        localAccountID: String = "",
        realm: String = "",
        environment: String = "",
        username: String = "",
        raw: String = "{}"
    ) {
        self.homeAccountID = homeAccountID
        self.localAccountID = localAccountID
        self.realm = realm
        self.environment = environment
        self.username = username
        self.raw = raw
    }
}

extension BrokerAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of the person.
    package var description: String { "BrokerAccount(<redacted>)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: [:], displayStyle: .struct, ancestorRepresentation: .suppressed) }
}
