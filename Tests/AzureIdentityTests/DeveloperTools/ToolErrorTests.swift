// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// What tools complain of, and which error it becomes.
@Suite struct ToolErrorTests {
    private func error(_ subject: ToolSubject, _ run: ToolRun, _ question: ToolQuestion = .vault()) throws -> AuthenticationError
    {
        try #require(toolError { try subject.tool.token(run, question: question) })
    }

    /// A refusal of the service as each tool passes it on.
    private func refusal(_ subject: ToolSubject, _ text: String) -> ToolRun {
        switch subject {
        case .azureCLI:
            ToolRun(
                "",
                errors:
                    "WARNING: x\nERROR: \(text)\nRun the command below to authenticate interactively; additional arguments may be "
                    + "added as needed:\naz logout\naz login --scope x\n",
                status: 1
            )
        case .azureDeveloperCLI:
            ToolRun(
                #"{"type":"consoleMessage","data":{"message":"\n"}}"# + "\n"
                    + #"{"error":"fetching token: failed to authenticate:\n(invalid_grant) \#(text)\n","suggestion":"Run 'azd auth login'"}"#,
                status: 1
            )
        case .azurePowerShell: ToolRun("", errors: "\(text) Run Connect-AzAccount to login.\n", status: 1)
        }
    }

    @Test(arguments: ToolSubject.allCases, [70_043, 700_082, 50_173, 50_076, 50_078, 50_079, 50_132])
    func aSignInThatIsOverIsUnavailable(subject: ToolSubject, code: Int) throws {
        let text = "AADSTS\(code): Sorry. Trace ID: 0a-1 Correlation ID: 0b-2 Timestamp: 2026-11-23 10:00:00Z"
        let error = try self.error(subject, self.refusal(subject, text))
        #expect(error.code == .credentialUnavailable && error.message.contains("to set up account"))
        #expect(error.serviceError?.codes == [code] && error.message.contains("AADSTS\(code)"))
        #expect(error.serviceError?.traceID == "0a-1" && error.serviceError?.correlationID == "0b-2")
        #expect(error.serviceError?.timestamp == "2026-11-23 10:00:00Z")
        #expect(["G35", "G37", "G40"].contains(error.remedy?.guide) && error.message.utf8.count < 400)
        #expect(error.serviceError?.error == (subject == .azureDeveloperCLI ? "invalid_grant" : ""))
    }

    @Test(arguments: ToolSubject.allCases, [(53_003, "G04"), (65_001, "G04"), (7_000_222, "G10"), (700_016, "G11")])
    func anotherRefusalIsAFailure(subject: ToolSubject, expected: (code: Int, guide: String)) throws {
        let error = try self.error(subject, self.refusal(subject, "AADSTS\(expected.code): Sorry."))
        #expect(error.code == .authenticationFailed && !error.isRetryable && error.message.hasPrefix(subject.tool.credential))
        #expect(error.serviceError?.codes == [expected.code] && error.remedy?.guide == expected.guide)
        #expect(!error.message.contains("az login") && !error.message.contains("az logout"))
    }

    @Test(
        arguments: ToolSubject.allCases,
        [
            "AADSTS90033: A transient error has occurred.", "AADSTS50196: The server terminated an operation: a request loop.",
            "HTTP 429: too fast", "503 Server Error: away", "status code: 502", "RESPONSE 500: Internal", "Too Many Requests",
            "Max retries exceeded: Failed to establish a new connection: [Errno 111] Connection refused",
            "dial tcp: lookup x: no such host",
            "HTTPSConnectionPool(host='x', port=443): Read timed out.",
        ]
    )
    func aServiceThatIsAwayIsWorthAnotherTry(subject: ToolSubject, text: String) throws {
        // The tools print the advice to sign in whatever has gone wrong.
        var run = self.refusal(subject, text)
        if subject == .azurePowerShell { run = ToolRun("", errors: text + "\n", status: 1) }
        let error = try self.error(subject, run)
        #expect(error.code == .authenticationFailed && error.isRetryable, "\(error)")
    }

    @Test(arguments: [
        "certificate verify failed: self-signed certificate", "429 things", "Please log in by az login", "az login",
        "az account set",
    ])
    func otherFailuresAreFinal(text: String) throws {
        let error = try self.error(.azureCLI, ToolRun("", errors: "ERROR: \(text)\n", status: 1))
        #expect(error.code == .authenticationFailed && !error.isRetryable && error.message.contains(text), "\(error)")
    }

    @Test(arguments: ToolSubject.allCases)
    func aToolThatGivesNoReasonIsNamedWithItsStatus(subject: ToolSubject) throws {
        let error = try self.error(subject, ToolRun("", status: 3))
        #expect(error.code == .authenticationFailed && error.message.contains("\(subject.tool.title) failed (exit status 3)"))
        #expect(try self.error(subject, ToolRun("", status: -9)).message.contains("signal 9"))
        #expect(try self.error(subject, ToolRun("", status: .min)).message.contains("signal 2147483648"))
    }

