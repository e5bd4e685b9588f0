// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OIDCAnswerTests {
    // The URL.

    @Test(arguments: [
        ("https://vs.example/a/oidctoken", "https://vs.example/a/oidctoken?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("https://vs.example/a/oidctoken/", "https://vs.example/a/oidctoken?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        (" https://vs.example/a?x=1\n", "https://vs.example/a?x=1&api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("https://vs.example/a?x=1&", "https://vs.example/a?x=1&api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("https://vs.example/a?", "https://vs.example/a?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("https://vs.example", "https://vs.example?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("http://localhost/a", "http://localhost/a?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
        ("http://[::1]:1/a", "http://[::1]:1/a?api-version=7.1&id=a%26b%2F%3D%20%C3%BC"),
    ])
    func addsParameters(text: String, expected: String) throws {
        let url = try OIDCEndpoint.url(
            text, variable: "V", parameters: [("api-version", "7.1"), ("id", "a&b/= ü")], credential: "X")
        #expect(url.absoluteString == expected)
    }

    @Test(arguments: [
        "http://vs.example/a", "http://127.0.0.1.example/a", "http://127.1/a", "ftp://vs.example", "vs.example/a", "https://",
        "https:///a",
        "https://us:MARKED@vs.example/a", "https://vs.example/a#b", "https://vs.example/a b", "https://vs.example:0/", "/a",
        "https://ü/",
        "https://vs.example/a\u{0}", "https://vs.example/?a=\nb",
    ])
    func refusesOtherURLs(text: String) throws {
        let error = try #require(throws: AuthenticationError.self) {
            try OIDCEndpoint.url(text, variable: "SYSTEM_OIDCREQUESTURI", parameters: [], credential: "X")
        }
        #expect(error.code == .invalidConfiguration && error.message.hasPrefix("X: SYSTEM_OIDCREQUESTURI, "))
        #expect(!error.message.contains("MARKED"))
    }

    @Test func onlyUnreservedCharactersStandForThemselves() {
        #expect(OIDCEndpoint.encoded("aZ09-._~") == "aZ09-._~")
        #expect(OIDCEndpoint.encoded("a+b&c=d/?#%\u{1}*'()!") == "a%2Bb%26c%3Dd%2F%3F%23%25%01%2A%27%28%29%21")
    }

    // The answer.

    private func exchange(_ response: TransportResponse) -> HTTPPipeline.Exchange {
        HTTPPipeline.Exchange(response: response, clockSkew: nil, retryAfter: nil, sentAt: .init(nanoseconds: 0))
    }

    private func answer(_ issuer: OIDCIssuer = .azurePipelines) -> OIDCAnswer {
        OIDCAnswer(credential: "X", issuer: issuer, secrets: ["MARKED-bearer"])
    }

    @Test func findsTheToken() throws {
        let texts = [#"{"oidcToken":"a.b.c"}"#, "\u{FEFF}{\"oidcToken\":\"a.b.c\",\"value\":7}", #"{"oidcToken":" a.b.c\n"}"#]
        for text in texts { #expect(try self.answer().token(of: self.exchange(ScriptedTransport.json(text))) == "a.b.c") }
        let value = self.exchange(ScriptedTransport.json(#"{"count":1,"value":"a.b.c"}"#))
        #expect(try self.answer(.gitHubActions).token(of: value) == "a.b.c")
        #expect(throws: AuthenticationError.self) { try self.answer().token(of: value) }
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "\"a\"", "<html>MARKED</html>", #"{"oidcToken":null}"#, #"{"oidcToken":7}"#, #"{"oidcToken":""}"#,
        #"{"oidcToken":"MARKED a"}"#, #"{"oidcToken":"MARKED\u0000"}"#, #"{"oidcToken":["MARKED"]}"#, #"{"oidcToken":"MARKED"#,
        #"{"message":"MARKED"}"#, #"{"OIDCTOKEN":"MARKED"}"#, #"{"oidcToken":"\#(String(repeating: "M", count: 65_537))"}"#,
        String(repeating: "[", count: 100_000),
    ])
    func aSuccessWithoutATokenIsNotShown(body: String) throws {
        for status in [200, 201, 203, 204] {
            let exchange = self.exchange(ScriptedTransport.json(body, status: status))
            let error = try #require(throws: AuthenticationError.self) { try self.answer().token(of: exchange) }
            #expect(error.message.hasPrefix("X: OIDC token not found in response."), "\(error.message.prefix(200))")
            #expect(error.code == .authenticationFailed && !error.isRetryable && error.response?.status == status)
            #expect(!"\(error)".contains("MARKED") && error.response?.body == nil)
        }
    }

    @Test func aTokenWithAnotherStatusIsNotShown() throws {
        let exchange = self.exchange(ScriptedTransport.json(#"{"oidcToken":"MARKED.a.b","message":"m MARKED.a.b"}"#, status: 400))
        let error = try #require(throws: AuthenticationError.self) { try self.answer().token(of: exchange) }
        #expect(!"\(error)".contains("MARKED") && error.message.contains("<redacted>"))
    }

    @Test(arguments: [
        (302, "text/html", "<html>sign in</html>", "G44"), (203, "text/html; charset=utf-8", "<html>sign in</html>", "G44"),
        (200, "text/html", "<html>sign in</html>", "G44"), (301, "", "", "G44"), (401, "text/html", "<html></html>", "G44"),
        (401, "application/json", #"{"message":"m"}"#, "G44"), (403, "application/json", #"{"message":"m"}"#, "G45"),
        (404, "application/json", #"{"message":"No service connection found with identifier 7."}"#, "G43"),
        (400, "text/plain", "bad", "G45"), (502, "text/html", "<html></html>", "G45"), (500, "", "", "G45"),
        (200, "", "{}", "G45"),
    ])
    func leadsToARow(status: Int, type: String, body: String, row: String) throws {
        let response = TransportResponse(
            status: status, headers: ["Content-Type": type, "X-VSS-E2EID": "e2e-1", "x-msedge-ref": "Ref A: 1"],
            body: Array(body.utf8))
        let error = self.answer().failure(of: self.exchange(response))
        #expect(error.remedy?.guide == row && error.isRetryable == (status >= 500), "\(error.message)")
        #expect(error.message.contains("x-vss-e2eid: e2e-1") && error.message.contains("x-msedge-ref: Ref A: 1"))
        #expect(error.response?.headers["x-vss-e2eid"] == "e2e-1" && error.response?.status == status)
        let other = self.answer(.gitHubActions).failure(of: self.exchange(response))
        #expect(other.remedy?.guide == (row == "G44" ? "G02" : nil))
    }

    @Test func showsTheMessageFirstAndNotTooMuch() throws {
        let json =
            #"{"$id":"1","innerException":null,"message":"The preview \u001b[31mversion is wrong. MARKED-bearer","typeKey":"VssInvalidPreviewVersionException"}"#
        let error = self.answer().failure(of: self.exchange(ScriptedTransport.json(json, status: 400)))
        #expect(
            error.message.contains(
                "status is 400. It says: The preview version is wrong. <redacted> (VssInvalidPreviewVersionException)"))
        #expect(error.response?.body?.contains("innerException") == true && !"\(error)".contains("MARKED"))
        let long = String(repeating: "x", count: 100_000)
        let bounded = self.answer().failure(of: self.exchange(ScriptedTransport.json(long, status: 400)))
        #expect(bounded.message.count < 700 && bounded.message.contains("Response: xxx"))
        let message = self.answer().failure(of: self.exchange(ScriptedTransport.json(#"{"message":"\#(long)"}"#, status: 400)))
        #expect(message.message.count < 700)
    }

    @Test(arguments: [
        ("a eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c b", "a <redacted> b"), ("token=eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", "token=<redacted>"),
        ("{\"t\":\"xeyJhbGciOiJub25lIn0.e30.\"}", "{\"t\":\"x<redacted>\"}"), ("eyJ", "eyJ"), ("no token", "no token"), ("", ""),
    ])
    func whatLooksLikeATokenIsHidden(text: String, shown: String) {
        #expect(HostileText.withoutTokens(text) == shown)
    }

    @Test func aTokenInAnErrorIsNotShown() throws {
        let token = "eyJhbGciOiJub25lIn0.eyJtYXJrZWQiOjF9.MARKED"
        for body in [#"{"access_token":"\#(token)"}"#, "oidcToken=\(token)", #"{"message":"got \#(token)"}"#] {
            let response = TransportResponse(status: 400, headers: ["x-vss-e2eid": token], body: Array(body.utf8))
            let error = self.answer().failure(of: self.exchange(response))
            #expect(!"\(error) \(String(describing: error.response))".contains("MARKED"), "\(error)")
        }
    }
}
