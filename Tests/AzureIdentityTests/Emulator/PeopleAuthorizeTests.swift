// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The authorize page, and the codes it leads to.
@Suite struct PeopleAuthorizeTests {
    typealias Sample = EmulatorConfiguration.Sample

    /// Signs in at the page, and is sent back.
    private static func redirect(
        _ desk: PeopleDesk,
        _ changes: [String: String?] = [:],
        as userName: String = Sample.userName,
        path: String = PeopleDesk.authorizePath
    ) -> PeopleDesk.Page {
        desk.page(path, query: PeopleDesk.authorization(changes), form: PeopleDesk.credentials(userName))
    }

    @Test("shows a form, and sends the browser back with a code", arguments: [Sample.tenantID, "organizations", "common"])
    func success(tenant: String) throws {
        let desk = PeopleDesk()
        let path = "/\(tenant)/oauth2/v2.0/authorize"
        let form = desk.page(path, query: PeopleDesk.authorization(["login_hint": "ada<\">"]))
        #expect(form.status == 200)
        #expect(form.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(form.heading == "Sign in")
        #expect(form.text.contains(#"value="ada&lt;&quot;&gt;""#))
        let page = Self.redirect(desk, path: path)
        #expect(page.status == 302)
        #expect(page.headers["Location"]?.hasPrefix("http://localhost:8400?code=") == true)
        let parameters = page.redirect
        #expect(Set(parameters.keys) == ["code", "client_info", "state", "session_state"])
        #expect(parameters["state"] == "state-1")
        let answer = try desk.redeem(parameters["code"], tenant: tenant)
        #expect(try answer.claims("id_token")["nonce"]?.string == "nonce-1")
        #expect(try answer.claims("id_token")["aud"]?.string == Sample.publicClientID)
        #expect(answer.text("client_info") == parameters["client_info"])
        #expect(try answer.claims("access_token")["amr"] == ["pwd"])
    }

    @Test("brings the parameters as the client wants them")
    func modes() throws {
        let desk = PeopleDesk()
        let fragment = Self.redirect(desk, ["response_mode": "fragment"])
        #expect(fragment.headers["Location"]?.hasPrefix("http://localhost:8400#code=") == true)
        let post = Self.redirect(desk, ["response_mode": "form_post", "state": "\"><script>"])
        #expect(post.status == 200)
        #expect(post.headers["Location"] == nil)
        #expect(post.text.contains(#"<form method="post" id="form" action="http://localhost:8400">"#))
        #expect(post.text.contains(#"name="state" value="&quot;&gt;&lt;script&gt;""#))
        #expect(try desk.redeem(post.value("code")).status == 200)
        let nonce = try #require(post.text.split(separator: "<script nonce=\"").last?.prefix { $0 != "\"" })
        #expect(post.headers["Content-Security-Policy"]?.contains("script-src 'nonce-\(nonce)'") == true)
    }

