// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

import struct Logging.Logger

/// Writes the log of HTTP exchanges: one line at info per exchange; bodies and raw headers at debug, if asked for.
package struct ExchangeLog: Sendable {
    private let logger: Logger
    private let options: LoggingOptions
    private let isContentLoggingEnabled: Bool

    package init(options: LoggingOptions, isContentLoggingEnabled: Bool) {
        self.logger = options.currentLogger
        self.options = options
        self.isContentLoggingEnabled = isContentLoggingEnabled || options.isContentLoggingEnabled
    }

    /// Logs a response, or its absence.
    package func record(
        _ request: TransportRequest,
        outcome: Result<TransportResponse, any Error>,
        duration: Duration,
        retryCount: Int
    ) {
        guard self.logger.logLevel <= .info else { return }
        let redaction = LogRedaction(options: self.options, secrets: request.secrets)
        var metadata: Logger.Metadata = [
            LogKey.method: "\(request.method.rawValue)",
            LogKey.url: "\(redaction.rendered(request.url))",
            LogKey.requestHeaders: "\(redaction.rendered(request.headers))",
            LogKey.duration: "\(Int(duration.inSeconds * 1000))",
        ]
        if retryCount > 0 { metadata[LogKey.resendCount] = "\(retryCount)" }
        switch outcome {
        case .success(let response):
            metadata[LogKey.status] = "\(response.status)"
            metadata[LogKey.responseHeaders] = "\(redaction.rendered(response.headers))"
            self.logger.info("HTTP exchange", metadata: metadata)
        case .failure(let error):
            metadata[LogKey.errorType] = "\((error as? TransportError)?.kind.description ?? "\(type(of: error))")"
            let message = (error as? TransportError)?.message ?? ""
            metadata[LogKey.errorMessage] = "\(redaction.rendered(message))"
            self.logger.info("HTTP exchange failed", metadata: metadata)
        }
        if self.isContentLoggingEnabled { self.recordContent(request, outcome: outcome) }
    }

    /// Logs bodies and raw headers: secrets and tokens show.
    private func recordContent(_ request: TransportRequest, outcome: Result<TransportResponse, any Error>) {
        self.logger.debug("HTTP request content", metadata: Self.content(request.headers, request.body))
        if case .success(let response) = outcome {
            self.logger.debug("HTTP response content", metadata: Self.content(response.headers, response.body))
        }
    }

    private static func content(_ headers: TransportHeaders, _ body: [UInt8]) -> Logger.Metadata {
        let fields = headers.fields.map { "\($0.name): \(HostileText.sanitized($0.value))" }.joined(separator: ", ")
        let text = HostileText.sanitized(String(decoding: body.prefix(16_384), as: UTF8.self), limit: 16_384)
        return [LogKey.headers: "\(fields)", LogKey.body: "\(text)"]
    }
}
