// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A transport that answers as a test says, and remembers what it was asked.
final class ScriptedTransport: HTTPTransport {
    private let answer: @Sendable (TransportRequest) throws -> TransportResponse
    private let received = Locked<[TransportRequest]>([])

    init(_ answer: @escaping @Sendable (TransportRequest) throws -> TransportResponse) { self.answer = answer }

    var requests: [TransportRequest] { self.received.withLock { $0 } }
    /// Method, host, port and path of each request.
    var places: [String] {
        self.requests.map { request in
            let port = request.url.port.map { ":\($0)" } ?? ""
            return "\(request.method.rawValue) \(request.url.host() ?? "")\(port)\(request.url.path())"
        }
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        self.received.withLock { $0.append(request) }
        return try self.answer(request)
    }

    /// A token, as the service gives it.
    static let token = TransportResponse(
        status: 200,
        headers: ["Content-Type": "application/json"],
        body: Array(#"{"token_type":"Bearer","expires_in":3599,"access_token":"a.b.c"}"#.utf8)
    )

    static func json(_ text: String, status: Int = 200) -> TransportResponse {
        TransportResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    /// Options with which a credential uses this transport alone, and no variable but these.
    func options(environment: EnvironmentVariables = [:]) -> CredentialOptions {
        CredentialOptions(
            transport: self,
            retry: .none,
            logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            tokenCache: .inMemory,
            environment: environment
        )
    }

    /// A credential on this transport.
    func credential(tenantID: String = Sample.tenantID, options: CredentialOptions) -> ClientSecretCredential {
        ClientSecretCredential(tenantID: tenantID, clientID: Sample.clientID, clientSecret: "secret", options: options)
    }
}
