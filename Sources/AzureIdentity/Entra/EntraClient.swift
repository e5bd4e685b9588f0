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

/// Talks to the token endpoint of Microsoft Entra ID, AD FS or an OpenID issuer, for one credential.
struct EntraClient: Sendable {
    private let credential: String
    private let resolver: AuthorityResolver
    private let pipeline: HTTPPipeline
    private let clock: any MachineClock
    private let serviceClock: ServiceClock

    init(credential: String, resolver: AuthorityResolver) {
        self.credential = credential
        self.resolver = resolver
        self.pipeline = resolver.pipeline
        self.clock = resolver.host.clock
        self.serviceClock = resolver.serviceClock
    }

    /// Gets a token by a grant.
    ///
    /// A refusal is final, but for two cases that mend themselves and are tried once more: the grant was signed by a clock that has turned
    /// out to be wrong, or with a key that has been replaced meanwhile.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func token(
        for request: AcquisitionRequest,
        by makeGrant: (GrantContext) async throws -> TokenGrant
    ) async throws -> AcquiredToken {
        if let cloud = self.resolver.authority.cloud,
            let error = CloudResources.mismatch(scopes: request.context.scopes, cloud: cloud, credential: self.credential)
        {
            throw error
        }
        let endpoint = try await self.resolver.endpoint(for: request)
        let skew = self.serviceClock.skew
        let grant = try await makeGrant(self.context(request, endpoint: endpoint))
        do {
            return try await self.token(by: grant, endpoint: endpoint, request: request)
        } catch let error as AuthenticationError where self.isWorthAnotherTry(error, grant: grant, skew: skew) {
            let renewed = try await makeGrant(self.context(request, endpoint: endpoint))
            return try await self.token(by: renewed, endpoint: endpoint, request: request)
        }
    }

    private func context(_ request: AcquisitionRequest, endpoint: TokenEndpoint) -> GrantContext {
        let date = self.clock.date.addingTimeInterval(self.serviceClock.skew.inSeconds)
        return GrantContext(request: request, endpoint: endpoint, date: date)
    }

    /// Whether the same request with a new grant may succeed: AADSTS700024 is an assertion out of its time, AADSTS700027 and AADSTS7000222
    /// are a key that isn't registered or has expired.
    private func isWorthAnotherTry(_ error: AuthenticationError, grant: TokenGrant, skew: Duration) -> Bool {
        let codes = error.serviceError?.codes ?? []
        if codes.contains(700_024), grant.isDated {
            let change = self.serviceClock.skew - skew
            return (change < .zero ? .zero - change : change) >= ServiceClock.threshold
        }
        guard codes.contains(700_027) || codes.contains(7_000_222) else { return false }
        return grant.renew?() ?? false
    }

    private func token(
        by grant: TokenGrant,
        endpoint: TokenEndpoint,
        request: AcquisitionRequest
    ) async throws -> AcquiredToken {
        let transportRequest = try self.transportRequest(grant, endpoint: endpoint, request: request)
        let answer = EntraAnswer(credential: self.credential, secrets: grant.secrets, refusalNote: grant.refusalNote)
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
        self.serviceClock.note(exchange.clockSkew)
        var token = try answer.token(of: exchange, date: self.clock.date)
        token.start = exchange.sentAt
        token.clientID = grant.clientID
        return token
    }

    private func transportRequest(
        _ grant: TokenGrant,
        endpoint: TokenEndpoint,
        request: AcquisitionRequest
    ) throws -> TransportRequest {
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
            url: endpoint.url,
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
