// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Rows G34 to G40 and G52 of the guide: the tools' words, and what is made of them. The same against running programs is elsewhere.
@Suite struct ToolRowTests {
    private func error(_ subject: ToolSubject, _ run: ToolRun, _ question: ToolQuestion = .vault()) throws -> AuthenticationError
    {
        try #require(toolError { try subject.tool.token(run, question: question) })
    }

    private func expect(_ error: AuthenticationError, _ guide: String, _ message: String, commands: [[String]]? = nil) {
        #expect(error.code == .credentialUnavailable && !error.isRetryable)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(
            error.remedy?.guide == guide && error.remedy?.text.isEmpty == false
                && error.remedy?.link?.hasPrefix("https://") == true)
        if let commands { #expect(error.remedy?.commands == commands) }
    }

    @Test func G06_hasAnAnswer() {
        #expect(Guide.remedy(.g06).commands == [["az", "login"]] && Guide.remedy(.g06).text.contains("credentials"))
    }

    @Test func G07_hasAnAnswer() {
        #expect(Guide.remedy(.g07).commands == [["az", "logout"]] && Guide.remedy(.g07).text.contains("log"))
    }

    @Test func G34_azIsNotOnThePath() {
        let error = AzureCLITool().absence(.absent)
        self.expect(error, "G34", "Azure CLI not installed")
        #expect(error.remedy?.variables == ["PATH"] && error.credential == "AzureCLICredential")
        let other = AzureCLITool().absence(.notExecutable("/opt/az\u{1B}[31m"))
        self.expect(other, "G34", "Azure CLI not installed. There is /opt/az, which this process may not run.")
    }

    @Test(arguments: [
        "Please run 'az login' to setup account.", "No subscription found. Run 'az account set' to select a subscription.",
        "User 'me@contoso.com' does not exist in MSAL token cache. Run `az login`.",
        "Can't find token from MSAL cache.\nTo re-authenticate, please run:\naz login",
        "Could not retrieve credential from local cache for service principal x. Run `az login` for this service principal.",
    ])
    func G35_nobodyHasSignedInToAz(text: String) throws {
        let run = ToolRun("", errors: "\u{1B}[31mERROR: \(text)\u{1B}[0m\r\n", status: 1)
        self.expect(
            try self.error(.azureCLI, run), "G35", "Please run 'az login' to set up account",
            commands: [
                ["az", "login"], ["az", "account", "show"],
                ["az", "account", "get-access-token", "--output", "json", "--resource", "https://vault.azure.net"],
            ])
        let inTenant = try self.error(.azureCLI, run, .vault(tenantID: "contoso.com"))
        #expect(inTenant.remedy?.commands.first?.contains("contoso.com") == true)
    }

    @Test func G35_theSignInHasExpired() throws {
        let run = ToolRun("", errors: "ERROR: AADSTS700082: The refresh token has expired due to inactivity.", status: 1)
        let error = try self.error(.azureCLI, run)
        self.expect(error, "G35", "Please run 'az login' to set up account")
        #expect(error.serviceError?.codes == [700_082] && error.message.contains("due to inactivity"))
        #expect(error.remedy?.commands.first == ["az", "login", "--scope", "https://vault.azure.net/.default"])
    }

    @Test func G36_azdIsNotOnThePath() {
        self.expect(AzureDeveloperCLITool().absence(.absent), "G36", "Azure Developer CLI could not be found")
        self.expect(AzureDeveloperCLITool().absence(.notExecutable("/opt/azd")), "G36", "/opt/azd")
    }