    @Test(arguments: ToolSubject.allCases)
    func anInterpreterThatIsMissingIsAToolThatIs(subject: ToolSubject) throws {
        let error = try self.error(subject, ToolRun("", errors: "/usr/bin/env: python3: not there\n", status: 127))
        #expect(error.code == .credentialUnavailable && ["G34", "G36", "G38"].contains(error.remedy?.guide), "\(error)")
    }

    /// What az prints when Python itself fails: the last line says why.
    @Test(arguments: [
        (
            "Traceback (most recent call last):\n  File \"x\", line 1\nModuleNotFoundError: No module named 'azure'\n",
            "No module named"
        ),
        (
            """
            ERROR: The command failed with an unexpected error. Here is the traceback:
            ERROR: Unable to get authority configuration
            Traceback (most recent call last):
              File "x", line 1
            ValueError: AADSTS90002: Tenant 'x' not found.
            """, "Unable to get authority configuration AADSTS90002: Tenant 'x' not found."
        ),
    ])
    func aTracebackOfAzSaysWhy(text: String, shown: String) throws {
        let error = try self.error(.azureCLI, ToolRun("", errors: text, status: 1))
        #expect(
            error.code == .authenticationFailed && error.message.contains(shown) && !error.message.contains("line 1"), "\(error)")
    }

    /// A wrapper that loses the exit status.
    @Test func signedOutWithTheStatusOfASuccess() throws {
        let error = try self.error(
            .azureCLI, ToolRun("", errors: "ERROR: Please run 'az login' to setup account.\n", status: 0))
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G35")
    }

    @Test func aNameInPlaceOfTheTokenIsNone() throws {
        let error = try self.error(
            .azurePowerShell, ToolRun("azsdk%System.Security.SecureString%4000000000", errors: "", status: 0))
        #expect(error.code == .authenticationFailed)
    }

    @Test(arguments: ToolSubject.allCases)
    func failuresOfTheProcess(subject: ToolSubject) throws {
        let tool = subject.tool
        let timeOut = tool.error(.timedOut, executable: "/x/y", timeout: .milliseconds(1500))
        #expect(timeOut.code == .credentialUnavailable && timeOut.isRetryable && timeOut.message.contains("within 1.5 s"))
        #expect(timeOut.remedy?.text.contains("processTimeout") == true && timeOut.remedy?.commands.isEmpty == true)
        let crowded = tool.error(.outOfDescriptors, executable: "/x/y", timeout: .seconds(1))
        #expect(crowded.code == .authenticationFailed && crowded.isRetryable && crowded.message.contains("too many open files"))
        #expect(tool.expired().remedy?.commands.count == 1)
        let notStarted = tool.error(.notStarted(reason: "no\u{1B}[31m memory\n"), executable: "/x/y", timeout: .seconds(1))
        #expect(
            notStarted.code == .credentialUnavailable && notStarted.message.contains("/x/y")
                && notStarted.message.hasSuffix("no memory"))
        let flood = tool.error(.tooMuchOutput, executable: "/x/y", timeout: .seconds(1))
        #expect(flood.code == .authenticationFailed && flood.message.contains("/x/y"))
        #expect(tool.expired().code == .authenticationFailed && tool.expired().message.contains("expired"))
    }

    /// The three forms in which azd has told its errors.
    @Test(arguments: [
        #"{"error":"fetching token: odd","message":"Failed.","suggestion":"Run it."}"#,
        #"{"type":"consoleMessage","data":{"message":"\n"}}"# + "\n" + #"{"error":"fetching token: odd\n"}"#,
        #"{"type":"consoleMessage","timestamp":"x","data":{"message":"\nERROR: fetching token: odd\n"}}"#,
    ])
    func azdTellsItsErrorsInJSON(text: String) throws {
        for run in [
            ToolRun(text, status: 1), ToolRun("", errors: text, status: 1), ToolRun(text, errors: "noise", status: 1),
            ToolRun(text),
        ] {
            let error = try self.error(.azureDeveloperCLI, run)
            #expect(error.code == .authenticationFailed && error.message.hasSuffix("): fetching token: odd"), "\(error)")
        }
    }

    @Test func azdThatIsTooOldForClaims() throws {
        let error = try self.error(.azureDeveloperCLI, ToolRun("", errors: "ERROR: unknown flag: --claims\n", status: 1))
        #expect(error.code == .authenticationFailed && error.message.contains("1.18.1"))
    }

    @Test func azdThatAsksTheAzureCLI() throws {
        let text = #"{"error":"fetching token: AzureCLICredential: ERROR: Please run 'az login' to setup account.\n"}"#
        let error = try self.error(.azureDeveloperCLI, ToolRun(text, status: 1))
        #expect(
            error.code == .credentialUnavailable && error.remedy?.guide == "G35"
                && error.remedy?.commands.first == ["az", "login"])
    }

    @Test func aPolicyAgainstScriptsIsTold() throws {
        for run in [
            ToolRun("", errors: "AuthorizationManager check failed.", status: 1),
            ToolRun(
                "NO_AZ_ACCOUNT_MODULE\r\n", errors: "x.psm1 cannot be loaded because running scripts is disabled on this system."),
        ] {
            let error = try self.error(.azurePowerShell, run)
            #expect(error.code == .credentialUnavailable && error.message.contains("execution policy"))
        }
    }
}
