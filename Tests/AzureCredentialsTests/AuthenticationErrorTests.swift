// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AuthenticationErrorTests {
    private func refusal() -> AuthenticationError {
        var error = AuthenticationError(
            .authenticationFailed,
            credential: "ClientSecretCredential",
            message: "ClientSecretCredential: invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided."
        )
        var service = AuthenticationError.ServiceError(
            error: "invalid_client", message: "AADSTS7000215: Invalid", codes: [7_000_215])
        service.traceID = "t"
        service.correlationID = "c"
        service.timestamp = "2026-11-23 10:00:00Z"
        error.serviceError = service
        error.retryAfter = .milliseconds(1500)
        error.remedy = .init(
            guide: "G09",
            text: "Make a new one.",
            commands: [["az", "it's", "--id", "a b", "$(rm)"]],
            link: "https://learn.microsoft.com/x"
        )
        return error
    }

    @Test func rendersOverSeveralLinesWithTheRemedy() {
        #expect(
            self.refusal().description == """
                ClientSecretCredential: invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided.
                  Try again in 2 s.
                  Remedy (G09): Make a new one.
                    az 'it'\\''s' --id 'a b' '$(rm)'
                  See https://learn.microsoft.com/x
                """
        )
    }

    @Test func encodesWhatTheToolPrints() throws {
        let data = try JSONEncoder().encode(self.refusal())
        struct Shape: Decodable {
            struct Remedy: Decodable { let guide: String, commands: [[String]] }
            let code: String, credential: String, message: String, error: String, aadsts: [Int], correlationId: String
            let traceId: String, timestamp: String, isRetryable: Bool, retryAfterSeconds: Int, guide: String, remedy: Remedy
            let attempts: [String]
        }
        let shape = try JSONDecoder().decode(Shape.self, from: data)
        #expect(shape.code == "authenticationFailed" && shape.credential == "ClientSecretCredential")
        #expect(shape.aadsts == [7_000_215] && shape.error == "invalid_client" && shape.guide == "G09")
        #expect(shape.correlationId == "c" && shape.traceId == "t" && shape.timestamp == "2026-11-23 10:00:00Z")
        #expect(!shape.isRetryable && shape.retryAfterSeconds == 2 && shape.remedy.guide == "G09" && shape.attempts.isEmpty)
    }

    @Test(arguments: [0, 1, 399, 400, 401, 5000])
    func summaryIsOneShortLine(length: Int) {
        var error = self.refusal()
        error.message = "ClientSecretCredential: " + String(repeating: "x\n", count: length)
        for candidate in [
            error.summary,
            {
                error.remedy = nil; return error.summary
            }(),
        ] {
            #expect(candidate.count <= AuthenticationError.summaryLimit)
            #expect(!candidate.contains("\n"))
        }
    }

    @Test func unavailableAndRequiredLetAChainGoOn() {
        for (code, isUnavailable) in [
            (AuthenticationError.Code.credentialUnavailable, true), (.authenticationRequired, true),
            (.authenticationFailed, false), (.invalidConfiguration, false), (.timedOut, false),
        ] {
            #expect(AuthenticationError(code, credential: "X", message: "").isUnavailable == isUnavailable)
        }
    }

    @Test func wrapsOnceAndLeavesCancellationAlone() throws {
        struct Mine: Error {}
        let wrapped = try #require(AuthenticationError.wrapping(Mine(), credential: "X") as? AuthenticationError)
        #expect(wrapped.code == .authenticationFailed && wrapped.underlyingError is Mine)
        let again = try #require(AuthenticationError.wrapping(wrapped, credential: "Y") as? AuthenticationError)
        #expect(again.credential == "X")
        #expect(AuthenticationError.wrapping(CancellationError(), credential: "X") is CancellationError)
    }

    private static func attempt(_ message: String, summary: String? = nil) -> AuthenticationError.Attempt {
        .init(
            credential: "AzureCLICredential",
            outcome: .unavailable,
            code: .credentialUnavailable,
            message: message,
            summary: summary,
            duration: .milliseconds(12),
            remedy: .init(guide: "G35", text: "Sign in.")
        )
    }

    @Test(arguments: ["reason", "AzureCLICredential: reason", "AzureCLICredential authentication unavailable. reason"])
    func anAttemptDoesNotRepeatItsName(message: String) {
        let attempt = Self.attempt(message)
        #expect(attempt.summary == "reason" && attempt.message == message)
        #expect(attempt.description == "AzureCLICredential: unavailable – reason")
    }

    @Test func anAttemptIsOneShortLine() {
        let attempt = Self.attempt(String(repeating: "x\ny ", count: 200))
        #expect(attempt.summary.count == 120 && attempt.summary.hasSuffix("…") && !attempt.summary.contains("\n"))
        #expect(attempt.description.count == 120 && attempt.message.count == 800)
        #expect(Self.attempt("long", summary: "short").summary == "short")
        #expect(AuthenticationError.Attempt(credential: "A", outcome: .succeeded).description == "A: succeeded")
    }

    @Test func membersAreToldOfOnce() {
        var error = AuthenticationError(.credentialUnavailable, credential: "Chain", message: "Chain failed.")
        error.attempts = [Self.attempt("reason")]
        #expect(error.description == "Chain failed.\n  AzureCLICredential: unavailable – reason")
        error.message += "\nLikeliest cause: AzureCLICredential: reason\nAzureCLICredential: unavailable – reason"
        #expect(error.description == error.message)
        #expect(error.summary == "Chain: No token. Likeliest cause: AzureCLICredential: reason")
        #expect(error.debugDescription.contains("AzureCLICredential: unavailable, credentialUnavailable, 12 ms\n      reason"))
        #expect(error.debugDescription.contains("Remedy (G35): Sign in."))
    }

    @Test func attemptsAsJSON() throws {
        struct Shape: Decodable {
            let credential: String, outcome: String, code: String, summary: String, message: String, guide: String
            let durationMilliseconds: Int
        }
        let shape = try JSONDecoder().decode(Shape.self, from: JSONEncoder().encode(Self.attempt("AzureCLICredential: r")))
        #expect(
            shape.credential == "AzureCLICredential" && shape.outcome == "unavailable" && shape.code == "credentialUnavailable")
        #expect(shape.summary == "r" && shape.message == "AzureCLICredential: r" && shape.guide == "G35")
        #expect(shape.durationMilliseconds == 12)
    }
}
