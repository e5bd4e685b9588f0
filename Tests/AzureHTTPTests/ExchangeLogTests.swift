// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import InMemoryLogging
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ExchangeLogTests {
    private struct Canned: HTTPTransport {
        let outcome: Result<TransportResponse, TransportError>
        func send(_ request: TransportRequest) async throws -> TransportResponse { try self.outcome.get() }
    }

    private struct Line {
        let level: Logger.Level
        let text: String
    }

    /// The lines that one request logs.
    private func lines(
        _ outcome: Result<TransportResponse, TransportError>,
        isContentLogged: Bool = false,
        change: (inout LoggingOptions) -> Void = { _ in }
    ) async throws -> [Line] {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        var options = LoggingOptions(logger: logger)
        change(&options)
        let pipeline = HTTPPipeline(
            transport: Canned(outcome: outcome),
            clock: SystemClock(),
            retry: .none,
            logging: options,
            userAgent: "test"
        )
        let url = try #require(URL(string: "https://user:pass@host.example:8443/path?api-version=1&sig=SECRET#f"))
        let request = TransportRequest(method: .post, url: url, headers: ["Authorization": "SECRET"], body: Array("SECRET".utf8))
        _ = try? await pipeline.send(
            request,
            context: TokenRequestContext(scopes: ["s"], isContentLoggingEnabled: isContentLogged),
            deadline: nil
        )
        return handler.entries.map { entry in
            Line(level: entry.level, text: "\(entry.message) \(entry.metadata)")
        }
    }

    private let response = TransportResponse(
        status: 200,
        headers: ["Set-Cookie": "SECRET", "x-ms-request-id": "id-1", "X-Mine": "mine"],
        body: Array("SECRET".utf8)
    )

    @Test func G05_infoIsOneRedactedLine() async throws {
        let lines = try await self.lines(.success(self.response))
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .info)
        for part in [
            "POST", "https://host.example:8443/path?api-version=1&sig=REDACTED", "200", "id-1", "Authorization: REDACTED",
        ] {
            #expect(line.text.contains(part), "\(part) in \(line.text)")
        }
        for part in ["SECRET", "pass@", "mine"] { #expect(!line.text.contains(part), "\(part) in \(line.text)") }
    }

    @Test func G05_contentIsLoggedOnlyWhenAskedFor() async throws {
        for viaOptions in [true, false] {
            let lines = try await self.lines(.success(self.response), isContentLogged: !viaOptions) {
                $0.isContentLoggingEnabled = viaOptions
            }
            #expect(lines.map(\.level) == [.info, .debug, .debug])
            #expect(lines.filter { $0.text.contains("SECRET") }.count == 2)
        }
    }

    @Test func allowListsCanBeExtended() async throws {
        let lines = try await self.lines(.success(self.response)) {
            $0.additionalAllowedHeaders = ["x-MINE"]
            $0.additionalAllowedQueryParameters = ["SIG"]
        }
        #expect(lines.first?.text.contains("X-Mine: mine") == true)
        #expect(lines.first?.text.contains("sig=SECRET") == true)
    }

    @Test func failuresAreOneLineToo() async throws {
        let lines = try await self.lines(.failure(TransportError(.connection, message: "refused\nSECRET-free")))
        #expect(lines.count == 1 && lines.first?.level == .info)
        #expect(lines.first?.text.contains("refused SECRET-free") == true)
    }
}
