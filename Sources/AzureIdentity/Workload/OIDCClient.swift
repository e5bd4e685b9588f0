// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks a build service for an identity token, each time one is needed.
struct OIDCClient: Sendable {
    let credential: String
    let issuer: OIDCIssuer
    let url: URL
    /// Who asks.
    let bearer: Secret
    let pipeline: HTTPPipeline

    /// What tells it from others, secrets included.
    var identity: [String] { ["identity token", self.issuer.member, self.url.absoluteString, self.bearer.revealed] }

    /// Throws unless a header can carry who asks.
    static func check(_ bearer: Secret, _ what: String, credential: String) throws -> Secret {
        let token = HostileText.trimmed(bearer.revealed)
        guard let problem = FederatedToken.problem(token) else { return Secret(token) }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: "\(credential): The \(what) \(problem)."
        )
    }

    /// The proof by an identity token, asked for within the time that the request has.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func proof(for context: GrantContext) async throws -> ClientProof {
        .assertion(try await self.token(for: context.request))
    }

    private func token(for request: AcquisitionRequest) async throws -> String {
        let secrets = FormEncoding.echoes(of: self.bearer.revealed)
        var outgoing = TransportRequest(method: self.issuer.method, url: self.url, headers: self.issuer.headers)
        outgoing.headers["Authorization"] = "Bearer \(self.bearer.revealed)"
        outgoing.secrets = secrets
        let answer = OIDCAnswer(credential: self.credential, issuer: self.issuer, secrets: secrets)
        do {
            let exchange = try await self.pipeline.send(
                outgoing,
                context: request.context,
                deadline: request.deadline,
                beforeRetry: { setback in
                    switch setback {
                    case .success(let exchange): request.onSetback(answer.failure(of: exchange))
                    case .failure(let error): request.onSetback(self.unreachable(error, secrets: secrets))
                    }
                }
            )
            return try answer.token(of: exchange)
        } catch let error as TransportError {
            throw self.unreachable(error, secrets: secrets)
        }
    }

    private func unreachable(_ error: TransportError, secrets: [String]) -> AuthenticationError {
        AuthenticationError(
            error.kind == .configuration ? .invalidConfiguration : .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): No answer from the OIDC endpoint. "
                + HostileText.sanitized(error.message, removing: secrets),
            isRetryable: error.isRetryable,
            underlyingError: error
        )
    }
}

extension CredentialOptions {
    /// A pipeline for a build service's endpoint, which is no part of Microsoft Entra ID.
    func oidcPipeline(host: Host, credential: String) throws -> HTTPPipeline {
        let transport = try CredentialOptions.transport(of: host, credential: credential)
        return self.pipeline(transport, host: host, rules: RetryRules(base: self.retry))
    }
}
