// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// How caches say by what an account was signed in (`account_source`): by the kind of grant, as the MSAL libraries write it. Pure.
enum AccountSource {
    /// Those of which caches say it; of others, such as on-behalf-of and the assertions of federation services, they say nothing.
    private static let grants: Set<String> = [
        "authorization_code", "password", "urn:ietf:params:oauth:grant-type:device_code",
    ]

    /// What is written for a grant; `nil`: nothing.
    static func name(ofGrant type: String?) -> String? { type.flatMap { Self.grants.contains($0) ? $0 : nil } }
}
