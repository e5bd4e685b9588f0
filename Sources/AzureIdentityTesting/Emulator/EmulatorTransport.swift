// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Brings the emulator's answers in memory, with its faults as a client library would report them.
///
/// A request that would not get past the TLS handshake is not recorded.
final class EmulatorTransport: ServerProvingTransport {
    private let engine: EmulatorEngine

    init(engine: EmulatorEngine) { self.engine = engine }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        try Task.checkCancellation()
        let place = try MemoryPlace(request.url)
        if place.isMetadataService, !self.engine.configuration.hosts.isMetadataServiceThere {
            throw TransportError(.connection, message: "There is no metadata service.")
        }
        try place.check(request.serverProof)
        let reply = self.engine.reply(
            to: EmulatorRequest(
                method: request.method.rawValue,
                path: request.url.path(percentEncoded: true),
                query: request.url.query(percentEncoded: true) ?? "",
                headers: request.headers,
                body: request.body,
                host: place.host,
                listener: place.listener
            )
        )
        return try await self.deliver(reply, for: request)
    }

    private func deliver(_ reply: EmulatorReply, for request: TransportRequest) async throws -> TransportResponse {
        var body = reply.response.body
        switch reply.delivery {
        case .whole: break
        case .delayed(let duration): try await self.wait(duration, for: request)
        case .reset: throw Self.connectionError(isRefused: reply.isRefused)
        case .truncated: throw TransportError(.invalidResponse, message: "The response ended early.")
        case .garbage: throw TransportError(.invalidResponse, message: "The answer is not HTTP.")
        case .padded(let bytes):
            try Self.check(bytes, for: request)
            body += Array(repeating: UInt8(ascii: " "), count: max(0, bytes - body.count))
        case .slow(let bytesPerSecond):
            try await self.wait(.seconds(Double(body.count) / Double(bytesPerSecond)), for: request)
        case .endless: try await self.wait(nil, for: request)
        }
        try Self.check(body.count, for: request)
        return TransportResponse(status: reply.response.status, headers: reply.response.headers, body: body)
    }

    private static func connectionError(isRefused: Bool) -> TransportError {
        var error = TransportError(.connection, message: "The connection was \(isRefused ? "refused" : "reset").")
        error.isConnectionRefused = isRefused
        return error
    }

    private static func check(_ bytes: Int, for request: TransportRequest) throws {
        guard bytes <= request.maximumResponseSize else {
            throw TransportError(.tooLarge, message: "The response is larger than \(request.maximumResponseSize) bytes.")
        }
    }

    /// Waits, but no longer than the request may take. `nil`: for ever.
    private func wait(_ duration: Duration?, for request: TransportRequest) async throws {
        if let duration, duration < request.timeout {
            try await self.engine.clock.sleep(for: duration)
        } else {
            try await self.engine.clock.sleep(for: request.timeout)
            throw TransportError(.timeout, message: "No response from the emulator in time.")
        }
    }
}
