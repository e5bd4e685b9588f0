// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@Suite struct HostileTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("two\r\nlines\tand  more ", "two lines and more"),
        ("\u{1B}[31mred\u{1B}[0m", "red"),
        ("\u{1B}]0;title\u{7}text", "text"),
        ("bidi\u{202E}override\u{2066}", "bidioverride"),
        ("zero\u{200B}width\u{FEFF}", "zerowidth"),
        ("\u{9B}2Jcleared", "cleared"),
        ("nul\u{0}bell\u{7}del\u{7F}", "nulbelldel"),
        ("line\u{2028}separator", "line separator"),
        ("\u{1B}", ""),
        ("Zürich 東京 🙂", "Zürich 東京 🙂"),
    ])
    func cleans(text: String, expected: String) {
        #expect(HostileText.sanitized(text) == expected)
    }

    @Test func cutsLongTextWithoutReadingAllOfIt() {
        let cut = HostileText.sanitized(repeatElement("ab ", count: 1_000_000).joined(), limit: 10)
        #expect(cut == "ab ab ab a…")
    }

    @Test func aLoneEscapeSwallowsLittle() {
        let text = "\u{1B}[" + String(repeating: "1", count: 200) + "end"
        #expect(HostileText.sanitized(text).hasSuffix("end"))
    }

    @Test func redactsWhatWasSent() {
        #expect(HostileText.sanitized("a hunter2 b hunter2", removing: ["hunter2"]) == "a <redacted> b <redacted>")
        #expect(HostileText.sanitized("the word", removing: ["abc", ""]) == "the word")
        #expect(HostileText.sanitized("x", removing: []) == "x")
    }

    @Test(arguments: [
        "hunter2\u{200D}", "hun\u{200B}ter2", "hunter2\u{301}", "h\u{1B}[1munter2", "hunter2hunter2", "\u{202E}hunter2",
        "hunt\u{0}er2", "hun\u{34F}ter2", "hun\u{FE0F}ter2",
        "hun\u{3164}ter2",
    ])
    func noInvisibleCharacterHidesASecret(text: String) {
        let shown = HostileText.sanitized("got " + text, removing: ["hunter2"])
        #expect(!shown.contains("hunter2") && shown.utf8.starts(with: "got <redacted>".utf8))
    }

    @Test(arguments: 1...60)
    func noPartOfASecretIsLeftWhereTextIsCut(limit: Int) {
        let secret = "S3cretS3cretS3cret"
        for padding in 0..<20 {
            let text = String(repeating: "x", count: padding) + String(repeating: secret, count: 200)
            let shown = HostileText.sanitized(text, removing: [secret], limit: limit)
            #expect(!shown.contains("S3c") && shown.unicodeScalars.count <= limit + 1)
        }
    }

    /// What is left of a text must not depend on how long the secrets are: it would tell.
    @Test func whatWasCutElsewhereIsLeftAsItIs() {
        let text = "the text of an error, of which the end is mis…"
        for secret in ["secret", "a secret that is longer by far", String(repeating: "s", count: 80)] {
            #expect(HostileText.sanitized(text, removing: [secret], limit: 60) == text)
        }
        #expect(HostileText.sanitized("cut here: hunter2…", removing: ["hunter2"]) == "cut here: <redacted>…")
    }

    @Test(arguments: [
        ("found eyJ0eXAiOiJKV1QiLCJhbGciOiJ.abc-_.def, then", "found <redacted>, then"),
        ("x=eyJ0eXAiOiJKV1QiLCJhbGciOiJ", "x=<redacted>"), ("id.eyJ0eXAiOiJKV1QiLCJhbGciOiJ", "id.<redacted>"),
        ("Bearer abcdefghijklmnop.", "Bearer <redacted>"), ("bearer a0b1c2d3e4f5a6b7 is", "bearer <redacted> is"),
        ("a Bearer authentication scheme", "a Bearer authentication scheme"), ("eyJ is short", "eyJ is short"),
        ("Bearer authorization_uri=\"https://a\"", "Bearer authorization_uri=\"https://a\""), ("", ""), ("ümlaut €", "ümlaut €"),
    ])
    func hidesWhatLooksLikeAToken(text: String, expected: String) {
        #expect(HostileText.withoutTokens(text) == expected)
    }

    @Test(arguments: [
        (["az", "login"], "az login"), (["a b"], "'a b'"), ([""], "''"), (["it's"], "'it'\\''s'"), (["$x;`y`"], "'$x;`y`'"),
    ])
    func quotesForAShell(words: [String], expected: String) {
        #expect(ShellWord.commandLine(words) == expected)
    }
}
