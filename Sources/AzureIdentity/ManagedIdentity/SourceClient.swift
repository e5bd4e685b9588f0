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

/// Asks the endpoint of a host, and makes answers into tokens and errors. What all sources have in common; the errors are those of the
/// endpoints beside a program, and IMDS has its own.
struct SourceClient: Sendable {
    /// The name of the credential, for errors.
    let credential: String
    /// What the host is called in errors: `App Service managed identity`.
    let source: String
    let identity: ManagedIdentityID
    let pipeline: HTTPPipeline
    let clock: any MachineClock
    /// The row of the guide that helps when the host refuses.
    var row: GuideRow?
    /// The values that are sent and must not be shown, should a server send them back.
    var secrets: [String] = []
    /// What to say where the server's certificate is refused, and the row that helps then.
    var certificateNote: String?
    var certificateRow: GuideRow?
    /// Whether a status 404 is the host's last word.
    var isNotFoundFinal = false

    /// A request for JSON, which goes straight to its server: what stands between would get tokens.
    func request(_ url: URL, method: TransportRequest.Method = .get, headers: TransportHeaders) -> TransportRequest {
        var request = TransportRequest(method: method, url: url, headers: headers)
        request.headers["Accept"] = "application/json"
        request.secrets = self.secrets
        request.isDirect = true
        return request
    }

    /// Sends a request, again as the host's table says.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - acquisition: What it is for.
    ///   - failure: Makes the error of an answer because of which the request is sent again.
    ///   - unreachable: Makes the error of a connection that failed.
    /// - Throws: `TransportError`, or `CancellationError`.
    func exchange(
        _ request: TransportRequest,
        for acquisition: AcquisitionRequest,
        failure: (HTTPPipeline.Exchange) -> AuthenticationError,
        unreachable: (TransportError) -> AuthenticationError
    ) async throws -> HTTPPipeline.Exchange {
        try await self.pipeline.send(
            request,
            context: acquisition.context,
            deadline: acquisition.deadline,
            beforeRetry: { setback in
                switch setback {
                case .success(let exchange): acquisition.onSetback(failure(exchange))
                case .failure(let error): acquisition.onSetback(unreachable(error))
                }
            }
        )
    }

