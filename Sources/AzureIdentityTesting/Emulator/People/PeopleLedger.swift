// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the emulator keeps about people between requests: codes, refresh tokens, sessions, consent, revocations. Bounded: the oldest
/// entries make room for new ones.
package final class PeopleLedger: Sendable {
    /// What stands behind an authorization code.
    struct AuthorizationCode: Sendable {
        var clientID: String
        var redirectURL: String
        /// The `code_challenge`, of the kind `S256`.
        var challenge: String?
        var nonce: String?
        var scope: String
        /// The tenant in which the user has signed in.
        var tenantID: String
        var session: UserSession
        var issuedAt: Date
        var isRedeemed = false
    }

    /// What stands behind a device code.
    struct DeviceCode: Sendable {
        enum Outcome: Sendable {
            case pending
            case approved(UserSession, tenantID: String)
            case declined
        }

        var userCode: String
        var clientID: String
        /// The name of the tenant in the path, in lower case.
        var tenantName: String
        var scope: String
        var claims: String?
        var expiresAt: Date
        /// In seconds. It grows with each question that comes too early.
        var interval: Int
        var lastAsked: Date?
        var outcome = Outcome.pending
    }

    /// What stands behind a refresh token.
    struct RefreshToken: Sendable {
        var clientID: String
        var familyID: String?
        var session: UserSession
        /// The tenant in which the user has signed in, for requests that name none.
        var tenantID: String
        var scope: String
        var issuedAt: Date
    }

    /// A sign-in on a page that waits for one more answer.
    struct Ticket: Sendable {
        var step: SignInStep
        var session: UserSession
        /// What the sign-in is for, so that a ticket is good for that alone.
        var purpose: String
        var expiresAt: Date
    }

    /// An assertion that the server of federated users has issued.
    struct FederatedAssertion: Sendable {
        var userName: String
        var expiresAt: Date
    }

    struct State: Sendable {
        var codes = BoundedTable<AuthorizationCode>(limit: 10_000)
        var deviceCodes = BoundedTable<DeviceCode>(limit: 1000)
        /// The device codes by user code.
        var userCodes = BoundedTable<String>(limit: 1000)
        var refreshTokens = BoundedTable<RefreshToken>(limit: 150_000)
        /// The sessions of browsers.
        var sessions = BoundedTable<UserSession>(limit: 1000)
        var tickets = BoundedTable<Ticket>(limit: 1000)
        var assertions = BoundedTable<FederatedAssertion>(limit: 1000)
        /// Who has consented to which application.
        var consents = BoundedTable<Bool>(limit: 10_000)
        /// Of whom which sessions are revoked, and when that was.
        var revocations = BoundedTable<Revocation>(limit: 10_000)
        var lastSerial = 0
    }

    /// All sessions up to a number are revoked.
    struct Revocation: Sendable {
        var lastSerial: Int
        var date: Date
    }

    private let state = Locked(State())

    package init() {}

    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.state.withLock(body)
    }

    // MARK: Sessions

    /// Opens a session for somebody who has given the password.
    func session(for person: Person, at date: Date) -> UserSession {
        let serial = self.withState { state in
            state.lastSerial += 1
            return state.lastSerial
        }
        return UserSession(person: person, at: date, serial: serial)
    }

    func revokeSessions(of person: Person, at date: Date) {
        let key = person.key
        self.withState { $0.revocations[key] = Revocation(lastSerial: $0.lastSerial, date: date) }
    }

    /// When the sessions of somebody were revoked, if this one is among them.
    func revocation(of session: UserSession, _ person: Person) -> Date? {
        let key = person.key
        return self.withState { state in
            state.revocations[key].flatMap { session.serial <= $0.lastSerial ? $0.date : nil }
        }
    }

    // MARK: Consent

    func hasConsented(_ person: Person, to clientID: String) -> Bool {
        let key = "\(person.key) \(clientID.lowercased())"
        return self.withState { $0.consents[key] ?? false }
    }

    func enterConsent(of person: Person, to clientID: String) {
        let key = "\(person.key) \(clientID.lowercased())"
        self.withState { $0.consents[key] = true }
    }

    /// A random text of 32 bytes in base64url, after a prefix that says what it is.
    static func randomCode(_ prefix: String) -> String {
        var generator = SystemRandomNumberGenerator()
        return prefix + Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
