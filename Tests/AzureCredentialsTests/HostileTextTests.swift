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
        #expect(HostileText.redacted("a hunter2 b hunter2", secrets: ["hunter2"]) == "a <redacted> b <redacted>")
        #expect(HostileText.redacted("the redacted", secrets: ["redacted", "<redacted>", "abc", ""]) == "the <redacted>")
    }

    @Test(arguments: [
        (["az", "login"], "az login"), (["a b"], "'a b'"), ([""], "''"), (["it's"], "'it'\\''s'"), (["$x;`y`"], "'$x;`y`'"),
    ])
    func quotesForAShell(words: [String], expected: String) {
        #expect(ShellWord.commandLine(words) == expected)
    }
}
