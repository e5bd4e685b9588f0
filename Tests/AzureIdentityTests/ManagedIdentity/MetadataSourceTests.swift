// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the metadata service's answers mean, how often it is asked again, and how long that takes: at the source, on a clock that goes on by
/// itself.
@Suite struct MetadataSourceTests {
    /// A clock on which every wait is over at once; it remembers them.
    final class LeapingClock: MachineClock {
        private let state = Locked((now: MonotonicTime(nanoseconds: 0), waits: [Duration]()))
        var waits: [Duration] { self.state.withLock { $0.waits } }
        var now: MonotonicTime { self.state.withLock { $0.now } }
        var date: Date { Date(timeIntervalSince1970: 1_893_456_000 + (self.now - MonotonicTime(nanoseconds: 0)) / .seconds(1)) }
        func sleep(for duration: Duration) async throws {
            self.state.withLock {
                $0.now = $0.now + duration
                $0.waits.append(duration)
            }
        }
    }

    static let token =
        #"{"access_token":"a.b.c","expires_in":"3599","expires_on":"1893459599","resource":"https://r","token_type":"Bearer"}"#

    private func source(
        _ transport: ScriptedTransport,
        clock: LeapingClock = LeapingClock(),
        identity: ManagedIdentityID = .systemAssigned,
        isPod: Bool = false,
        retry: RetryOptions = .default
    ) throws -> MetadataSource {
        let pipeline = HTTPPipeline(
            transport: transport,
            clock: clock,
            rules: SourceRetry.metadata(retry),
            logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
            userAgent: "test"
        )
        let client = SourceClient(
            credential: "ManagedIdentityCredential", source: "IMDS", identity: identity, pipeline: pipeline, clock: clock)
        return try MetadataSource(client, host: "http://169.254.169.254", isPod: isPod)
    }

    private func request(_ clock: LeapingClock = LeapingClock()) -> AcquisitionRequest {
        AcquisitionRequest(
            context: .init(scopes: ["https://r/.default"]), tenantID: "", deadline: clock.now + .seconds(295),
            isRenewal: false, onSetback: { _ in })
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        var isPod = false
        let kind: MetadataFailure.Kind
        var testDescription: String { "\(self.status) \(self.body)" }
    }

    private static let notFound = #"{"error":"invalid_request","error_description":"Identity not found"}"#
    private static let page = "<html><body>Sign in to the hotel's network</body></html>"

