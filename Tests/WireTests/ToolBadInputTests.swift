// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// Developer tools that print what they shouldn't, and callers who ask for what no tool may see.
    @Suite(.timeLimit(.minutes(5))) struct ToolBadInputTests {
        /// What a tool does with a token that is good, for each of the tools.
        struct Output: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let answer: @Sendable (_ subject: ToolSubject, _ token: String) -> ToolStandIn.Answer

            init(_ description: String, _ answer: @escaping @Sendable (ToolSubject, String) -> ToolStandIn.Answer) {
                self.testDescription = description
                self.answer = answer
            }
        }

        // MARK: Output that holds a token all the same

        static let usable: [Output] = [
            Output("plain") { .text($0.output($1)) },
            Output("a byte order mark") { .text("\u{FEFF}" + $0.output($1)) },
            Output("lines of Windows") { .text("\r\n" + $0.output($1).replacing(",", with: ",\r\n") + "\r\n") },
            Output("UTF-16") { .bytes([0xFF, 0xFE] + $0.output($1).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) },
            Output("colours") { .text("\u{1B}[0m" + $0.output($1) + "\u{1B}[0m") },
            Output("warnings before it") {
                .text("WARNING: A new version {2.99} is there: see [notes].\nWARNING: \"quoted\"\n" + $0.output($1) + "\n")
            },
            Output("warnings behind it and on the errors") {
                .text($0.output($1) + "\nWARNING: done {\n", errors: "WARNING: Please run 'az login' to setup account.\n")
            },
            Output("bytes that are no text on the errors") {
                .bytes(Array($0.output($1).utf8), errors: [0xC0, 0xFF, 0x00, 0x1B])
            },
            Output("a megabyte of errors, nearly") {
                .shell("head -c 1000000 /dev/zero >&2\nprintf '%s\\n' '\($0.output($1))'")
            },
        ]

        @Test(arguments: ToolSubject.allCases, Self.usable)
        func findsTheToken(subject: ToolSubject, output: Output) async throws {
            let token = ToolPlace.token()
            try await ToolPlace.with(subject, answering: output.answer(subject, token)) { place in
                let found = try await subject.credential(place.tool.environment).token(forScopes: vaultScope)
                #expect(found.token == token && found.expiresOn > .now)
            }
        }

        // MARK: Output of no use

        static let useless: [Output] = [
            Output("nothing") { _, _ in .text("") },
            Output("garbage") { _, _ in .bytes((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ $0 >> 3) }) },
            Output("text") { .text("The token is \($1), enjoy.\($0 == .azurePowerShell ? "" : "\n")") },
            Output("half of it") { .text(String($0.output($1).dropLast(14))) },
            Output("an array") { .text($0 == .azurePowerShell ? "[\($1)]" : "[\($0.output($1))]") },
            Output("a string") { .text("\"\($1)\"") },
            Output("deep nesting") { _, _ in .text(String(repeating: "[{\"a\":", count: 50_000)) },
            Output("a token of another type") { subject, _ in
                .text(subject.output("X").replacing("\"X\"", with: "7").replacing("X", with: "\u{7F}"))
            },
            Output("an empty token") { subject, _ in .text(subject.output("")) },
            Output("a token with a line's end in it") {
                .text($0.output($1 + ($0 == .azurePowerShell ? "\u{0B}x" : "\\r\\nX-Header: x")))
            },
            Output("no expiry") { .text($0 == .azurePowerShell ? "azsdk%\($1)" : #"{"accessToken":"\#($1)","token":"\#($1)"}"#) },
            Output("an expiry that is none") {
                .text(
                    $0.output($1, expiry: 7).replacing("1970-01-01T00:00:07Z", with: "soon").replacing("7}", with: "\"soon\"}")
                        .replacing("%7", with: "%soon"))
            },
            Output("an expiry in the past") { .text($0.output($1, expiry: 1_700_000_000)) },
            Output("the beginning of time") { .text($0.output($1, expiry: 0)) },
            Output("bytes that are no text in the token") {
                .bytes(Array($0.output($1 + "|").utf8).map { $0 == UInt8(ascii: "|") ? 0xFF : $0 })
            },
            Output("an error with the exit status 0") { _, _ in .text("", errors: "ERROR: AADSTS50034: nobody\n", status: 0) },
            Output("a token with the exit status 1") { .text($0.output($1), status: 1) },
            Output("a token among the errors") { .text("", errors: "ERROR: \($0.output($1)) and \($1)\n", status: 1) },
            Output("a token and a signal") { .shell("ulimit -c 0\nprintf '%s\\n' '\($0.output($1))'\nkill -SEGV $$") },
            Output("a signal") { _, _ in .shell("kill -KILL $$") },
            Output("a failure without a word") { _, _ in .text("", status: 3) },
            Output("a terminal's tricks") { _, _ in
                .text("", errors: "\u{1B}]0;owned\u{7}\u{202E}ERROR\u{0}\r\nfake\n", status: 1)
            },
            Output("much to say") { _, _ in .shell("head -c 900000 /dev/zero | tr '\\000' a >&2\nexit 1") },
        ]

        @Test(arguments: ToolSubject.allCases, Self.useless)
        func isAnErrorWithoutTheToken(subject: ToolSubject, output: Output) async throws {
            let token = ToolPlace.token()
            try await ToolPlace.with(subject, answering: output.answer(subject, token)) { place in
                let credential = subject.credential(place.tool.environment)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .authenticationFailed && error.credential == subject.rawValue, "\(error)")
                var dumped = ""
                dump(error, to: &dumped)
                for text in [error.message, error.summary, "\(error)", String(reflecting: error), dumped] {
                    #expect(!text.contains(token) && !text.contains(token.split(separator: ".")[1]))
                    #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\0" || $0 == "\r" })
                }
                #expect(error.message.count < 3000 && !error.message.contains("\n"))
                // Nothing is kept of it.
                let good = ToolPlace.token()
                try place.tool.answer(with: ToolPlace.answer(good))
                #expect(try await credential.token(forScopes: vaultScope).token == good)
            }
        }

        @Test func anErrorOfAzdWithTheExitStatusZeroIsShown() async throws {
            let text = #"{"error":"fetching token: AADSTS50034: nobody"}"#
            try await ToolPlace.with(.azureDeveloperCLI, answering: .text(text)) { place in
                let credential = ToolSubject.azureDeveloperCLI.credential(place.tool.environment)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .authenticationFailed && error.serviceError?.codes == [50_034], "\(error)")
            }
        }

        // MARK: Floods

        @Test(arguments: ToolSubject.allCases, ["", " >&2"])
        func aFloodIsCutOff(subject: ToolSubject, stream: String) async throws {
            let flood = ToolStandIn.Answer.shell(
                """
                echo $$ >"$STAND_IN/pids"
                line='\(String(repeating: "x", count: 1000))'
                while :; do printf '%s\\n' "$line"\(stream); done
                """
            )
            try await ToolPlace.with(subject, answering: flood) { place in
                let credential = subject.credential(place.tool.environment, processTimeout: .seconds(200))
                let start = ContinuousClock.now
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .authenticationFailed && error.message.count < 1000, "\(error.code)")
                #expect(start.duration(to: .now) < .seconds(150), "it went on until time was up")
                try await Patience.waitForEnd(of: try await place.processes())
            }
        }

        // MARK: What no tool may see

        private static let tricks = [
            "--help", "-x", "--output=table", "a;touch owned", "$(touch owned)", "`touch owned`", "a'b", "a\"b", "a|b", "a&b",
            "a>b",
            "a\nb", "a\u{0}b", "a\\b", "a%PATH%b", "ä", "a*b", "\u{202E}a", "a\u{2028}b", "#", "a=b", "a,b", "(a)", "",
        ]

        @Test(arguments: ToolSubject.allCases, Self.tricks)
        func scopesAndTenantsThatAreNoneReachNoTool(subject: ToolSubject, text: String) async throws {
            try await ToolPlace.with(subject, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = subject.credential(place.tool.environment)
                let scope = try await authenticationError { try await credential.token(forScopes: text) }
                #expect(scope.code == .invalidConfiguration)
                let own = subject.credential(place.tool.environment, tenantID: text)
                let tenant = try await authenticationError { try await own.token(forScopes: vaultScope) }
                #expect(tenant.code == .invalidConfiguration)
                if !text.isEmpty {
                    let resource = try await authenticationError { try await credential.token(forScopes: "\(text)/.default") }
                    #expect(resource.code == .invalidConfiguration)
                    let context = TokenRequestContext(scopes: [vaultScope], tenantID: text)
                    let requested = try await authenticationError { try await credential.token(for: context) }
                    #expect(requested.code == .invalidConfiguration)
                }
                #expect(place.tool.runs.isEmpty)
            }
        }

        @Test(arguments: Self.tricks + [" ", "My subscription (test)"])
        func G52_aSubscriptionsNameThatIsUnsafe(name: String) async throws {
            try await ToolPlace.with(.azureCLI, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = ToolSubject.azureCLI.credential(place.tool.environment, subscription: name)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .invalidConfiguration && error.remedy?.guide == "G52")
                #expect(
                    error.message.contains(
                        "contains invalid characters. If this is the name of a subscription, use its ID instead"))
                #expect(place.tool.runs.isEmpty)
            }
        }

        @Test func aTenantWithASubscriptionIsRefused() async throws {
            try await ToolPlace.with(.azureCLI, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = ToolSubject.azureCLI.credential(
                    place.tool.environment, tenantID: Sample.tenantID, subscription: "My subscription")
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .invalidConfiguration && place.tool.runs.isEmpty)
            }
        }

        /// The two tools that can't pass claims on say so, without a process.
        @Test(arguments: [ToolSubject.azureCLI, .azurePowerShell])
        func claimsReachNoToolThatCannotTakeThem(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let context = TokenRequestContext(scopes: [vaultScope], claims: #"{"access_token":{"nbf":{"essential":true}}}"#)
                let credential = subject.credential(place.tool.environment)
                let error = try await authenticationError { try await credential.token(for: context) }
                #expect(error.remedy?.guide == subject.signedOutRow && place.tool.runs.isEmpty, "\(error)")
            }
        }
    }
}
#endif
