// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

/// What tools' answers to the question who is signed in mean.
@Suite struct DoctorToolStatusTests {
    private static func run(_ status: Int32, _ output: String, errors: String = "") -> ToolRun {
        ToolRun(status: status, output: Array(output.utf8), errors: Array(errors.utf8))
    }

    /// What a reading amounts to, in a word.
    private static func word(_ reading: ToolStatus.Reading) -> String {
        switch reading {
        case .signedIn(let account, let tenantID, let version):
            (["in"] + [account, tenantID, version].map { $0 ?? "-" }).joined(separator: " ")
        case .unavailable(let error): error.remedy?.guide ?? "none"
        case .unanswered: "unanswered"
        case .unknown: "unknown"
        }
    }

    private static func status(_ credential: String) throws -> ToolStatus {
        try #require(ToolStatus.all.first { $0.tool.credential == credential })
    }

    @Test(
        arguments: [
            (run(0, #"{"user":{"name":"ada@contoso.example"},"tenantId":"t","name":"Sample"}"#), "in ada@contoso.example t -"),
            (run(0, "WARNING: something\n{\"tenantId\":\"t\"}"), "in - t -"),
            (run(0, ""), "unknown"), (run(0, "Welcome!"), "unknown"),
            (run(0, #"{"user":7,"tenantId":["t"]}"#), "in - - -"),
            (run(1, "", errors: "ERROR: Please run 'az login' to setup account."), "G35"),
            (run(127, "", errors: "python: not found"), "G34"),
            (run(2, "", errors: "ERROR: unrecognized arguments: --output"), "unknown"),
        ] as [(ToolRun, String)])
    func az(run: ToolRun, expected: String) throws {
        #expect(Self.word(try Self.status("AzureCLICredential").reading(run)) == expected)
    }

    @Test(
        arguments: [
            (run(0, #"{"status":"authenticated","type":"user","email":"ada@contoso.example"}"#), "in ada@contoso.example - -"),
            (run(0, #"{"status":"unauthenticated"}"#), "G37"), (run(0, ""), "unknown"),
            (run(0, "Not logged in, run `azd auth login` to login to Azure."), "G37"),
            (run(1, "", errors: "ERROR: not logged in, run `azd auth login` to login"), "G37"),
            (run(1, "", errors: "ERROR: unknown command \"status\" for \"azd auth\""), "unknown"),
        ] as [(ToolRun, String)])
    func azd(run: ToolRun, expected: String) throws {
        #expect(Self.word(try Self.status("AzureDeveloperCLICredential").reading(run)) == expected)
    }

    @Test(
        arguments: [
            (
                run(0, "azctx%t%7.5.0, Az.Accounts 5.3.0%ada@contoso.example\r\n"),
                "in ada@contoso.example t 7.5.0, Az.Accounts 5.3.0"
            ),
            (run(0, "NO_AZ_ACCOUNT_MODULE\n"), "G39"), (run(1, "", errors: "Run Connect-AzAccount to login."), "G40"),
            (run(0, "nothing that it knows"), "unknown"),
        ] as [(ToolRun, String)])
    func pwsh(run: ToolRun, expected: String) throws {
        #expect(Self.word(try Self.status("AzurePowerShellCredential").reading(run)) == expected)
    }

    @Test(
        arguments: [
            (#"{"azure-cli": "2.91.0", "extensions": {}}"#, "2.91.0"),
            (#"{"azd":{"version":"1.23.7","commit":"abc"}}"#, "1.23.7"),
            ("1.2.x", nil), ("no version", nil), ("", nil), (String(repeating: "1.", count: 40) + "1", nil),
        ] as [(String, String?)])
    func versions(output: String, expected: String?) {
        #expect(ToolStatus.version(Self.run(0, output)) == expected)
        #expect(ToolStatus.version(Self.run(1, output)) == nil)
    }

    /// The script is ASCII, asks for no token and names the module that rows G38 to G40 are about.
    @Test func theScriptAsksForNoToken() throws {
        let arguments = try Self.status("AzurePowerShellCredential").arguments
        #expect(arguments.count == 6 && arguments[4] == "-EncodedCommand")
        #expect(try !Self.status("AzureCLICredential").arguments.contains("get-access-token"))
    }
}