    @Test(arguments: [
        #"{"error":"not logged in, run `azd auth login` to login","message":"Authentication with Azure failed."}"#,
        #"{"type":"consoleMessage","data":{"message":"\nERROR: not logged in, run `azd auth login` to login\n"}}"#,
        #"{"type":"consoleMessage","data":{"message":"\nERROR: fetching token: reauthentication required, run `azd auth login --scope x` to log in\n"}}"#,
        "ERROR: fetching token: login expired, run `azd auth login` to acquire a new token.",
        #"{"error":"fetching token: AADSTS70043: The refresh token has expired."}"#,
    ])
    func G37_nobodyHasSignedInToAzd(text: String) throws {
        for run in [
            ToolRun(text.hasPrefix("{") ? text : "", errors: text.hasPrefix("{") ? "" : text, status: 1),
            ToolRun("", errors: text, status: 1),
        ] {
            self.expect(
                try self.error(.azureDeveloperCLI, run, .vault(tenantID: "contoso.com")), "G37",
                "Please run 'azd auth login' to set up account",
                commands: [
                    ["azd", "auth", "login", "--tenant-id", "contoso.com"]
                        + (text.contains("AADSTS") ? ["--scope", "https://vault.azure.net/.default"] : []),
                    ["azd", "auth", "status"],
                    [
                        "azd", "auth", "token", "--output", "json", "--scope", "https://vault.azure.net/.default", "--tenant-id",
                        "contoso.com",
                    ],
                ])
        }
    }

    @Test func G38_thereIsNoPowerShell() {
        self.expect(AzurePowerShellTool().absence(.absent), "G38", "PowerShell isn't installed.")
        self.expect(AzurePowerShellTool().absence(.notExecutable("/opt/pwsh")), "G38", "/opt/pwsh")
    }

    @Test(arguments: [Int32(0), 1])
    func G39_theModuleIsMissing(status: Int32) throws {
        let run = ToolRun(
            "NO_AZ_ACCOUNT_MODULE\r\n", errors: "The specified module 'Az.Accounts' was not loaded.", status: status)
        self.expect(try self.error(.azurePowerShell, run), "G39", "Az.Account module >= 2.2.0 isn't installed.")
    }

    @Test(arguments: [
        "Run Connect-AzAccount to login.", "Get-AzAccessToken: \u{1B}[31;1mRun Connect-AzAccount to login.\u{1B}[0m\r\n",
    ])
    func G40_nobodyHasSignedInToPowerShell(text: String) throws {
        self.expect(
            try self.error(.azurePowerShell, ToolRun("", errors: text, status: 1)), "G40",
            "Please run 'Connect-AzAccount' to set up account.",
            commands: [
                ["Connect-AzAccount"], ["Get-AzContext"], ["Get-AzAccessToken", "-ResourceUrl", "https://vault.azure.net"],
            ])
    }

    @Test(arguments: ["Prod (EU)", "R&D", "a;b", "a\"b", "", " ", "-x", "--tenant", "$(x)", "Größe", "A – B", "a\nb"])
    func G52_aSubscriptionsNameThatIsNotSafe(name: String) throws {
        for error in [
            toolError { try AzureCLITool().validate(tenantID: nil, subscription: name) },
            toolError { try AzureCLITool().arguments(.vault(subscription: name)) },
        ] {
            let error = try #require(error)
            #expect(error.code == .invalidConfiguration)
            #expect(
                error.message.contains("contains invalid characters. If this is the name of a subscription, use its ID instead"))
            #expect(error.remedy?.guide == "G52")
            let command = try #require(error.remedy?.commands.first)
            let isShown = ["Prod (EU)", "Größe", "A – B"].contains(name)
            #expect(command == ["az", "account", "show", "--name", isShown ? name : "<name>", "--query", "id"])
        }
    }

    @Test func commandsHoldNothingThatIsNotValid() {
        var facts = GuideFacts()
        (facts.tenantID, facts.subscription, facts.scope, facts.claims) = ("--x", "$(y)", "a b", "not base64!")
        for row in GuideRow.allCases {
            let words = Guide.remedy(row, facts: facts).commands.joined()
            for hostile in ["--x", "$(y)", "a b", "not base64!"] { #expect(!words.contains(hostile), "\(row)") }
        }
    }
}
