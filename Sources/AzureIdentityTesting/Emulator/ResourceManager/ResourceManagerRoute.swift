// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What a path of the resource manager leads to. Paths are matched exactly, ids without regard to case.
package enum ResourceManagerRoute: Sendable, Equatable {
    /// What the cloud is made of.
    case endpoints
    case tenants
    case subscriptions
    case subscription(String)

    /// `nil`: the path is none of the resource manager's.
    package init?(path: String) {
        switch path {
        case "/metadata/endpoints": self = .endpoints
        case "/tenants": self = .tenants
        case "/subscriptions": self = .subscriptions
        default:
            let prefix = "/subscriptions/"
            guard path.hasPrefix(prefix) else { return nil }
            let id = path.dropFirst(prefix.count)
            guard GUID.isValid(String(id)) else { return nil }
            self = .subscription(String(id))
        }
    }

    /// The values of `api-version` that are answered. Of the cloud's description the older ones have another form.
    var versions: [String] {
        if self == .endpoints { return ["2022-09-01"] }
        return ["2016-06-01", "2018-06-01", "2019-06-01", "2019-11-01", "2020-01-01", "2021-01-01", "2022-12-01"]
    }
}
