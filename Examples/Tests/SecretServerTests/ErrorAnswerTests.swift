// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureKeyVaultSecrets
import SecretServer
import Testing

struct ErrorAnswerTests {
    private struct OwnError: Error, CustomStringConvertible { let description = "a secret" }

    private static func authentication(_ code: AuthenticationError.Code, isRetryable: Bool) -> AuthenticationError {
        AuthenticationError(code, credential: "X", message: "Whose tenant it is.", isRetryable: isRetryable)
    }

    @Test(
        arguments: [
            (HTTPResponseError(status: 404, message: ""), 404, false),
            (HTTPResponseError(status: 403, message: ""), 502, false),
            (HTTPResponseError(status: 401, message: ""), 502, false), (HTTPResponseError(status: 429, message: ""), 503, true),
            (HTTPResponseError(status: 503, message: ""), 503, true), (HTTPResponseError(status: 307, message: ""), 502, false),
            (Self.authentication(.authenticationFailed, isRetryable: true), 503, true),
            (Self.authentication(.authenticationFailed, isRetryable: false), 500, false),
            (Self.authentication(.credentialUnavailable, isRetryable: false), 500, false),
            (Self.authentication(.timedOut, isRetryable: false), 503, true),
            (SecretClientError(.invalidArgument, message: "Not a name."), 400, false),
            (SecretClientError(.invalidResponse, message: "Not JSON."), 500, false),
            (TransportError(.connection, message: "Reset."), 503, true), (OwnError(), 500, false),
        ] as [(any Error, Int, Bool)])
    func tellsWhoseTurnItIs(error: any Error, status: Int, hasRetryAfter: Bool) {
        let answer = ErrorAnswer(error)
        #expect(answer.status == status)
        #expect((answer.retryAfter != nil) == hasRetryAfter)
        // Callers don't learn who the service is.
        #expect(!answer.message.contains("tenant"))
        #expect((answer.logLine == nil) == (status == 400 || status == 404))
    }

    @Test func whatTheVaultWantsIsPassedOn() {
        var error = HTTPResponseError(status: 429, message: "Slow down.")
        error.retryAfter = .milliseconds(2500)
        #expect(ErrorAnswer(error).retryAfter == 3)
    }

    @Test func anErrorOfUnknownTypeIsNotQuoted() {
        #expect(ErrorAnswer(OwnError()).logLine == "OwnError")
    }
}
