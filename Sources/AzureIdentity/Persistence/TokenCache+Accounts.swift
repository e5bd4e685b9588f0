// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Date
#else
public import struct Foundation.Date
#endif

/// Somebody whose tokens are in a cache.
public struct TokenCacheAccount: Sendable, Hashable {
    /// What identifies the account across tenants: `uid.utid`.
    public let homeAccountID: String
    /// The host of the authority, such as `login.microsoftonline.com`.
    public let environment: String
    /// The person's name, such as `ada@contoso.example`; may be empty. Not part of any description, since it tells of a person.
    public let username: String
    /// The account's home tenant, where that is known; else the one it signed in to.
    public let tenantID: String
    /// The tenants that the person signed in to.
    public let tenantIDs: [String]

    /// Creates an account, to sign it out without listing all.
    ///
    /// - Parameters:
    ///   - homeAccountID: What identifies the account across tenants.
    ///   - environment: The host of the authority.
    ///   - username: The person's name.
    ///   - tenantID: The home tenant.
    ///   - tenantIDs: The tenants that the person signed in to.
    public init(
        homeAccountID: String,
        environment: String,
        username: String = "",
        tenantID: String = "",
        tenantIDs: [String] = []
    ) {
        self.homeAccountID = homeAccountID
        self.environment = environment
        self.username = username
        self.tenantID = tenantID
        self.tenantIDs = tenantIDs
    }
}

extension TokenCacheAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The ids; never the person's name.
    public var description: String {
        "TokenCacheAccount(homeAccountID: \(self.homeAccountID), environment: \(self.environment), tenantID: \(self.tenantID))"
    }
    /// The same as ``description``.
    public var debugDescription: String { self.description }
    /// Shows everything but the person's name.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "homeAccountID": self.homeAccountID, "environment": self.environment, "tenantID": self.tenantID,
                "tenantIDs": self.tenantIDs, "username": "<redacted>",
            ] as KeyValuePairs<String, Any>,
            displayStyle: .struct,
            ancestorRepresentation: .suppressed
        )
    }
}

/// A token in a cache: what it is for and until when, never the token.
public struct TokenCacheEntry: Sendable, Hashable {
    /// What kind of token it is.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// `access`, `refresh` or `id`.
        public let description: String

        /// A token for a service.
        public static let access = Kind(description: "access")
        /// A token to get others with.
        public static let refresh = Kind(description: "refresh")
        /// What the token service said of a person who signed in.
        public static let id = Kind(description: "id")
    }

    /// Whose token it is; `nil` for an application's.
    public let account: TokenCacheAccount?
    /// What kind of token it is.
    public let kind: Kind
    /// The application (client) id.
    public let clientID: String
    /// The tenant that the token is of; empty for a refresh token, which is good for all.
    public let tenantID: String
    /// The scopes, sorted. Those of a refresh token are the ones it came with; it is good for others too.
    public let scopes: [String]
    /// When the token expires; `nil` where nobody says.
    public let expiresOn: Date?
    /// Whether the token was asked for with continuous access evaluation (CAE).
    public let isCAEEnabled: Bool
}

extension TokenCache {
    /// Who has tokens in the cache: people alone, sorted by name.
    ///
    /// In a cache of your own (`custom`), those that this process has used.
    ///
    /// - Returns: The accounts.
    /// - Throws: `AuthenticationError` if the cache can't be read.
    public func accounts() async throws -> [TokenCacheAccount] {
        let documents = try await self.documents()
        return CacheListing(documents).accounts
    }

    /// The tokens in the cache: for whom, for what and until when. Those that are in this process's memory alone aren't listed.
    ///
    /// - Returns: The entries; never a token.
    /// - Throws: `AuthenticationError` if the cache can't be read.
    public func entries() async throws -> [TokenCacheEntry] {
        let documents = try await self.documents()
        return CacheListing(documents).entries
    }

    /// Removes all that the cache has of an account: access, refresh and id tokens, those of a family of applications too.
    ///
    /// Looks wherever a cache of this name may be, whatever keeps it today: a keyring that was locked for a while, a file from before. Files
    /// and items that were damaged and set aside are deleted too, whoever's they were. A file that another key has encrypted stays, and the
    /// log names it: who has the key can sign out there.
    ///
    /// In memory, sessions of the account end too. In a cache of your own (`custom`), all processes' tokens of the account are removed, but
    /// for those of sessions, which end by themselves or by ``OnBehalfOfCredential/endSession()``.
    ///
    /// Drops this process's tokens in memory, of all accounts; the others' are found again or asked for. Tokens that were given out stay
    /// valid until they expire.
    ///
    /// - Parameter account: The account.
    /// - Throws: `AuthenticationError` if tokens of the account may be left somewhere, files of other keys aside: what can be removed is
    ///   removed before.
    public func signOut(_ account: TokenCacheAccount) async throws {
        try await self.signOut(account.homeAccountID, environments: CacheListing.names(of: account.environment))
    }

    /// Removes all that the cache has of people, and leaves the tokens of applications.
    ///
    /// As ``signOut(_:)``, for everybody; in a cache of your own (`custom`) for those that this process has used.
    ///
    /// - Throws: `AuthenticationError` if tokens may be left somewhere: what can be removed is removed before.
    public func signOutAll() async throws { try await self.signOut(nil, environments: nil) }

    private func signOut(_ homeAccountID: String?, environments: [String]?) async throws {
        // Whatever becomes of what is kept elsewhere, nothing is handed out from memory.
        defer { self.removeAll() }
        do {
            try await self.vault.signOut(homeAccountID: homeAccountID, environments: environments)
        } catch let error {
            throw CacheFailure.error(error, credential: "TokenCache")
        }
    }

    private func documents() async throws -> [(document: CacheDocument, isCAEEnabled: Bool)] {
        do {
            var documents: [(CacheDocument, Bool)] = []
            for part in try await self.vault.parts() {
                documents.append((try await self.vault.document(part), part.isCAEEnabled))
            }
            return documents
        } catch let error {
            throw CacheFailure.error(error, credential: "TokenCache")
        }
    }
}