    /// Sends a request, and takes the token of its answer.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func token(_ request: TransportRequest, for acquisition: AcquisitionRequest) async throws -> AcquiredToken {
        let exchange: HTTPPipeline.Exchange
        do {
            exchange = try await self.exchange(
                request, for: acquisition, failure: self.failure(of:), unreachable: self.unreachable(_:))
        } catch let error as TransportError {
            throw self.unreachable(error)
        }
        return try self.token(of: exchange)
    }

    /// The token of an answer.
    ///
    /// - Throws: `AuthenticationError`.
    func token(of exchange: HTTPPipeline.Exchange) throws -> AcquiredToken {
        guard (200..<300).contains(exchange.response.status),
            case .token(let answer) = HostAnswer(exchange.response).content
        else { throw self.failure(of: exchange) }
        return try self.token(answer, of: exchange)
    }

    /// What the engine keeps of an answer with a token.
    ///
    /// - Throws: `AuthenticationError` if the token can't be used.
    func token(_ answer: HostToken, of exchange: HTTPPipeline.Exchange) throws -> AcquiredToken {
        do {
            let date = self.clock.date.addingTimeInterval(exchange.clockSkew?.inSeconds ?? 0)
            var token = try answer.token.acquired(serverDate: date, isFromHost: true)
            token.start = exchange.sentAt
            token.clientID = answer.clientID.map { HostileText.sanitized($0, limit: 64) } ?? self.identity.clientID
            return token
        } catch let problem {
            throw self.error(.authenticationFailed, "The answer can't be used: \(problem.message).", exchange)
        }
    }

    /// The error of an answer that brings no token.
    func failure(of exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let answer = HostAnswer(exchange.response)
        if let refusal = answer.refusal, answer.status >= 400, refusal.isAboutIdentity {
            return self.notAssigned(refusal, exchange)
        }
        switch answer.content {
        case .token:
            return self.error(.authenticationFailed, "The answer is an error, although it holds a token.", exchange)
        case .refusal(let refusal) where !(200..<400).contains(answer.status):
            var error = self.error(.authenticationFailed, refusal.shown(removing: self.secrets), exchange)
            error.serviceError = refusal.serviceError(removing: self.secrets)
            if refusal.hasServiceCode { error.remedy = nil }
            return error
        case .refusal, .object:
            return self.error(.authenticationFailed, "The answer holds no token.", exchange)
        case .other:
            let isRedirect = (300..<400).contains(answer.status)
            let text =
                isRedirect ? "It answered with a redirect, which is not followed." : "It answered with something that is no JSON."
            return self.error(.credentialUnavailable, text, exchange)
        }
    }

    /// The error of an identity that the host doesn't have (row G23), in whichever words it says so.
    private func notAssigned(_ refusal: HostRefusal, _ exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        var error = self.error(
            .credentialUnavailable,
            """
            The requested identity hasn't been assigned to this resource. Requested was \(self.identity). The host says: \
            \(refusal.shown(removing: self.secrets))
            """,
            exchange
        )
        error.serviceError = refusal.serviceError(removing: self.secrets)
        error.remedy = Guide.remedy(.g23)
        error.isRetryable = false
        return error
    }

    /// The error of an endpoint that can't be reached. One that refuses the connection on this machine isn't up yet.
    func unreachable(_ error: TransportError) -> AuthenticationError {
        let text = Self.sentence(HostileText.sanitized(error.message, removing: self.secrets))
        guard error.kind != .configuration, error.kind != .tls else {
            let note = error.kind == .tls ? self.certificateNote.map { " " + $0 } ?? "" : ""
            var failure = AuthenticationError(
                error.kind == .tls ? .authenticationFailed : .invalidConfiguration,
                credential: self.credential,
                message: "\(self.credential): \(self.source): \(text)\(note)",
                underlyingError: error
            )
            failure.remedy = self.certificateRow.map { Guide.remedy($0) }
            return failure
        }
        let note = error.isConnectionRefused ? " It may not be up yet." : ""
        var failure = AuthenticationError(
            .credentialUnavailable,
            credential: self.credential,
            message: """
                \(self.credential) authentication unavailable. No response received from the managed identity endpoint \
                (\(self.source)): \(text)\(note)
                """,
            isRetryable: error.isRetryable,
            underlyingError: error
        )
        failure.remedy = self.row.map { Guide.remedy($0) }
        return failure
    }

    /// A text with a full stop.
    static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

    /// An error of this source about an answer.
    func error(
        _ code: AuthenticationError.Code,
        _ text: String,
        _ exchange: HTTPPipeline.Exchange
    ) -> AuthenticationError {
        let status = exchange.response.status
        let prefix = code == .credentialUnavailable ? "\(self.credential) authentication unavailable." : "\(self.credential):"
        var error = AuthenticationError(
            code,
            credential: self.credential,
            message: "\(prefix) \(self.source): \(text) (status \(status))",
            isRetryable: [408, 410, 429].contains(status) || status >= 500 || (status == 404 && !self.isNotFoundFinal)
        )
        error.response = .init(
            status: status, headers: LogRedaction(options: .init(), secrets: self.secrets).allowed(exchange.response.headers))
        error.retryAfter = exchange.retryAfter
        error.remedy = (error.isRetryable ? .g26 : self.row).map { Guide.remedy($0) }
        return error
    }
}

extension ManagedIdentityID {
    /// The client id, if it is known.
    var clientID: String? {
        if case .clientID(let id) = self.kind { id } else { nil }
    }

    /// The identity as a parameter, by the names that a host gives the ids.
    ///
    /// - Returns: The parameter; none for the system-assigned identity.
    func parameter(clientID: String, objectID: String, resourceID: String) -> [(name: String, value: String)] {
        switch self.kind {
        case .systemAssigned: []
        case .clientID(let id): [(clientID, id)]
        case .objectID(let id): [(objectID, id)]
        case .resourceID(let id): [(resourceID, id)]
        }
    }
}
