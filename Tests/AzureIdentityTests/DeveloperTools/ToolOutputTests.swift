// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What tools print, and what is made of it.
@Suite struct ToolOutputTests {
    private let end = Date(timeIntervalSince1970: 4_102_444_800)

    private func token(_ subject: ToolSubject, _ run: ToolRun) throws -> ToolToken {
        try subject.tool.token(run, question: .vault())
    }

    @Test(arguments: ToolSubject.allCases)
    func anAnswerIsRead(subject: ToolSubject) throws {
        let token = try self.token(subject, ToolRun(subject.answer(token: "secret-1") + "\n"))
        #expect(token.token == "secret-1" && token.expiresOn == self.end)
    }

    /// What is around the answer, and how it is written.
    @Test(arguments: ToolSubject.allCases)
    func whatIsAroundTheAnswerDoesNotMatter(subject: ToolSubject) throws {
        let answer = subject.answer(token: "secret-1")
        let texts = [
            "WARNING: a new version {2.99} is there [now]\n\(answer)\n", "\(answer)\r\nWARNING: \"bye\"\r\n",
            "\u{FEFF}\(answer)\r\n",
            "\u{1B}[33mWARNING: \"quoted\u{1B}[0m\r\n\u{1B}[0m\(answer)\u{1B}[0m", "{\n{\"warning\": \n\(answer)",
            "{\"type\":\"consoleMessage\",\"data\":{\"message\":\"\\n\"}}\n\(answer)", "5\" wide\n\n\(answer)\n{\"unended\": \"",
        ]
        for text in texts {
            let token = try self.token(subject, ToolRun(text))
            #expect(token.token == "secret-1" && token.expiresOn == self.end, "\(text)")
        }
        var utf16: [UInt8] = [0xFF, 0xFE]
        for unit in answer.utf16 { utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        for output in [utf16, Array(utf16.dropFirst(2)), [0xC3, 0x28, 0x0A, 0xFF] + Array(answer.utf8)] {
            let token = try self.token(subject, ToolRun(status: 0, output: output, errors: [0xFF, 0xFE, 0x00]))
            #expect(token.token == "secret-1")
        }
        // Warnings on the other stream are nobody's business.
        #expect(
            try self.token(subject, ToolRun(answer, errors: "ERROR: Please run 'az login' to setup account.")).token == "secret-1"
        )
    }

    @Test(arguments: ToolSubject.allCases)
    func whatIsNoAnswerIsAnError(subject: ToolSubject) throws {
        let answer = subject.answer(token: "secret-1")
        var texts = ["", "\n\n", "null", "[]", "{}", "secret-1", "garbage \u{0} { [", #"{"accessToken": 1, "token": {}}"#]
        if subject != .azurePowerShell { texts += ["[\(answer)]", answer.dropLast().description] }
        texts += [
            answer.replacing("4102444800", with: "soon").replacing("2100-01-01T00:00:00Z", with: "soon"),
            subject.answer(token: ""),
            subject.answer(token: "secret-1 x"), subject.answer(token: "secret-1\u{7F}"), subject.answer(token: "secret-1é"),
        ]
        for text in texts {
            let error = try #require(toolError { try self.token(subject, ToolRun(text)) }, "\(text)")
            #expect(
                error.code == .authenticationFailed && error.message.contains("Unexpected output from \(subject.tool.title)"),
                "\(text)")
            #expect(!"\(error)".contains("secret-1"), "\(error)")
        }
    }

