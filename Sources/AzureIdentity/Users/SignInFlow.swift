// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One way for a person, or what stands for one, to sign in.
protocol SignInFlow: Sendable {
    /// One whole sign-in.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken
    /// Whether an error would be the same for all who wait for their turn, whatever they ask for, and harm to bring about again.
    func isRefusalForAll(_ error: AuthenticationError) -> Bool
}

extension SignInFlow {
    func isRefusalForAll(_ error: AuthenticationError) -> Bool { false }
}

/// The flow of who may not ask anybody: each sign-in needs a person elsewhere.
struct NoSignInFlow: SignInFlow {
    /// What to do instead.
    let hint: String

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        throw AuthenticationError(
            .authenticationRequired,
            credential: desk.credential,
            message: "\(desk.credential): A person has to sign in. \(self.hint)"
        )
    }
}

/// What a flow signs in with: the authority's endpoints, and the machine.
struct SignInDesk: Sendable {
    let credential: String
    let clientID: String
    let host: Host
    let logger: Logger
    let loginHint: String?
    private let entra: EntraClient
    private let grantType = Locked<String?>(nil)

    /// The kind of grant that the last token came by.
    var lastGrantType: String? { self.grantType.withLock { $0 } }

    init(credential: String, clientID: String, host: Host, logger: Logger, loginHint: String?, entra: EntraClient) {
        self.credential = credential
        self.clientID = clientID
        self.host = host
        self.logger = logger
        self.loginHint = loginHint
        self.entra = entra
    }

    /// Where the authority is.
    func endpoint(for request: AcquisitionRequest) async throws -> TokenEndpoint {
        try await self.entra.resolver.endpoint(for: request)
    }

    /// A token by a grant: one request, with the retries of the pipeline. A refusal is an error that holds the service's own.
    func token(
        for request: AcquisitionRequest,
        by grant: @escaping @Sendable (GrantContext) async throws -> TokenGrant
    ) async throws -> AcquiredToken {
        try await self.entra.token(for: request) { context in
            let grant = try await grant(context)
            self.grantType.withLock { $0 = grant.parameters.first { $0.name == "grant_type" }?.value }
            return grant
        }
    }

    /// The answer to a form that is posted to another endpoint of the authority than that for tokens.
    ///
    /// - Throws: `AuthenticationError` for a refusal, for what is no JSON object, and if nobody answers.
    func answer(
        to form: [(name: String, value: String)],
        at url: URL,
        request: AcquisitionRequest,
        secrets: [String] = []
    ) async throws -> [String: JSONValue] {
        let outgoing = TransportRequest(
            method: .post,
            url: url,
            headers: self.headers(request, ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"]),
            body: FormEncoding.body(form)
        )
        let exchange = try await self.exchange(outgoing, request: request, secrets: secrets)
        let answer = EntraAnswer(credential: self.credential, secrets: secrets)
        guard (200..<300).contains(exchange.response.status), !answer.isRefused(exchange),
            let value = try? JSONDecoder().decode(JSONValue.self, from: ServiceText.json(exchange.response.body)),
            case .object(let members) = value
        else { throw answer.failure(of: exchange) }
        return members
    }

    /// Anything else: a GET without a body, a POST with one. No redirect is followed.
    func document(
        at url: URL,
        request: AcquisitionRequest,
        headers: [(String, String)],
        body: [UInt8]? = nil,
        secrets: [String] = []
    ) async throws -> (status: Int, body: [UInt8]) {
        guard url.scheme?.lowercased() == "https" else {
            throw AuthenticationError(
                .authenticationFailed,
                credential: self.credential,
                message: "\(self.credential): The authority names an address that isn't https."
            )
        }
        var all = TransportHeaders()
        for (name, value) in headers { all[name] = value }
        let outgoing = TransportRequest(
            method: body == nil ? .get : .post, url: url, headers: self.headers(request, all), body: body ?? [])
        // A form with a password goes out once: each refusal counts towards the account's being locked.
        let response = try await self.exchange(outgoing, request: request, secrets: secrets, isOnce: body != nil).response
        return (response.status, response.body)
    }

    private func headers(_ request: AcquisitionRequest, _ headers: TransportHeaders) -> TransportHeaders {
        var headers = headers
        headers["client-request-id"] = (request.context.correlationID ?? UUID()).uuidString.lowercased()
        return headers
    }

    private func exchange(
        _ outgoing: TransportRequest,
        request: AcquisitionRequest,
        secrets: [String],
        isOnce: Bool = false
    ) async throws -> HTTPPipeline.Exchange {
        var outgoing = outgoing
        outgoing.secrets = secrets
        do {
            let pipeline = isOnce ? self.entra.resolver.pipelineWithoutRetries : self.entra.pipeline
            return try await pipeline.send(outgoing, context: request.context, deadline: request.deadline)
        } catch let error as TransportError {
            throw self.entra.unreachable(error, secrets: secrets)
        }
    }
}
