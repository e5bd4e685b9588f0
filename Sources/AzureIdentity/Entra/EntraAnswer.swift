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

/// Reads whatever comes back from a token endpoint: a token, a refusal, or something that isn't Microsoft Entra ID at all. Pure.
struct EntraAnswer {
    /// The name of the credential, for errors.
    let credential: String
    /// The values that were sent and must not be shown.
    let secrets: [String]
    /// What to add to the error if the client's proof of who it is was refused.
    var refusalNote: String?

    /// The token of a response.
    ///
    /// - Parameters:
    ///   - exchange: The response.
    ///   - date: The time by this machine's clock.
    /// - Throws: `AuthenticationError` with `.authenticationFailed`.
    func token(of exchange: HTTPPipeline.Exchange, date: Date) throws -> AcquiredToken {
        guard (200..<300).contains(exchange.response.status), !Self.isRefusal(exchange),
            let response = try? JSONDecoder().decode(TokenResponse.self, from: ServiceText.json(exchange.response.body))
        else { throw self.failure(of: exchange) }
        do {
            return try response.acquired(serverDate: date.addingTimeInterval(exchange.clockSkew?.inSeconds ?? 0))
        } catch let problem {
            throw self.error("The answer of the token service can't be used: \(problem.message).", exchange: exchange)
        }
    }

    /// Whether a response is a token service's: a token or a refusal, not the page of something in between.
    func isFromService(_ exchange: HTTPPipeline.Exchange) -> Bool {
        Self.isRefusal(exchange)
            || (try? JSONDecoder().decode(TokenResponse.self, from: ServiceText.json(exchange.response.body))) != nil
    }

    /// Whether a response is a refusal in the service's terms.
    func isRefused(_ exchange: HTTPPipeline.Exchange) -> Bool { Self.isRefusal(exchange) }

    /// The error of a response that brings no token: a refusal, or something else.
    func failure(of exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        guard let refusal = Self.refusal(exchange) else { return self.unexpected(exchange) }
        return self.refusal(refusal.serviceError(secrets: self.secrets), exchange: exchange)
    }

    /// A refusal says so in the member `error`, whatever the status.
    private static func isRefusal(_ exchange: HTTPPipeline.Exchange) -> Bool { Self.refusal(exchange) != nil }

    private static func refusal(_ exchange: HTTPPipeline.Exchange) -> EntraErrorResponse? {
        let refusal = try? JSONDecoder().decode(EntraErrorResponse.self, from: ServiceText.json(exchange.response.body))
        return refusal.flatMap { $0.error.isEmpty ? nil : $0 }
    }

    private func refusal(_ service: AuthenticationError.ServiceError, exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let code = service.codes.first.map { "\($0) - " } ?? ""
        var text = "\(service.error): \(code)\(service.message)"
        for (title, value) in [
            ("Trace ID", service.traceID), ("Correlation ID", service.correlationID), ("Timestamp", service.timestamp),
        ] {
            if let value, !value.isEmpty, !text.contains(value) { text += " \(title): \(value)" }
        }
        if service.error == "invalid_client", let note = self.refusalNote { text += " \(note)" }
        let isAboutTime = Self.isAboutTime(service) || (service.codes.isEmpty && service.error == "invalid_client")
        let clock = isAboutTime ? exchange.clockSkew.flatMap(ServiceClock.description) : nil
        if let clock { text += " This machine's clock is \(clock)." }
        var error = self.error(text, exchange: exchange)
        error.serviceError = service
        if clock != nil { error.remedy = Guide.clockRemedy }
        if service.error == "temporarily_unavailable" { error.isRetryable = true }
        return error
    }

    /// AADSTS700024 and AADSTS500133: an assertion of the client's, or a user's, is not within its valid time range.
    private static func isAboutTime(_ service: AuthenticationError.ServiceError) -> Bool {
        service.codes.contains { $0 == 700_024 || $0 == 500_133 }
    }

    private func unexpected(_ exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let response = exchange.response
        if (300..<400).contains(response.status) {
            return self.error("The token service answered with a redirect, which is not followed.", exchange: exchange)
        }
        guard !response.body.isEmpty else {
            return self.error("No response content from the token service (status \(response.status)).", exchange: exchange)
        }
        let type =
            response.headers["content-type"].map { HostileText.sanitized($0, removing: self.secrets, limit: 60) }
            ?? "no content type"
        let kind = type.lowercased().contains("html") ? " It looks like the page of a proxy or gateway." : self.wish(of: response)
        return self.error(
            "Unexpected response from the token service: status \(response.status), \(type).\(kind)",
            exchange: exchange,
            showsBody: !(200..<300).contains(response.status)
        )
    }

    /// What credentials a gateway between here and the token service asks for, which itself asks for none in this way.
    private func wish(of response: TransportResponse) -> String {
        let challenges = AuthenticationChallenge.challenges(in: response.headers.values(for: "WWW-Authenticate"))
        guard response.status == 401, !challenges.isEmpty else { return "" }
        let schemes = challenges.prefix(5).map { HostileText.sanitized($0.scheme, removing: self.secrets, limit: 40) }
        return " A gateway asks for credentials (\(schemes.joined(separator: ", ")))."
    }

    private func error(_ text: String, exchange: HTTPPipeline.Exchange, showsBody: Bool = false) -> AuthenticationError {
        let response = exchange.response
        var error = AuthenticationError(
            .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(text)",
            isRetryable: RetryOptions.default.statusCodes.contains(response.status)
        )
        error.response = .init(
            status: response.status,
            headers: LogRedaction(options: .init(), secrets: self.secrets).allowed(response.headers),
            body: showsBody ? self.excerpt(response.body) : nil
        )
        error.retryAfter = exchange.retryAfter
        return error
    }

    /// The beginning of a body that holds no token: of an error's, never of a success's.
    private func excerpt(_ body: [UInt8]) -> String {
        HostileText.withoutTokens(
            HostileText.sanitized(String(decoding: body, as: UTF8.self), removing: self.secrets, limit: 500))
    }
}
