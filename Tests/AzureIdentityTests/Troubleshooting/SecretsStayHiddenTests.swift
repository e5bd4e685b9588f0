// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reruns the scenarios of this version with marked secrets and looks for the marks in everything that comes out.
@Suite struct SecretsStayHiddenTests {
    private static let marker = "MARKED-9f3e5b"
    /// A secret with characters that an encoding changes.
    private static let awkward = "q~& \"/" + marker

    /// A scenario: what the service does, and the secret it knows.
    struct Scenario: Sendable, CustomStringConvertible {
        let description: String
        var fault: EmulatorFault?
        var isRefused = false
        var claims: String?
        var tenantID: String?
        var secret = "MARKED-9f3e5b"
    }

    static let scenarios: [Scenario] = [
        Scenario(description: "token"), Scenario(description: "refusal", isRefused: true),
        Scenario(description: "bad claims", claims: "no json"),
        Scenario(description: "other tenant", tenantID: Sample.otherTenantID),
        Scenario(description: "reset", fault: .reset), Scenario(description: "garbage", fault: .garbage),
        Scenario(description: "500", fault: .status(500)),
        Scenario(description: "throttled", fault: .status(429, retryAfter: "100")),
        Scenario(
            description: "echo in a refusal",
            fault: .response(status: 400, body: #"{"error":"x","error_description":"got MARKED-9f3e5b"}"#)),
        Scenario(description: "echo in a page", fault: .response(status: 502, body: "<html>got MARKED-9f3e5b</html>")),
        Scenario(
            description: "echo in allowed headers",
            fault: .response(
                status: 502,
                headers: [
                    "Content-Type": "text/MARKED-9f3e5b", "x-ms-request-id": "MARKED-9f3e\u{200B}5b",
                    "Retry-After": "MARKED-9f3e5b",
                ],
                body: "x"
            )
        ),
        Scenario(
            description: "hidden echo",
            fault: .response(status: 400, body: #"{"error":"x","error_description":"MARKED\u200b-9f3e5b\u200d"}"#)),
        Scenario(
            description: "form-encoded echo", fault: .response(status: 502, body: "client_secret=q%7E%26+%22%2FMARKED-9f3e5b&x"),
            secret: awkward),
        Scenario(
            description: "lower-case percent echo", fault: .response(status: 502, body: "q%7e%26%20%22%2fMARKED-9f3e5b"),
            secret: awkward),
        Scenario(
            description: "JSON echo",
            fault: .response(status: 400, body: #"{"error":"x","error_description":"q~& \"\/MARKED-9f3e5b"}"#), secret: awkward),
        Scenario(description: "echo in a header", fault: .response(status: 502, headers: ["X-Echo": "MARKED-9f3e5b"], body: "")),
        Scenario(
            description: "token of no use",
            fault: .response(status: 200, body: #"{"access_token":"MARKED-9f3e5b","expires_in":0}"#)),
    ]

    /// Everything that comes out of a scenario, and the token it brought.
    private func output(
        _ scenario: Scenario,
        _ subject: Subject,
        isContentLogged: Bool
    ) async throws -> (texts: [String], token: String?) {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let emulator = EntraEmulator()
        emulator.update {
            Subject.register(secret: scenario.secret, in: &$0)
            if scenario.isRefused { Subject.refuse(in: &$0) }
        }
        if let fault = scenario.fault { emulator.play(FaultScript(steps: [.init(fault)])) }
        var options = emulator.credentialOptions(retry: .none)
        options.logging = LoggingOptions(logger: logger, isContentLoggingEnabled: isContentLogged)
        let credential = subject.make(secret: scenario.secret, options: options)
        var texts: [String] = []
        var token: String?
        var dumped = ""
        do {
            let context = TokenRequestContext(scopes: [vaultScope], claims: scenario.claims, tenantID: scenario.tenantID)
            let result = try await withLogger(logger) { _ in try await credential.token(for: context) }
            token = result.token
            dump(result, to: &dumped)
            texts += ["\(result)", String(reflecting: result)]
        } catch let error as AuthenticationError {
            dump(error, to: &dumped)
            texts += ["\(error)", String(reflecting: error), error.summary]
            texts.append(String(decoding: try JSONEncoder().encode(error), as: UTF8.self))
        }
        dump(credential, to: &dumped)
        dump(emulator.requests, to: &dumped)
        options.environment = ["AZURE_CLIENT_SECRET": Self.marker]
        dump(options, to: &dumped)
        texts += [dumped, "\(credential)", "\(options)", String(reflecting: options)]
        var request = TransportRequest(
            url: try #require(URL(string: "https://h.example/?sig=\(Self.marker)")), body: Array(Self.marker.utf8))
        request.headers["Authorization"] = Self.marker
        dump(request, to: &dumped)
        dump(TransportResponse(status: 200, headers: request.headers, body: request.body), to: &dumped)
        texts += [dumped, "\(request)", "\([request])"]
        texts += handler.entries.map { "\($0.message) \($0.metadata)" }
        return (texts, token)
    }

    @Test(arguments: scenarios, [Subject.clientSecret, .environment, .caching, .managedIdentity])
    func nothingShowsASecret(scenario: Scenario, subject: Subject) async throws {
        let (texts, token) = try await self.output(scenario, subject, isContentLogged: false)
        for text in texts {
            #expect(!text.contains(Self.marker), "the secret shows in: \(text.prefix(2000))")
            if let token { #expect(!text.contains(token), "the token shows in: \(text.prefix(2000))") }
        }
    }

    /// A tool's own secrets are not the library's to know, so a service that echoes them to the tool is left out.
    @Test(arguments: scenarios.filter { !$0.description.contains("echo") }, Subject.tools)
    func nothingShowsAToolsTokens(scenario: Scenario, subject: Subject) async throws {
        try await self.nothingShowsASecret(scenario: scenario, subject: subject)
    }

    /// The search can fail: with content logging, which is explicit, the marker is there.
    @Test(arguments: [Subject.clientSecret, .environment])
    func contentLoggingShowsThem(subject: Subject) async throws {
        let (texts, token) = try await self.output(Self.scenarios[0], subject, isContentLogged: true)
        #expect(texts.contains { $0.contains(Self.marker) })
        let found = try #require(token)
        #expect(texts.contains { $0.contains(found) })
    }
}
