// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentity

/// Which requests end the wait for the browser, and what the others get.
@Suite struct RedirectGateTests {
    private let gate = RedirectGate(path: "/back", entry: "/one-time", state: "the-state", pages: SignInPages())

    private func request(
        _ method: String = "POST",
        _ path: String = "/back",
        query: String? = nil,
        body: String = "",
        host: String = "localhost:8400",
        headers: [(String, String)] = [("Content-Type", "application/x-www-form-urlencoded")]
    ) -> RedirectRequest {
        var all: TransportHeaders = ["Host": host]
        for (name, value) in headers { all.append(name: name, value: value) }
        return RedirectRequest(method: method, path: path, query: query, headers: all, body: Array(body.utf8), port: 8400)
    }

    /// The status of a stray request's answer; `nil` if the request ends the wait.
    private func status(_ request: RedirectRequest) -> Int? {
        switch self.gate.verdict(on: request) {
        case .stray(let response): response.status
        case .redirect: nil
        case .entry: 302
        }
    }

    @Test func theBrowserComesBackWithACodeOrAnError() throws {
        for request in [
            self.request(body: "code=1&state=the-state"), self.request(body: "error=access_denied&state=the-state"),
            self.request("GET", query: "code=1&state=the-state", headers: []),
            self.request(body: "state=the-state&code=1", host: "127.0.0.1:8400"),
            self.request(body: "state=the-state&code=1", host: "[::1]:8400"),
            self.request(body: "state=the-state&code=1", host: "LOCALHOST:8400"),
        ] {
            #expect(self.status(request) == nil, "\(request)")
        }
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://login.microsoftonline.com"),
        ]
        guard
            case .redirect(let parameters) = self.gate.verdict(
                on: self.request(body: "state=the-state&code=a%2Bb", headers: headers))
        else {
            Issue.record("a browser's form is the answer")
            return
        }
        #expect(parameters["code"] == "a+b")
    }

    @Test func strayRequestsAreAnsweredAndIgnored() {
        #expect(self.status(self.request("GET", headers: [])) == 404)
        #expect(self.status(self.request("GET", "/", headers: [])) == 404)
        #expect(self.status(self.request("GET", "/favicon.ico", headers: [])) == 204)
        #expect(self.status(self.request("HEAD", query: "code=1&state=the-state", headers: [])) == 404)
        #expect(self.status(self.request("OPTIONS", headers: [])) == 405)
        #expect(self.status(self.request("DELETE", headers: [])) == 405)
        #expect(self.status(self.request(body: "code=1&state=the-state", headers: [("Content-Type", "text/plain")])) == 415)
        #expect(self.status(self.request(body: "code=1&state=the-state", headers: [])) == 415)
        #expect(self.status(self.request(body: "state=the-state")) == 400)
        #expect(self.status(self.request("POST", "/back/", body: "code=1&state=the-state")) == 404)
    }

    @Test(arguments: [
        "code=1&state=other", "code=1", "error=access_denied", "code=1&state=", "code=1&state=the-state&state=the-state", "%",
    ])
    func anotherStateIsAnotherSignIn(body: String) throws {
        guard case .stray(let response) = self.gate.verdict(on: self.request(body: body)) else {
            Issue.record("\(body) must not end the wait")
            return
        }
        #expect(response.status == 400)
        let page = String(decoding: response.body, as: UTF8.self)
        #expect(page.contains("another sign-in") && !page.contains("the-state"))
    }

    @Test func theBrowserIsLetInAtTheEntryAlone() {
        #expect(self.status(self.request("GET", "/one-time", headers: [])) == 302)
        let navigation = [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "none")]
        #expect(self.status(self.request("GET", "/one-time", headers: navigation)) == 302)
        // None of these is the person's browser, so none of them uses it up.
        #expect(self.status(self.request("HEAD", "/one-time", headers: [])) == 404)
        #expect(self.status(self.request("POST", "/one-time", body: "code=1&state=the-state")) == 405)
        #expect(self.status(self.request("GET", "/one-time", headers: [("Sec-Fetch-Mode", "no-cors")])) == 403)
        #expect(self.status(self.request("GET", "/one-time", host: "evil.example:8400", headers: [])) == 400)
        for path in ["/one-tim", "/one-time/", "/ONE-TIME", "/"] {
            #expect(self.status(self.request("GET", path, headers: [])) == 404)
        }
    }

    @Test func requestsOfOtherPagesAreNotTheBrowsersReturn() {
        let form = ("Content-Type", "application/x-www-form-urlencoded")
        for header in [
            ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "iframe"), ("Sec-Fetch-Dest", "image"),
        ] {
            #expect(self.status(self.request(body: "code=1&state=the-state", headers: [form, header])) == 403)
        }
    }

    @Test(arguments: ["evil.example:8400", "localhost", "localhost:8401", "localhost:8400.evil.example", "", "127.0.0.2:8400"])
    func namesOfOtherMachinesAreRefused(host: String) {
        #expect(self.status(self.request(body: "code=1&state=the-state", host: host)) == 400)
        #expect(self.status(self.request(body: "code=1&state=the-state", headers: [("Host", "evil.example")])) == 400)
    }
}
