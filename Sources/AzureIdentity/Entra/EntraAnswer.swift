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
    /// The status codes worth another try.
    let retryableStatusCodes: Set<Int>

    /// The token of a response.
    ///
    /// - Parameters:
    ///   - exchange: The response.
    ///   - date: The time by this machine's clock.
    /// - Throws: `AuthenticationError` with `.authenticationFailed`.
    func token(of exchange: HTTPPipeline.Exchange, date: Date) throws -> AcquiredToken {
        let body = Self.withoutByteOrderMark(exchange.response.body)
        let decoder = JSONDecoder()
        if let refusal = try? decoder.decode(EntraErrorResponse.self, from: body), !refusal.error.isEmpty {
            throw self.refusal(refusal.serviceError(secrets: self.secrets), exchange: exchange)
        }
        guard (200..<300).contains(exchange.response.status), let response = try? decoder.decode(TokenResponse.self, from: body)
        else { throw self.unexpected(exchange) }
        do {
            return try response.acquired(serverDate: date.addingTimeInterval(exchange.clockSkew?.inSeconds ?? 0))
        } catch let problem {
            throw self.error("The answer of the token service can't be used: \(problem.message).", exchange: exchange)
        }
    }

    private static func withoutByteOrderMark(_ body: [UInt8]) -> Data {
        body.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(body.dropFirst(3)) : Data(body)
    }

    private func refusal(_ service: AuthenticationError.ServiceError, exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let code = service.codes.first.map { "\($0) - " } ?? ""
        var text = "\(service.error): \(code)\(service.message)"
        for (title, value) in [
            ("Trace ID", service.traceID), ("Correlation ID", service.correlationID), ("Timestamp", service.timestamp),
        ] {
            if let value, !value.isEmpty, !text.contains(value) { text += " \(title): \(value)" }
        }
        var error = self.error(text, exchange: exchange)
        error.serviceError = service
        if service.error == "temporarily_unavailable" { error.isRetryable = true }
        return error
    }

    private func unexpected(_ exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        let response = exchange.response
        if (300..<400).contains(response.status) {
            return self.error("The token service answered with a redirect, which is not followed.", exchange: exchange)
        }
        guard !response.body.isEmpty else {
            return self.error("No response content from Microsoft Entra ID (status \(response.status)).", exchange: exchange)
        }
        let type =
            response.headers["content-type"].map { HostileText.sanitized($0, removing: self.secrets, limit: 60) }
            ?? "no content type"
        let kind = type.lowercased().contains("html") ? " It looks like the page of a proxy or gateway." : ""
        return self.error(
            "Unexpected response from Microsoft Entra ID: status \(response.status), \(type).\(kind)",
            exchange: exchange,
            showsBody: !(200..<300).contains(response.status)
        )
    }

    private func error(_ text: String, exchange: HTTPPipeline.Exchange, showsBody: Bool = false) -> AuthenticationError {
        let response = exchange.response
        var error = AuthenticationError(
            .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(text)",
            isRetryable: self.retryableStatusCodes.contains(response.status)
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
        let text = String(decoding: body.prefix(4096), as: UTF8.self)
        return HostileText.sanitized(text, removing: self.secrets, limit: 500)
    }
}
