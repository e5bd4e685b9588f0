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
    let credential: String
    let resolver: AuthorityResolver
    let pipeline: HTTPPipeline
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
        // Here, once for all callers: whose clouds differ don't share a request.
        if let error = self.resolver.authority.mismatch(scopes: request.context.scopes, credential: self.credential) {
            throw error
        }
        let endpoint = try await self.resolver.endpoint(for: request)
        let skew = self.serviceClock.skew
        let grant = try await makeGrant(self.context(request, endpoint: endpoint, skew: skew))
        let refusal: AuthenticationError
        do {
            return try await self.token(by: grant, endpoint: endpoint, request: request)
        } catch let error as AuthenticationError where self.isWorthAnotherTry(error, grant: grant, skew: skew) {
            refusal = error
        }
        guard self.clock.now < request.deadline else { throw refusal }
        do {
            let renewed = try await makeGrant(self.context(request, endpoint: endpoint, skew: self.serviceClock.skew))
            return try await self.token(by: renewed, endpoint: endpoint, request: request)
        } catch let error as AuthenticationError where error.serviceError != nil {
            throw error
        } catch _ where !Task.isCancelled {
            // Whatever kept the second try from an answer says less than the first answer.
            throw refusal
        }
    }

    private func context(_ request: AcquisitionRequest, endpoint: TokenEndpoint, skew: Duration) -> GrantContext {
        GrantContext(request: request, endpoint: endpoint, date: self.clock.date.addingTimeInterval(skew.inSeconds))
    }

    /// Whether the same request with a new grant may succeed: AADSTS700024 is an assertion out of its time, as may be any refusal without
    /// a code, which is how AD FS and other issuers answer; AADSTS700027 and AADSTS7000222 are a key that isn't registered or has expired.
    /// An assertion that isn't made for the request, but found, may have been replaced by now.
    private func isWorthAnotherTry(_ error: AuthenticationError, grant: TokenGrant, skew: Duration) -> Bool {
        guard let service = error.serviceError else { return false }
        let codes = service.codes
        if grant.isDated, codes.contains(700_024) || (codes.isEmpty && service.error == "invalid_client") {
            let change = self.serviceClock.skew - skew
            return (change < .zero ? .zero - change : change) >= ServiceClock.threshold
        }
        guard codes.contains(where: [700_024, 700_027, 7_000_222].contains) else { return false }
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
            let pipeline = grant.isOnce ? self.resolver.pipelineWithoutRetries : self.pipeline
            exchange = try await pipeline.send(
                transportRequest,
                context: request.context,
                deadline: request.deadline,
                beforeRetry: { setback in
                    switch setback {
                    case .success(let exchange): request.onSetback(answer.failure(of: exchange))
                    case .failure(let error): request.onSetback(self.unreachable(error, secrets: grant.secrets))
                    }
                }
            )
        } catch let error as TransportError {
            throw self.unreachable(error, secrets: grant.secrets)
        }
        // A gateway's own answer says nothing about the service's clock.
        if answer.isFromService(exchange) { self.serviceClock.note(exchange.clockSkew) }
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
        if let scope = grant.scopes.value(request.context.scopes) { parameters.append(("scope", scope)) }
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
        for header in grant.headers { transportRequest.headers[header.name] = header.value }
        transportRequest.secrets = grant.secrets
        return transportRequest
    }

    func unreachable(_ error: TransportError, secrets: [String]) -> AuthenticationError {
        AuthenticationError(
            error.kind == .configuration ? .invalidConfiguration : .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(HostileText.sanitized(error.message, removing: secrets))",
            isRetryable: error.isRetryable,
            underlyingError: error
        )
    }
}
