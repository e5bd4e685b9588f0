// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension CacheDocument {
    /// A kept access token. An application's has no home account.
    struct AccessEntry: Sendable, Equatable {
        var homeAccountID: String?
        /// The host of the authority, without its port.
        var environment: String
        var clientID: String
        /// The tenant, as it was asked.
        var realm: String
        /// The scopes, sorted.
        var target: [String]
        var tokenType: String
        var secret: Secret
        var cachedAt: Date
        var expiresOn: Date
        var extendedExpiresOn: Date?
        var refreshOn: Date?
        /// What else distinguishes the token, as a digest; `nil` for all but a few.
        var extensionKey: String?
        /// Who may use an application's token: who proves the same. No other library knows it.
        var proof: String?

        init(
            homeAccountID: String?,
            environment: String,
            clientID: String,
            realm: String,
            target: [String],
            tokenType: String = "Bearer",
            secret: Secret,
            cachedAt: Date,
            expiresOn: Date,
            extendedExpiresOn: Date? = nil,
            refreshOn: Date? = nil,
            extensionKey: String? = nil,
            proof: String? = nil
        ) {
            self.homeAccountID = homeAccountID
            self.environment = environment
            self.clientID = clientID
            self.realm = realm
            self.target = target.sorted()
            self.tokenType = tokenType
            self.secret = secret
            self.cachedAt = cachedAt
            self.expiresOn = expiresOn
            self.extendedExpiresOn = extendedExpiresOn
            self.refreshOn = refreshOn
            self.extensionKey = extensionKey
            self.proof = proof
        }
    }

    /// A refresh token: of one application, or of a family of them.
    package struct RefreshEntry: Sendable, Equatable {
        var homeAccountID: String
        var environment: String
        /// Who got it. Any member of the family may use it.
        var clientID: String
        var target: [String] = []
        var secret: Secret
        var lastModified: Date?
        var familyID: String?
    }

    /// What a token service said of a user when they signed in.
    struct IDEntry: Sendable, Equatable {
        var homeAccountID: String
        var environment: String
        var realm: String
        var clientID: String
        /// The raw JWT.
        var secret: Secret
    }

    /// A user in one tenant. The username is never `nil` and may be empty.
    struct AccountEntry: Sendable, Equatable {
        var homeAccountID: String
        var environment: String
        var realm: String
        var localAccountID: String
        var username: String
        var authorityType: String = "MSSTS"
        var accountSource: String?
        var clientInfo: String?
        var name: String?
    }

    /// Whether an application belongs to a family.
    struct ApplicationEntry: Sendable, Equatable {
        var clientID: String
        var environment: String
        var familyID: String?
    }

    /// What an access token is looked up by. All that is given has to be equal, `nil` included, but for scopes, of which the token may
    /// have more.
    struct AccessQuery: Sendable, Equatable {
        var homeAccountID: String?
        /// The names of one authority host.
        var environments: [String]
        var clientID: String
        var realm: String
        var target: [String]
        var tokenType: String = "Bearer"
        var extensionKey: String?
        var proof: String?
    }
}

extension CacheDocument.AccountEntry: CustomStringConvertible, CustomReflectable {
    /// Who it is by id, never by name.
    var description: String { "AccountEntry(\(self.homeAccountID), \(self.environment), \(self.realm))" }

    var customMirror: Mirror {
        Mirror(
            self,
            children: ["homeAccountID": self.homeAccountID, "environment": self.environment, "realm": self.realm],
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}
