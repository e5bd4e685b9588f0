// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The older way to the editor's account: the refresh token that the extension Azure Account, up to 0.9.11, has put into the system's secret
/// store, redeemed at the token endpoint with the editor's client id.
///
/// The store is only read: a refresh token that comes in place of the stored one is kept in memory, as long as the stored one stays the same.
final class EditorRefresh: Sendable {
    /// What the extension calls its secrets.
    static let service = "VS Code Azure"

    private let entra: EntraClient
    private let settings: EditorSettings
    /// Who is signed in to the extension of today; `nil`: nobody.
    private let record: AuthenticationRecord?
    private let host: Host
    /// What came in place of a stored refresh token.
    private let successor = Locked<(stored: Secret, next: Secret)?>(nil)

    init(entra: EntraClient, settings: EditorSettings, record: AuthenticationRecord?, host: Host) {
        self.entra = entra
        self.settings = settings
        self.record = record
        self.host = host
    }

    /// A token for a request.
    ///
    /// - Throws: `EditorProblem` if nothing is stored; `AuthenticationError`; `CancellationError`.
    func token(for request: AcquisitionRequest) async throws -> AcquiredToken {
        let stored = try await self.stored()
        let known = self.successor.withLock { $0 }
        do {
            if let known, known.stored.revealed == stored.revealed {
                do {
                    return try await self.redeem(known.next, stored: stored, request: request)
                } catch let error as AuthenticationError where UserSession.isRefusal(error) {
                    // Somebody else may have redeemed the stored one since; it is the one that lasts.
                    self.successor.withLock { $0 = nil }
                }
            }
            return try await self.redeem(stored, stored: stored, request: request)
        } catch let error as AuthenticationError where UserSession.isRefusal(error) {
            throw EditorErrors.expired(error.reason, refusal: error, context: request.context)
        }
    }

    /// What is missing if nothing is stored; `nil`: something is, or nobody knows.
    func absence() async -> EditorProblem? {
        do {
            _ = try await self.stored()
            return nil
        } catch let error {
            let problem = error as? EditorProblem
            return problem?.isCertain == false ? nil : problem
        }
    }

    /// The refresh token in the secret store.
    private func stored() async throws -> Secret {
        for name in self.settings.cloud.names {
            switch await self.host.savedPassword(Self.service, name, self.host.environment) {
            case .missing: continue
            case .unknown(let problem):
                try Task.checkCancellation()
                let reason = HostileText.sanitized(problem.reason, limit: 200)
                throw EditorProblem(reason: "the secret store can't be read: \(reason)", isCertain: false)
            case .found(let secret):
                guard Self.isRefreshToken(secret.revealed) else {
                    throw EditorProblem(reason: "what is in the secret store for \"\(Self.service)\" is no refresh token")
                }
                return secret
            }
        }
        throw EditorProblem(reason: "the secret store has nothing for \"\(Self.service)\"")
    }

    /// Whether a text has the characters that refresh tokens are made of.
    static func isRefreshToken(_ text: String) -> Bool {
        (1...16_384).contains(text.utf8.count)
            && text.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "_-.".utf8.contains($0) }
    }

    private func redeem(_ secret: Secret, stored: Secret, request: AcquisitionRequest) async throws -> AcquiredToken {
        let token = try await self.entra.token(for: request) { _ in
            var grant = TokenGrant(
                parameters: [
                    ("grant_type", "refresh_token"), ("client_id", EditorRecord.clientID), ("client_info", "1"),
                    ("refresh_token", secret.revealed),
                ],
                secrets: FormEncoding.echoes(of: secret.revealed),
                clientID: EditorRecord.clientID
            )
            grant.scopes = .withSignInScopes
            return grant
        }
        if let record = self.record {
            // Before anything of the answer is kept. One that doesn't say whose it is may be anybody's.
            guard let account = token.signIn.flatMap({ SignedInAccount($0) }) else { throw EditorErrors.nameless }
            guard account.homeAccountID.lowercased() == record.homeAccountID.lowercased() else {
                throw EditorErrors.stranger("The extension Azure Account")
            }
        }
        if let next = token.signIn?.refreshToken, Self.isRefreshToken(next.revealed), next.revealed != stored.revealed {
            self.successor.withLock { $0 = (stored, next) }
        }
        return token
    }
}
