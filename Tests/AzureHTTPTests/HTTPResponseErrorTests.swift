// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is made of a service's error.
@Suite struct HTTPResponseErrorTests {
    private func error(
        _ body: String, status: Int = 403, headers: TransportHeaders = [:], identity: AccessToken.Provenance? = nil
    ) throws -> HTTPResponseError {
        let request = TransportRequest(
            url: try url("https://user:pw@contoso.vault.azure.net/secrets/a?api-version=7.6&sig=SIGNATURE"),
            headers: ["Authorization": "Bearer TOKEN"])
        let response = TransportResponse(status: status, headers: headers, body: Array(body.utf8))
        return HTTPResponseError(response, of: request, identity: identity)
    }

    @Test(
        arguments: [
            (
                #"{"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}}"#, "Forbidden",
                "ForbiddenByRbac", "no"
            ),
            (#"{"error":{"code":"X","message":{"lang":"en","value":"no"}}}"#, "X", nil, "no"),
            (#"{"code":"X","message":"no"}"#, "X", nil, "no"), (#"{"error":"x","error_description":"no"}"#, "x", nil, "no"),
            (#"{"error":{"code":7,"message":"no","innererror":"y"}}"#, nil, nil, "no"),
            (#"{"error":{"message":"a\u0007b\u001b[31m\nc"}}"#, nil, nil, "ab c"),
            (#"{"error":{"message":"you sent TOKEN"}}"#, nil, nil, "you sent <redacted>"),
            (#"{"error":null}"#, nil, nil, nil), (#"{"error":[]}"#, nil, nil, nil), ("[]", nil, nil, nil),
            ("<html>", nil, nil, nil),
            ("", nil, nil, nil), (String(repeating: "[", count: 100_000), nil, nil, nil),
            (#"{"message":"\#(String(repeating: "x", count: 300_000))"}"#, nil, nil, nil),
        ] as [(String, String?, String?, String?)])
    func bodiesAreReadAsServicesWriteThem(body: String, code: String?, innerCode: String?, message: String?) throws {
        let error = try self.error(body)
        #expect(error.code == code && error.innerCode == innerCode)
        #expect(error.message == message ?? "The service gave no reason that can be shown.")
    }

    @Test func longMessagesAreCut() throws {
        let error = try self.error(#"{"message":"\#(String(repeating: "x", count: 10_000))"}"#)
        #expect(error.message.unicodeScalars.count <= 2_001)
    }

    @Test func theHeadersSayTheRest() throws {
        let headers: TransportHeaders = [
            "x-ms-request-id": "r-1", "X-MS-Client-Request-Id": "c-1", "x-ms-error-code": "AuthorizationFailure",
            "Retry-After": "7",
            "Set-Cookie": "secret", "Server": "TOKEN",
        ]
        let error = try self.error("", status: 429, headers: headers)
        #expect(error.requestID == "r-1" && error.clientRequestID == "c-1" && error.code == "AuthorizationFailure")
        #expect(error.retryAfter == .seconds(7) && error.isRetryable)
        #expect(error.headers["x-ms-request-id"] == "r-1" && error.headers["set-cookie"] == nil)
        #expect(error.headers["server"] == "<redacted>")
    }

    @Test(arguments: [(400, false), (401, false), (403, false), (404, false), (408, true), (429, true), (500, true), (503, true)])
    func someMayPass(status: Int, isRetryable: Bool) {
        #expect(HTTPResponseError(status: status, message: "").isRetryable == isRetryable)
    }

    @Test func itSaysWhoWasRefusedAndNothingPrivate() throws {
        let identity = AccessToken.Provenance(
            credential: "AzureCLICredential", tenantID: "t-1", clientID: "c-1", objectID: "o-1", userName: "ada@contoso.com")
        var error = try self.error(#"{"error":{"code":"Forbidden","message":"no"}}"#, identity: identity)
        error.remedy = .init(guide: "G03", text: "Assign a role.", commands: [["az", "role", "assignment", "create"]])
        let text = error.description
        for part in [
            "403 Forbidden: no", "GET https://contoso.vault.azure.net/secrets/a?api-version=7.6&sig=REDACTED",
            "AzureCLICredential",
            "t-1", "o-1", "G03", "az role assignment create",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        var dumped = ""
        dump(error, to: &dumped)
        let encoded = String(decoding: try JSONEncoder().encode(error), as: UTF8.self)
        for shown in [text, dumped, encoded] {
            for part in ["ada@", "TOKEN", "SIGNATURE", "pw@"] { #expect(!shown.contains(part), "\(part)") }
        }
        #expect(encoded.contains(#""objectId":"o-1""#) && encoded.contains(#""status":403"#))
    }

    @Test func theServicesWordsNameNoUserWhereTheyAreShown() throws {
        let message = "not for grace%40contoso.example, said 'ada@contoso.example'"
        let body = #"{"error":{"code":"ada@contoso.example","message":"\#(message)"}}"#
        let headers: TransportHeaders = ["Server": "for ada@contoso.example", "x-ms-request-id": "r-ada@contoso.example"]
        let error = try self.error(body, headers: headers)
        let encoded = String(decoding: try JSONEncoder().encode(error), as: UTF8.self)
        for shown in [error.description, encoded] {
            #expect(shown.contains("not for <account>, said '<account>'"), "\(shown)")
            for part in ["ada@", "grace%40"] { #expect(!shown.contains(part), "\(shown)") }
        }
        #expect(encoded.contains("for <account>"))
        // Whoever reads the parts reads what the service wrote.
        #expect(error.message == message && error.headers["server"] == "for ada@contoso.example")
    }

    @Test func anExchangeTellsItsOwnIds() throws {
        var exchange = HTTPPipeline.Exchange(
            response: TransportResponse(status: 403, body: Array(#"{"error":{"message":"not SECRETTOKEN"}}"#.utf8)),
            clockSkew: nil,
            retryAfter: .seconds(3), sentAt: MonotonicTime(nanoseconds: 0))
        exchange.clientRequestID = "mine"
        let token = accessToken("SECRETTOKEN", provenance: .init(credential: "C"))
        let error = HTTPResponseError(
            AuthorizedExchange(exchange: exchange, token: token), of: TransportRequest(url: try url("https://s.example/")),
            logging: .init())
        #expect(error.clientRequestID == "mine" && error.retryAfter == .seconds(3) && error.identity?.credential == "C")
        #expect(error.message == "not <redacted>")
    }
}