    static let answers: [Answer] = [
        Answer(status: 400, body: Self.notFound, kind: .notAssigned),
        Answer(status: 400, body: "{}", kind: .noMetadataService),
        Answer(status: 400, body: "{", kind: .noMetadataService),
        Answer(status: 400, body: Self.page, kind: .noMetadataService),
        Answer(
            status: 400, body: #"{"error":"invalid_resource","error_description":"AADSTS500011: No such principal"}"#,
            kind: .refused),
        Answer(
            status: 403, body: #"{"error":"connecting to 169.254.169.254:80: … unreachable network."}"#, kind: .noMetadataService),
        Answer(status: 403, body: "interdit", kind: .noMetadataService),
        Answer(status: 403, body: Self.notFound, kind: .noMetadataService),
        Answer(status: 302, body: "", kind: .noMetadataService),
        Answer(status: 200, body: Self.page, kind: .noMetadataService),
        Answer(status: 200, body: "", kind: .noMetadataService),
        Answer(status: 200, body: "[]", kind: .noMetadataService),
        Answer(status: 200, body: "{}", kind: .noMetadataService),
        Answer(status: 200, body: #"{"status":"ok","message":"welcome"}"#, kind: .noMetadataService),
        Answer(status: 200, body: #"{"error":"connecting to 169.254.169.254"}"#, kind: .noMetadataService),
        Answer(status: 404, body: #"{"message":"Not Found"}"#, kind: .noMetadataService),
        Answer(status: 404, body: #"{"error":{"code":"NotFound"}}"#, kind: .noMetadataService),
        Answer(status: 404, body: #"{"error":"not_found"}"#, kind: .attemptsFailed),
        Answer(status: 400, body: #"{"message":"Bad Request"}"#, kind: .noMetadataService),
        Answer(status: 500, body: Self.page, kind: .noMetadataService),
        Answer(status: 401, body: #"{"error":"unknown_source"}"#, kind: .refused),
        Answer(status: 405, body: Self.page, kind: .noMetadataService),
        Answer(status: 502, body: Self.page, kind: .gateway),
        Answer(status: 504, body: "", kind: .gateway),
        Answer(status: 404, body: "", kind: .attemptsFailed),
        Answer(status: 404, body: "", isPod: true, kind: .notBound),
        Answer(status: 410, body: "", kind: .attemptsFailed),
        Answer(status: 429, body: #"{"error":"Too many requests"}"#, kind: .attemptsFailed),
        Answer(status: 500, body: "", kind: .attemptsFailed),
        Answer(status: 503, body: "", isPod: true, kind: .attemptsFailed),
        Answer(status: 599, body: "", kind: .attemptsFailed),
    ]

    @Test(arguments: answers)
    func meaning(answer: Answer) {
        let response = TransportResponse(status: answer.status, body: Array(answer.body.utf8))
        let failure = MetadataFailure(
            HostAnswer(response), identity: .systemAssigned, isPod: answer.isPod, retryCount: 1)
        #expect(failure.kind == answer.kind)
    }

    @Test(arguments: answers)
    func errorsAreUnavailableUnlessTheServiceRefused(answer: Answer) async throws {
        let transport = ScriptedTransport { _ in TransportResponse(status: answer.status, body: Array(answer.body.utf8)) }
        let source = try self.source(transport, isPod: answer.isPod, retry: .none)
        let error = try await authenticationError { try await source.token(for: "https://r", request: self.request()) }
        let isFailure = answer.kind == .refused
        #expect(error.code == (isFailure ? .authenticationFailed : .credentialUnavailable))
        #expect(error.response?.status == answer.status && transport.requests.count == 1)
    }

    @Test(
        arguments: [
            (404, 6, 24.0, 0.8), (408, 6, 24.0, 0.8), (429, 6, 24.0, 0.8), (500, 6, 24.0, 0.8), (503, 6, 24.0, 0.8),
            (599, 6, 24.0, 0.8), (410, 5, 70.0, 1.0), (400, 1, 0, 1), (401, 1, 0, 1), (403, 1, 0, 1), (405, 1, 0, 1),
            (418, 1, 0, 1),
        ] as [(Int, Int, Double, Double)])
    func attempts(row: (status: Int, requests: Int, wait: Double, part: Double)) async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.json(Self.notFound, status: row.status) }
        let clock = LeapingClock()
        let source = try self.source(transport, clock: clock)
        _ = try await authenticationError { try await source.token(for: "https://r", request: self.request(clock)) }
        #expect(transport.requests.count == row.requests)
        let waited = clock.waits.reduce(.zero, +) / .seconds(1)
        #expect(waited >= row.wait * row.part)
    }

    @Test func aServiceThatComesBackIsServed() async throws {
        let count = Locked(0)
        let transport = ScriptedTransport { _ in
            let number = count.withLock {
                $0 += 1
                return $0
            }
            return number <= 5 ? TransportResponse(status: 404) : ScriptedTransport.json(Self.token)
        }
        let token = try await self.source(transport).token(for: "https://r", request: self.request())
        #expect(token.token == "a.b.c" && transport.requests.count == 6)
    }

    @Test func retryAfterIsHonoured() async throws {
        let count = Locked(0)
        let transport = ScriptedTransport { _ in
            let isFirst = count.withLock {
                $0 += 1
                return $0 == 1
            }
            return isFirst ? TransportResponse(status: 404, headers: ["Retry-After": "7"]) : ScriptedTransport.json(Self.token)
        }
        let clock = LeapingClock()
        _ = try await self.source(transport, clock: clock, isPod: true).token(for: "https://r", request: self.request(clock))
        #expect(clock.waits == [.seconds(7)])
    }

    @Test func connectionsThatFailAreTriedAgain() async throws {
        let transport = ScriptedTransport { _ in throw TransportError(.connection, message: "refused") }
        let source = try self.source(transport)
        let error = try await authenticationError { try await source.token(for: "https://r", request: self.request()) }
        #expect(error.code == .credentialUnavailable && transport.requests.count == 4 && error.isRetryable)
        #expect(error.remedy?.guide == "G25")
    }

    @Test func whatIsSent() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.json(Self.token) }
        for (identity, parameter) in [
            (ManagedIdentityID.systemAssigned, ""), (.userAssigned(clientID: "c"), "&client_id=c"),
            (.userAssigned(objectID: "o"), "&object_id=o"), (.userAssigned(resourceID: "/r/a b"), "&msi_res_id=%2Fr%2Fa+b"),
        ] {
            _ = try await self.source(transport, identity: identity).token(for: "https://r", request: self.request())
            let sent = try #require(transport.requests.last)
            #expect(
                sent.url.absoluteString
                    == "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fr\(parameter)"
            )
            #expect(sent.headers["Metadata"] == "true" && sent.method == .get && sent.body.isEmpty)
        }
    }

    @Test func theCallersOwnCountsReplaceTheTable() async throws {
        let transport = ScriptedTransport { _ in TransportResponse(status: 410) }
        let clock = LeapingClock()
        let source = try self.source(transport, clock: clock, retry: RetryOptions(maximumRetries: 2, baseDelay: .zero))
        let error = try await authenticationError { try await source.token(for: "https://r", request: self.request(clock)) }
        #expect(transport.requests.count == 3 && error.remedy?.guide == "G26")
        #expect(error.message.contains("Multiple attempts failed"))
    }
}
