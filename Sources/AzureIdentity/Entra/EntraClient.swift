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

/// Talks to the v2.0 token endpoint of Microsoft Entra ID, for one credential.
struct EntraClient: Sendable {
    private let credential: String
    private let authorityHost: AuthorityHost
    private let pipeline: HTTPPipeline
    private let clock: any MachineClock

    init(credential: String, authorityHost: AuthorityHost, pipeline: HTTPPipeline, clock: any MachineClock) {
        self.credential = credential
        self.authorityHost = authorityHost
        self.pipeline = pipeline
        self.clock = clock
    }

    /// Gets a token by a grant.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func token(by grant: TokenGrant, request: AcquisitionRequest) async throws -> AcquiredToken {
        let transportRequest = try self.transportRequest(grant, request: request)
        let answer = EntraAnswer(credential: self.credential, secrets: grant.secrets)
        let exchange: HTTPPipeline.Exchange
        do {
            exchange = try await self.pipeline.send(
                transportRequest,
                context: request.context,
                deadline: request.deadline,
                beforeRetry: { request.onThrottled(answer.failure(of: $0)) }
            )
        } catch let error as TransportError {
            throw self.unreachable(error, secrets: grant.secrets)
        }
        var token = try answer.token(of: exchange, date: self.clock.date)
        token.start = exchange.sentAt
        token.clientID = grant.clientID
        return token
    }

    private func transportRequest(_ grant: TokenGrant, request: AcquisitionRequest) throws -> TransportRequest {
        var parameters = grant.parameters
        parameters.append(("scope", request.context.scopes.joined(separator: " ")))
        let claims = try ClaimsRequest.value(
            claims: request.context.claims,
            isCAEEnabled: request.context.isCAEEnabled,
            credential: self.credential
        )
        if let claims { parameters.append(("claims", claims)) }
        var transportRequest = TransportRequest(
            method: .post,
            url: try self.tokenEndpoint(tenantID: request.tenantID),
            headers: [
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
                "client-request-id": (request.context.correlationID ?? UUID()).uuidString.lowercased(),
            ],
            body: FormEncoding.body(parameters)
        )
        transportRequest.secrets = grant.secrets
        return transportRequest
    }

    /// `https://<host>/<tenant>/oauth2/v2.0/token`; on AD FS, whose tenant is `adfs`, `https://<host>/adfs/oauth2/token`.
    private func tokenEndpoint(tenantID: String) throws -> URL {
        let path = tenantID.lowercased() == "adfs" ? "adfs/oauth2/token" : "\(tenantID)/oauth2/v2.0/token"
        guard TenantID.isValid(tenantID), let url = URL(string: "\(self.authorityHost)/\(path)") else {
            throw TenantID.invalid(tenantID, credential: self.credential)
        }
        return url
    }

    private func unreachable(_ error: TransportError, secrets: [String]) -> AuthenticationError {
        AuthenticationError(
            error.kind == .configuration ? .invalidConfiguration : .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(HostileText.sanitized(error.message, removing: secrets))",
            isRetryable: error.isRetryable,
            underlyingError: error
        )
    }
}
