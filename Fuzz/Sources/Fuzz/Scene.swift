// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import Logging

/// Answers every request with what a closure makes of it; all servers prove what they have to.
final class CannedTransport: ServerProvingTransport {
    private let answer: @Sendable (TransportRequest) -> TransportResponse

    init(_ answer: @escaping @Sendable (TransportRequest) -> TransportResponse) { self.answer = answer }

    func send(_ request: TransportRequest) async throws -> TransportResponse { self.answer(request) }
}

/// Passes what is logged to the checks.
struct CheckingLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let isDeprecation = event.level == .warning && "\(event.message)".contains("are deprecated")
        if event.level > .info, !isDeprecation { Violation.report("logged at \(event.level): \(event.message)") }
        Promises.checkSecret("\(event.message) \(event.metadata ?? [:])", "log")
    }
}

/// Options for one input: nothing is shared with other inputs, no wait is longer than none.
enum Scene {
    static func options(
        environment: EnvironmentVariables = [:],
        answer: @escaping @Sendable (TransportRequest) -> TransportResponse
    ) -> CredentialOptions {
        CredentialOptions(
            transport: CannedTransport(answer),
            retry: RetryOptions(maximumRetries: 1, baseDelay: .zero, maximumDelay: .zero),
            logging: LoggingOptions(logger: Logger(label: "fuzz", factory: { _ in CheckingLogHandler() })),
            tokenCache: .inMemory(capacity: 4),
            environment: environment
        )
    }

    static func credential(answer: @escaping @Sendable (TransportRequest) -> TransportResponse) -> ClientSecretCredential {
        Self.credential(options: Self.options(answer: answer))
    }

    static func credential(options: CredentialOptions) -> ClientSecretCredential {
        ClientSecretCredential(
            tenantID: "a0000000-0000-4000-8000-000000000001",
            clientID: "c0000000-0000-4000-8000-000000000001",
            clientSecret: Secret(Promises.secret),
            options: options
        )
    }

    /// An answer with a token.
    static let grant = TransportResponse(
        status: 200,
        headers: ["Content-Type": "application/json"],
        body: Array(#"{"token_type":"Bearer","access_token":"fuzzed","expires_in":3599}"#.utf8)
    )
}