    @Test("redeems a code once, in its time, by its client, with its verifier and its address")
    func codes() throws {
        var desk = PeopleDesk()
        func code() -> String? { Self.redirect(desk).redirect["code"] }
        let good = code()
        let wrong: [([String: String?], String, Int)] = [
            (["code_verifier": nil], Sample.tenantID, 50148),
            (["code_verifier": String(repeating: "a", count: 43)], Sample.tenantID, 501_481),
            (["code_verifier": "short"], Sample.tenantID, 9_002_313),
            (["redirect_uri": "http://localhost:8401"], Sample.tenantID, 500_112),
            (["redirect_uri": "http://localhost:8400/"], Sample.tenantID, 500_112),
            (["client_id": Sample.developerClientID], Sample.tenantID, 700_007),
            (["client_secret": "x"], Sample.tenantID, 700_025), ([:], Sample.otherTenantID, 700_005),
            (["code": "x"], Sample.tenantID, 70000), (["code": "x"], "organizations", 70000),
            (["nonce": "x"], Sample.tenantID, 9_002_313),
        ]
        for (changes, tenant, code) in wrong { #expect(try desk.redeem(good, changes, tenant: tenant).code == code) }
        // What was refused doesn't spend the code.
        #expect(try desk.redeem(good).status == 200)
        #expect(try desk.redeem(good).code == 54005)
        let plain = Self.redirect(desk, ["code_challenge": nil, "code_challenge_method": nil]).redirect["code"]
        #expect(try desk.redeem(plain).code == 501_481)
        #expect(try desk.redeem(plain, ["code_verifier": nil]).status == 200)
        let late = code()
        desk.date += 601
        #expect(try desk.redeem(late).code == 70008)
    }

    @Test("has confidential clients prove who they are")
    func confidential() throws {
        let desk = PeopleDesk()
        let changes: [String: String?] = ["client_id": Sample.clientID, "redirect_uri": Sample.redirectURL]
        let code = Self.redirect(desk, changes).redirect["code"]
        #expect(try desk.redeem(code, changes).code == 7_000_218)
        #expect(try desk.redeem(code, changes.merging(["client_secret": Sample.clientSecret]) { $1 }).status == 200)
    }

    @Test(
        "sends nobody to an address that is not registered",
        arguments: [
            ("http://localhost", true), ("http://localhost:1/", true), ("http://localhost:65535", true),
            ("http://localhost:0", false), ("http://localhost:65536", false), ("http://localhost:", false),
            ("http://localhost:80:80", false), ("http://localhost/path", false), ("https://localhost", false),
            ("http://127.0.0.1:8400", false), ("http://localhost@evil.example", false), ("http://localhost.evil.example", false),
            ("http://localhost:8400@evil.example", false), ("http://localhost:8400#x", false), ("http://localhost?x=1", false),
            ("https://evil.example/", false), ("javascript:alert(1)", false), ("http://localhost:8400/\u{7F}", false),
        ]
    )
    func addresses(address: String, isGood: Bool) {
        let page = Self.redirect(PeopleDesk(), ["redirect_uri": address])
        #expect(page.status == (isGood ? 302 : 400))
        #expect((page.headers["Location"] != nil) == isGood)
        if !isGood { #expect(page.text.contains("AADSTS50011: ")) }
    }

    @Test("shows the user what is wrong with the client or its address")
    func shown() {
        let desk = PeopleDesk()
        let cases: [([String: String?], String, String)] = [
            (["client_id": nil], PeopleDesk.authorizePath, "AADSTS900144"),
            (["client_id": "<b>"], PeopleDesk.authorizePath, "AADSTS700016"),
            (["redirect_uri": nil], PeopleDesk.authorizePath, "AADSTS900144"),
            (["response_mode": "x"], PeopleDesk.authorizePath, "AADSTS9002313"),
            ([:], "/unknown.example/oauth2/v2.0/authorize", "AADSTS90002"),
            ([:], "/\(Sample.emptyTenantID)/oauth2/v2.0/authorize", "AADSTS700016"),
        ]
        for (changes, path, code) in cases {
            let page = desk.page(path, query: PeopleDesk.authorization(changes))
            #expect(page.status == 400)
            #expect(page.headers["Location"] == nil)
            #expect(page.text.contains(code))
            #expect(!page.text.contains("<b>"))
        }
    }

    @Test(
        "sends everything else back",
        arguments: [
            (["response_type": "token"], "unsupported_response_type"), (["response_type": nil], "invalid_request"),
            (["scope": nil], "invalid_request"), (["scope": "a/b c/d"], "invalid_scope"), (["foo": "1"], "invalid_request"),
            (["code_challenge_method": "plain"], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
            (["code_challenge": nil], "invalid_request"), (["prompt": "x"], "invalid_request"),
            (["prompt": "none login"], "invalid_request"), (["claims": "x"], "invalid_request"),
            (["max_age": "-1"], "invalid_request"), (["client_info": "0"], "invalid_request"), (["nonce": ""], "invalid_request"),
            (["prompt": "none"], "login_required"),
        ] as [([String: String?], String)]
    )
    func returned(changes: [String: String?], error: String) {
        let page = PeopleDesk().page(PeopleDesk.authorizePath, query: PeopleDesk.authorization(changes))
        #expect(page.status == 302)
        #expect(page.redirect["error"] == error)
        #expect(page.redirect["state"] == "state-1")
        #expect(page.redirect["code"] == nil)
    }

    @Test("sends the user back who cancels")
    func cancel() {
        let page = PeopleDesk().page(PeopleDesk.authorizePath, query: PeopleDesk.authorization(), form: ["action": "cancel"])
        #expect(page.redirect["error"] == "access_denied")
        #expect(page.redirect["error_subcode"] == "cancel")
        #expect(page.redirect["error_description"]?.hasPrefix("AADSTS65004: ") == true)
    }

    @Test(
        "stays with a user who can't sign in",
        arguments: [
            ("nobody@contoso.example", "AADSTS50034"), (Sample.disabledUserName, "AADSTS50057"),
            (Sample.expiredPasswordUserName, "AADSTS50055"), (Sample.lockedUserName, "AADSTS50053"),
            ("<script>@contoso.example", "AADSTS50034"),
        ]
    )
    func problems(userName: String, code: String) {
        let page = Self.redirect(PeopleDesk(), as: userName)
        #expect(page.status == 200)
        #expect(page.heading == "Sign in")
        #expect(page.text.contains(code))
        #expect(!page.text.contains("<script>"))
    }

    @Test("asks for the second factor and for consent, once")
    func steps() throws {
        let desk = PeopleDesk()
        let factor = Self.redirect(desk, as: Sample.multifactorUserName)
        #expect(factor.heading == "Approve sign-in request")
        let answers = ["action": "continue", "ticket": try #require(factor.value("ticket"))]
        // A ticket is good for its own request alone, and once.
        let query = PeopleDesk.authorization()
        let other = Self.redirect(desk, as: Sample.multifactorUserName)
        let otherAnswers = ["action": "continue", "ticket": try #require(other.value("ticket"))]
        let stolen = desk.page(
            PeopleDesk.authorizePath, query: PeopleDesk.authorization(["state": "x"]), form: otherAnswers)
        #expect(stolen.heading == "Sign in")
        let end = desk.page(PeopleDesk.authorizePath, query: query, form: answers)
        #expect(try desk.redeem(end.redirect["code"]).claims("access_token")["amr"] == ["pwd", "mfa"])
        #expect(desk.page(PeopleDesk.authorizePath, query: query, form: answers).heading == "Sign in")

        let consent = Self.redirect(desk, as: Sample.consentUserName)
        #expect(consent.heading == "Permissions requested")
        let accepted = ["action": "continue", "ticket": try #require(consent.value("ticket"))]
        #expect(desk.page(PeopleDesk.authorizePath, query: query, form: accepted).redirect["code"] != nil)
        #expect(Self.redirect(desk, as: Sample.consentUserName).redirect["code"] != nil)
        #expect(try desk.password(Sample.consentUserName).status == 200)
        #expect(Self.redirect(desk, ["prompt": "consent"]).heading == "Permissions requested")
    }

    @Test("reaches the context that claims ask for")
    func context() throws {
        let desk = PeopleDesk { $0.accessPolicies = [.init(requirement: .authenticationContext("c1"))] }
        let first = try desk.redeem(Self.redirect(desk).redirect["code"])
        let refused = try desk.refresh(first.text("refresh_token"))
        #expect(refused.code == 50076)
        let changes = ["claims": refused.text("claims")]
        let page = Self.redirect(desk, changes)
        let ticket = try #require(page.value("ticket"))
        let end = desk.page(
            PeopleDesk.authorizePath,
            query: PeopleDesk.authorization(changes),
            form: ["action": "continue", "ticket": ticket]
        )
        let answer = try desk.redeem(end.redirect["code"], changes)
        #expect(try answer.claims("access_token")["acrs"] == ["c1"])
        #expect(try desk.refresh(answer.text("refresh_token")).status == 200)
    }

    @Test("knows the browser again, as far as the client lets it")
    func browsers() throws {
        var desk = PeopleDesk()
        let cookie = try #require(Self.redirect(desk).cookie)
        func page(_ changes: [String: String?], form: [String: String]? = nil) -> PeopleDesk.Page {
            desk.page(PeopleDesk.authorizePath, query: PeopleDesk.authorization(changes), form: form, cookie: cookie)
        }
        #expect(page([:]).redirect["code"] != nil)
        #expect(page(["prompt": "none"]).redirect["code"] != nil)
        #expect(page(["prompt": "login"]).heading == "Sign in")
        #expect(page(["login_hint": Sample.otherUserName]).heading == "Sign in")
        #expect(page(["prompt": "select_account"]).heading == "Pick an account")
        #expect(page(["prompt": "select_account"], form: ["action": "select"]).redirect["code"] != nil)
        #expect(page(["prompt": "select_account"], form: ["action": "other"]).heading == "Sign in")
        desk.date += 61
        #expect(page(["max_age": "60"]).heading == "Sign in")
        let person = try #require(desk.core.configuration.person(named: Sample.userName, in: nil))
        desk.core.people.revokeSessions(of: person, at: desk.date)
        #expect(page([:]).heading == "Sign in")
    }

    @Test("signs in and cancels without a browser")
    func methods() throws {
        let emulator = HostRequests.emulator()
        let query = String(decoding: PeopleDesk.form(PeopleDesk.authorization()), as: UTF8.self)
        let address = "https://localhost:8443\(PeopleDesk.authorizePath)?\(query)"
        let parameters = try emulator.signIn(at: address, as: Sample.multifactorUserName, password: Sample.password)
        #expect(parameters["code"] != nil)
        #expect(try emulator.cancelSignIn(at: address)["error"] == "access_denied")
        let error = #expect(throws: EmulatedSignInError.self) {
            try emulator.signIn(at: address, as: Sample.userName, password: "wrong")
        }
        #expect(error?.message.contains("AADSTS50126") == true)
        #expect(throws: EmulatedSignInError.self) {
            try emulator.signIn(at: "https://localhost:8443/", as: Sample.userName, password: Sample.password)
        }
        #expect(emulator.requestCount == 0)
    }

    @Test("answers requests of other methods with a page")
    func method() {
        let request = EmulatorRequest(method: "PUT", path: PeopleDesk.authorizePath, host: "localhost:8443")
        let response = PeopleDesk().core.response(to: request, at: HostRequests.date)
        #expect(response.status == 405)
        #expect(response.headers["Allow"] == "GET, POST")
        #expect(response.headers["Content-Type"]?.hasPrefix("text/html") == true)
    }

    @Test("digests as FIPS 180-4 says")
    func digest() {
        func hex(_ text: String) -> String {
            PlainSHA256.digest(text.utf8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            hex(String(repeating: "a", count: 1000)) == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }
}
