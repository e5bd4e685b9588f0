// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Redeems one authorization code, once.
final class AuthorizationCodeFlow: SignInFlow {
    private let code: Secret
    private let redirectURL: String
    private let codeVerifier: Secret?
    private let proof: (@Sendable (GrantContext) async throws -> ClientProof)?
    private let isSpent = Locked(false)

    init(
        code: Secret,
        redirectURL: String,
        codeVerifier: Secret?,
        proof: (@Sendable (GrantContext) async throws -> ClientProof)?
    ) {
        self.code = code
        self.redirectURL = redirectURL
        self.codeVerifier = codeVerifier
        self.proof = proof
    }

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        guard !self.isSpent.withLock({ $0 }) else {
            throw AuthenticationError(
                .authenticationRequired,
                credential: desk.credential,
                message: """
                    \(desk.credential): The authorization code has been used, and there is no refresh token that is good for this request: \
                    the user has to sign in again.
                    """
            )
        }
        do {
            let token = try await desk.token(for: request) { context in
                let proof = try await self.proof?(context)
                return AuthorizationCodeGrant(
                    code: self.code.revealed,
                    redirectURL: self.redirectURL,
                    codeVerifier: self.codeVerifier?.revealed,
                    clientID: desk.clientID
                )
                .grant(proof: proof)
            }
            self.isSpent.withLock { $0 = true }
            return token
        } catch let error as AuthenticationError where error.serviceError?.error == "invalid_grant" {
            // The service has seen it, and takes it no more.
            self.isSpent.withLock { $0 = true }
            throw error
        }
    }
}

/// The grant of an authorization code (RFC 6749, section 4.1.3, and RFC 7636, section 4.5). Pure.
struct AuthorizationCodeGrant {
    let code: String
    let redirectURL: String
    let codeVerifier: String?
    let clientID: String

    func grant(proof: ClientProof? = nil) -> TokenGrant {
        var grant = TokenGrant(
            parameters: [
                ("grant_type", "authorization_code"), ("client_id", self.clientID), ("client_info", "1"), ("code", self.code),
                ("redirect_uri", self.redirectURL),
            ] + (self.codeVerifier.map { [("code_verifier", $0)] } ?? []) + (proof?.parameters ?? []),
            secrets: FormEncoding.echoes(of: self.code) + (self.codeVerifier.map { FormEncoding.echoes(of: $0) } ?? [])
                + (proof?.secrets ?? []),
            clientID: self.clientID
        )
        grant.isDated = proof?.isDated ?? false
        grant.renew = proof?.renew
        grant.refusalNote = proof?.refusalNote
        grant.scopes = .withSignInScopes
        return grant
    }
}
