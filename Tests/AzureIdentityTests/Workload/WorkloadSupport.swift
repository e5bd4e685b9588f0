// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting

@testable import AzureIdentity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder for the files of a test, removed with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "azure-identity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func path(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Writes a file as Kubernetes does, by putting another one in its place.
    @discardableResult func write(_ text: String, _ name: String) throws -> String { try self.write(Array(text.utf8), name) }

    @discardableResult func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: self.path(name)), options: .atomic)
        return self.path(name)
    }

    /// Makes a pipe that nobody writes to.
    func makePipe(_ name: String) -> Bool { mkfifo(self.path(name), 0o600) == 0 }
}

/// A scripted transport that answers for a server's proof too.
final class ProvingTransport: ServerProvingTransport {
    let scripted: ScriptedTransport

    init(_ answer: @escaping @Sendable (TransportRequest) throws -> TransportResponse = { _ in ScriptedTransport.token }) {
        self.scripted = ScriptedTransport(answer)
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse { try await self.scripted.send(request) }
}

/// A clock on which some waits, by default the short ones, are over at once, and move it. The time-outs of a test mustn't be among them.
struct JumpingClock: MachineClock {
    /// The waits between attempts at readiness.
    static let readiness: Set<Duration> = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(5)]

    let clock: VirtualClock
    var jumps: @Sendable (Duration) -> Bool = { $0 <= .seconds(10) }

    var now: MonotonicTime { self.clock.now }
    var date: Date { self.clock.date }

    func sleep(for duration: Duration) async throws {
        guard self.jumps(duration) else { return try await self.clock.sleep(for: duration) }
        try Task.checkCancellation()
        self.clock.advance(by: duration)
    }
}

extension ScriptedTransport {
    /// Options with which a credential uses this transport, these variables and this clock alone.
    func options(
        environment: EnvironmentVariables = [:],
        clock: some MachineClock,
        retry: RetryOptions = .none,
        cache: TokenCache = .inMemory
    ) -> CredentialOptions {
        var options = self.options(environment: environment)
        options.retry = retry
        options.tokenCache = cache
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        return options
    }

    /// How Microsoft Entra ID refuses.
    static func refusal(_ code: Int, error: String = "invalid_client", status: Int = 401, text: String = "") -> TransportResponse
    {
        Self.json(
            #"{"error":"\#(error)","error_description":"AADSTS\#(code): \#(text) Trace ID: 1","error_codes":[\#(code)]}"#,
            status: status
        )
    }

    /// The requests to token endpoints.
    var tokenRequests: [TransportRequest] { self.requests.filter { $0.url.path().hasSuffix("/oauth2/v2.0/token") } }
    /// The assertions that were sent.
    var assertions: [String?] { self.tokenRequests.map { $0.field("client_assertion") } }
}

extension TransportRequest {
    /// A parameter of the body, as it was before it was encoded.
    func field(_ name: String) -> String? {
        let query = String(decoding: self.body, as: UTF8.self).replacing("+", with: "%20")
        return URLComponents(string: "https://h.example/?\(query)")?.queryItems?.first { $0.name == name }?.value
    }
}
