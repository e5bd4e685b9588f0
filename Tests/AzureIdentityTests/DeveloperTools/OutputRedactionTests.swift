// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Tokens that tools print where they don't belong don't get into errors, in whatever form.
@Suite struct OutputRedactionTests {
    private static let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-_x"
    private static let opaque = "0AXoAabcdEFGH1234567890abcdefghijkLMNOPQRSTUV"

    @Test(arguments: [
        #"{"accessToken": "\#(jwt)"}"#, #"{"accessToken":"\#(jwt)"}"#, #"{'access_token' : '\#(jwt)'"#, "token=\(jwt) end",
        "Authorization: Bearer \(jwt)", "bearer \(jwt)", "the token is \(jwt).",
        "\"message\":\"{\\\"accessToken\\\":\\\"\(jwt)\\\"}\"",
        #"{"accessToken":"\u0065yJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-_x"}"#,
        #"is \u0065yJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0"#,
        #"is \\u0065yJhbGciOiJSUzI1NiJ9\\u002eeyJhdWQiOiJ4In0"#,
        "is e\u{1B}[0myJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-_x",
        "is eyJ\u{200B}hbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0", "azsdk%\(jwt)%5", "\(jwt.prefix(30))\r\n\(jwt.dropFirst(30))",
        "--claims=\(jwt)",
    ])
    func aJWTIsHidden(text: String) {
        let shown = OutputRedaction.shown(text)
        for part in ["hbGciOi", "eyJ", "JhdWQiOiJ4", "c2lnbmF0"] { #expect(!shown.contains(part), "\(shown)") }
        #expect(shown.contains("<redacted>"))
    }

    @Test(arguments: [
        #"{"refreshToken": "\#(opaque)"}"#, "refresh_token=\(opaque)", "says \(opaque)", "x/\(opaque)/y", "id_token: \(opaque)",
    ])
    func anOpaqueTokenIsHidden(text: String) {
        let shown = OutputRedaction.shown(text)
        #expect(!shown.contains("EFGH") && !shown.contains("NOPQ") && shown.contains("<redacted>"), "\(shown)")
    }

    @Test(arguments: [
        #"{"token":"pass-1"}"#, #"{"token" : "a pass-1"#, "client_secret=pass-1", "clientSecret: pass-1", "password=pass-1&x=1",
        "PASSWORD='x pass-1'",
        #"{\"secret\": \"pass-1\"}"#, "Authorization: Bearer pass-1", #""id-token":"pass-1""#, "assertion=pass-1",
    ])
    func whatIsNamedASecretIsHiddenHoweverShort(text: String) {
        #expect(!OutputRedaction.shown(text).contains("pass-1"), "\(OutputRedaction.shown(text))")
    }

    @Test(arguments: [
        "fetching token: failed to authenticate: (invalid_grant) AADSTS700082: The refresh token has expired.",
        "AADSTS50076: Trace ID: 0a1b2c3d-0000-1111-2222-333344445555 Correlation ID: 0a1b2c3d-0000-1111-2222-333344445556",
        "File \"/opt/az/lib/python3.12/site-packages/azure/cli/core/auth/identity.py\", line 12, in get_token",
        "See https://learn.microsoft.com/cli/azure/authenticate-azure-cli-interactively for more.",
        "User 'somebody@contoso.onmicrosoft.com' does not exist in MSAL token cache. Run `az login`.",
        "fetching token: AADSTS700082 is it", "fetching token: (invalid_tenant) AADSTS90002",
    ])
    func whatMattersIsLeft(text: String) {
        #expect(OutputRedaction.shown(text) == text)
    }

    @Test func textIsBoundedAndInOneLine() {
        let shown = OutputRedaction.shown("a\nb\u{1B}[31mc\u{202E} " + String(repeating: "word ", count: 100_000))
        #expect(shown.hasPrefix("a bc word") && shown.count <= 1001 && !shown.contains("\n"))
        #expect(OutputRedaction.shown("known x-secret-x", removing: ["x-secret-x"]) == "known <redacted>")
        // A token at the place where the text is cut.
        let long = String(repeating: "é ", count: 16_370) + Self.jwt
        #expect(!OutputRedaction.shown(long, limit: 40_000).contains("hbGci"))
    }

    @Test(arguments: ToolSubject.allCases)
    func noTokenGetsIntoAnError(subject: ToolSubject) throws {
        let texts = [
            Self.jwt, "\"accessToken\":\"opaque-1\"", "{\"token\":\"opaque-1\", \"expiresOn\": 1}", "azsdk%opaque-1%x",
            "opaque-1",
        ]
        for text in texts {
            for status in [Int32(0), 1] {
                let error = try #require(toolError { try subject.tool.token(ToolRun(text, status: status), question: .vault()) })
                #expect(!"\(error)".contains("opaque-1") && !"\(error)".contains("hbGci"), "\(error)")
            }
        }
        let run = ToolRun("", errors: "ERROR: {\"accessToken\":\"opaque-1\"} \(Self.jwt)", status: 1)
        let error = try #require(toolError { try subject.tool.token(run, question: .vault()) })
        #expect(!"\(error)".contains("opaque-1") && !"\(error)".contains("hbGci"), "\(error)")
    }
}