    @Test func anExpiryByNumberGoesBeforeOneByDate() throws {
        let local = Host.localDate(year: 2030, month: 5, day: 6, hour: 7, minute: 8, second: 9.5)
        let cases: [(String, Date?)] = [
            (#""expires_on": 1700000000, "expiresOn": "2030-05-06 07:08:09.500000""#, Date(timeIntervalSince1970: 1_700_000_000)),
            (#""expires_on": " 1700000000 ""#, Date(timeIntervalSince1970: 1_700_000_000)),
            (#""expires_on": null, "expiresOn": "2030-05-06 07:08:09.500000""#, local),
            (#""expiresOn": "2030-05-06 07:08:09.5""#, local),
            (#""expires_on": "x", "expiresOn": "2030-05-06T07:08:09.5""#, local),
            (#""expiresOn": "2030-05-06T07:08:09Z""#, Date(timeIntervalSince1970: 1_904_281_689)),
            (#""expiresOn": "2030-05-06T07:08:09.5+02:00""#, Date(timeIntervalSince1970: 1_904_274_489.5)),
            (#""expires_on": 1e300"#, Date(timeIntervalSince1970: 253_402_300_799)),
            (#""expires_on": -5"#, Date(timeIntervalSince1970: 0)),
            (#""expiresOn": "2030-13-06 07:08:09""#, nil), (#""expiresOn": "2030-05-06 07:08""#, nil), (#""expiresOn": 5"#, nil),
            (#""expiresOn": "２030-05-06 07:08:09""#, nil), (#""expires_on": true"#, nil), (#""tokenType": "Bearer""#, nil),
            (#""expiresOn": """#, nil), (#""expiresOn": "2030-05-06 07:08:09.""#, nil),
        ]
        for (members, date) in cases {
            let run = ToolRun(#"{"accessToken": "secret-1", \#(members)}"#)
            if let date {
                #expect(try self.token(.azureCLI, run).expiresOn == date, "\(members)")
            } else {
                let error = try #require(toolError { try self.token(.azureCLI, run) }, "\(members)")
                #expect(error.code == .authenticationFailed && error.message.contains("when it expires"))
            }
        }
    }

    @Test func azdWritesItsExpiryInUTC() throws {
        for text in ["2030-05-06T07:08:09Z", "2030-05-06T09:08:09+02:00", "2030-05-06T07:08:09.000Z"] {
            let token = try self.token(.azureDeveloperCLI, ToolRun(#"{"token":"x","expiresOn":"\#(text)"}"#))
            #expect(token.expiresOn == Date(timeIntervalSince1970: 1_904_281_689))
        }
    }

    @Test(arguments: ToolSubject.allCases)
    func aTokenFromAFailedToolIsNone(subject: ToolSubject) throws {
        let secret = "opaque~secret!1"
        let run = ToolRun(subject.answer(token: secret), errors: "ERROR: odd \(secret) end", status: 1)
        let error = try #require(toolError { try self.token(subject, run) })
        #expect(error.code == .authenticationFailed && !"\(error)".contains(secret) && error.message.contains("odd"), "\(error)")
    }

    @Test func theTenantOfASubscriptionIsCompared() throws {
        let run = ToolRun(ToolSubject.azureCLI.answer(token: "secret-1"))
        let own = ToolQuestion.vault(tenantID: ToolSubject.tenantID.uppercased(), subscription: "s")
        #expect(try AzureCLITool().token(run, question: own).token == "secret-1")
        let other = toolError { try AzureCLITool().token(run, question: .vault(tenantID: "contoso.com", subscription: "s")) }
        #expect(other?.code == .authenticationFailed && other?.message.contains("not both") == true)
        #expect(try AzureCLITool().token(run, question: .vault(tenantID: "contoso.com")).token == "secret-1")
    }

    @Test func aHostileTextIsReadInOnePass() throws {
        let size = 1 << 17
        let units = [
            "{", "[", #"{""#, #"{"a":"#, #"[{"a":"#, "{}", #"{"a":[1,"#, "\"", "\\", "\u{1B}[", "azsdk%", "eyJ", "AADSTS", " : ",
        ]
        let clock = ContinuousClock()
        let time = clock.measure {
            for unit in units {
                let text = String(repeating: unit, count: size / unit.utf8.count)
                for subject in ToolSubject.allCases {
                    #expect(toolError { try self.token(subject, ToolRun(text)) } != nil)
                    #expect(toolError { try self.token(subject, ToolRun("", errors: text, status: 1)) } != nil)
                }
            }
        }
        // 10 megabytes, without optimisation on a busy machine; work that grows with the square would take hours.
        #expect(time < .seconds(120))
    }

    @Test func jsonIsFoundByItsForm() {
        func found(_ text: String) -> [String] {
            JSONSearch.values(in: Array(text.utf8)).map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        }
        #expect(found(#"a {"b": {"c": [1, {"d": null}]}} e"#) == [#"{"b": {"c": [1, {"d": null}]}}"#])
        #expect(found(#"{"a": {"b": 1} "#) == [#"{"b": 1}"#])
        #expect(found(#"{{"a": 1}}"#) == [#"{"a": 1}"#])
        #expect(found(#"{"a}": "{\"b\": \\"} {}"#) == [#"{"a}": "{\"b\": \\"}"#, "{}"])
        #expect(found(#"{"a" 1} {"a": 1,} {,} {"a":} [1,] {1: 2} {"a": 1]"#).isEmpty)
        #expect(found("{\"a\n{\"b\": 1}") == [#"{"b": 1}"#])
        #expect(found(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)).count == 1)
    }
}
