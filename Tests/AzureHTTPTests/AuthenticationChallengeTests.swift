// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

/// `WWW-Authenticate` in the forms that servers, gateways and proxies send it.
@Suite struct AuthenticationChallengeTests {
    private static let table: [(values: [String], expected: String)] = [
        ([], ""), ([""], ""), ([",, ,"], ""), (["Basic"], "Basic"), (["Negotiate, NTLM"], "Negotiate|NTLM"),
        (["Negotiate TlRMTVNTUAAB=="], "Negotiate TlRMTVNTUAAB=="),
        (["Negotiate", "Basic realm=\"p\""], "Negotiate|Basic realm=p"),
        (["Basic realm=\"a, b \\\"c\\\"\""], "Basic realm=a, b \"c\""),
        (
            [#"Bearer realm="", authorization_uri="https://l.example/common", error="insufficient_claims", claims="eyJ9=="#],
            "Bearer authorization_uri=https://l.example/common,error=insufficient_claims,realm="
        ),
        (
            [#"Bearer error=insufficient_claims, claims="abc==""#], "Bearer claims=abc==,error=insufficient_claims"
        ),
        (
            [##"Bearer realm="", error="insufficient_claims", claims="eyJ9==""##],
            "Bearer claims=eyJ9==,error=insufficient_claims,realm="
        ),
        (
            ["Bearer authorization_uri=https://login.example/t/oauth2/authorize resource_id=https://storage.azure.com"],
            "Bearer authorization_uri=https://login.example/t/oauth2/authorize,resource_id=https://storage.azure.com"
        ),
        (["Bearer claims=eyJ9==,error=x"], "Bearer claims=eyJ9==,error=x"),
        (
            [#"PoP nonce="n", Bearer  REALM = "r" ,error="e""#], "PoP nonce=n|Bearer error=e,realm=r"
        ),
        (
            ["Bearer authorization=https://login.example/t, resource=https://vault.azure.net"],
            "Bearer authorization=https://login.example/t,resource=https://vault.azure.net"
        ),
        (["Bearer a=1, a=2"], "Bearer a=1"), (["realm=\"x\", Basic"], "Basic"), (["\u{1}\u{7F}, Basic"], "Basic"),
        (["Bearer realm=\"never ends"], "Bearer"), (["Bearer realm=\"ends with \\"], "Bearer"), (["=x, Basic"], "Basic"),
        (["Bearer ;;; , Basic"], "Bearer|Basic"), (["Bäsic realm=\"ü\""], "B"),
    ]

    @Test(arguments: table)
    func everyForm(values: [String], expected: String) {
        let text = AuthenticationChallenge.challenges(in: values).map { challenge in
            let parameters = challenge.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let rest = challenge.token ?? parameters.joined(separator: ",")
            return rest.isEmpty ? challenge.scheme : "\(challenge.scheme) \(rest)"
        }
        #expect(text.joined(separator: "|") == expected)
    }

    @Test func isBounded() {
        let huge = String(repeating: "Basic, ", count: 100_000)
        #expect(AuthenticationChallenge.challenges(in: [huge]).isEmpty)
        let many = Array(repeating: "Basic, Basic", count: 100)
        #expect(AuthenticationChallenge.challenges(in: many).count == AuthenticationChallenge.maximumCount)
        let parameters = "Bearer " + (0..<1_000).map { "p\($0)=v" }.joined(separator: ",")
        #expect(AuthenticationChallenge.challenges(in: [parameters]).first?.parameters.count == 64)
    }

    @Test func schemesHaveNoCase() {
        let challenge = AuthenticationChallenge.challenges(in: ["bEARER x=y"]).first
        #expect(challenge?.isScheme("Bearer") == true && challenge?.isScheme("Basic") == false)
    }
}
