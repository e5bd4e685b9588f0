// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who has to be signed in. Pure.
enum BrokerExpectation: Sendable, Hashable {
    case anyone
    /// The account of an authentication record, or the one that was signed in on purpose.
    case account(homeAccountID: String, username: String)
    /// The account of a login hint.
    case username(String)

    init(_ client: BrokerEngine.Client) {
        if let record = client.record {
            self = .account(homeAccountID: record.homeAccountID, username: record.username)
        } else if let hint = client.loginHint {
            self = .username(hint)
        } else {
            self = .anyone
        }
    }

    /// Whether somebody is who is expected. An answer that doesn't say whom it is for is for nobody who is expected.
    func isMet(by identity: BrokerIdentity) -> Bool {
        switch self {
        case .anyone: true
        // By the id alone: names change hands.
        case .account(let homeAccountID, _): BrokerIdentity.isSame(homeAccountID, identity.homeAccountID)
        case .username(let username): BrokerIdentity.isSame(username, identity.username)
        }
    }

    /// Those accounts that are expected; of anyone, all.
    func accounts(in accounts: [BrokerAccount]) -> [BrokerAccount] {
        accounts.filter { account in
            switch self {
            case .anyone: true
            case .account(let homeAccountID, _): BrokerIdentity.isSame(account.homeAccountID, homeAccountID)
            case .username(let username): BrokerIdentity.isSame(account.username, username)
            }
        }
    }
}

/// Whom a broker is asked for without a person. Pure.
enum BrokerChoice: Sendable, Equatable {
    case account(BrokerAccount)
    /// The operating system's default account.
    case systemDefault
    /// Nobody: a person has to choose or to sign in, for the reason in the failure.
    case person(BrokerFailure)

    /// Chooses among the accounts that a broker has: the one that is expected, else the only one. An account that a broker has for several
    /// tenants is one account.
    ///
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - expectation: Who has to be signed in.
    ///   - tenantID: The tenant that is asked; of the entries of one account, its own is taken.
    ///   - environment: The authority's host.
    init(_ accounts: [BrokerAccount], expectation: BrokerExpectation, tenantID: String, environment: String) {
        let candidates = expectation.accounts(in: accounts)
        guard let first = candidates.first else {
            self = Self.withoutEntry(expectation, environment: environment)
            return
        }
        guard candidates.allSatisfy({ BrokerIdentity.isSame($0.homeAccountID, first.homeAccountID) }) else {
            self = .person(
                .init(.interactionRequired, context: "The broker has several accounts, and nobody says which one is meant."))
            return
        }
        let own = candidates.first { BrokerIdentity.isSame($0.realm, tenantID) }
        self = .account(own ?? first)
    }

    /// Where the broker lists nobody who is expected: some brokers list nobody, and find an account by its id all the same.
    private static func withoutEntry(_ expectation: BrokerExpectation, environment: String) -> BrokerChoice {
        switch expectation {
        case .anyone: .person(.init(.accountNotFound, context: "The broker has no account for the application."))
        case .username: .person(.init(.accountNotFound, context: "The broker has no account of the login hint's name."))
        case .account(let homeAccountID, let username):
            .account(.found(homeAccountID: homeAccountID, username: username, environment: environment))
        }
    }
}

extension BrokerAccount {
    /// The tenant of personal Microsoft accounts (fact: Microsoft's documentation of the claim `tid`).
    static let personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

    /// Whether it is a personal Microsoft account.
    var isPersonal: Bool {
        BrokerIdentity.isSame(self.realm, Self.personalTenant)
            || self.homeAccountID.lowercased().hasSuffix("." + Self.personalTenant)
    }

    /// An account by what an authentication record says of it.
    static func found(homeAccountID: String, username: String, environment: String) -> BrokerAccount {
        let parts = homeAccountID.split(separator: ".", maxSplits: 1).map { String($0) }
        let localAccountID = parts.first ?? homeAccountID
        let realm = parts.count == 2 ? parts[1] : ""
        let members = [
            "environment": environment, "homeAccountId": homeAccountID, "localAccountId": localAccountID, "realm": realm,
            "username": username,
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let raw = (try? encoder.encode(members)).map { String(decoding: $0, as: UTF8.self) }
        var account = BrokerAccount(
            homeAccountID: homeAccountID,
            localAccountID: localAccountID,
            realm: realm,
            environment: environment,
            username: username,
            raw: raw ?? "{}"
        )
        account.isListed = false
        return account
    }
}
