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

/// Codes, chains, JSON, and texts that mean harm.
@Suite struct ExplainTextTests {
    private func rows(_ text: String) -> [String] { TroubleshootingGuide.explain(text).map(\.entry.id) }

    // MARK: Codes

    @Test(arguments: ["AADSTS7000215", "aadsts7000215", "7000215", " 7000215 "])
    func aCodeIsExplained(text: String) throws {
        let first = try #require(TroubleshootingGuide.explain(text).first)
        #expect(first.entry.id == "G09" && first.code?.number == 7_000_215 && first.certainty == .named)
        #expect(first.sign == "AADSTS7000215" && first.remedy.link == "https://login.microsoftonline.com/error?code=7000215")
    }

    @Test(
        arguments: [
            ("G09 G23", ["G09", "G23"]), ("7000215 50126", ["G09", "G17"]), ("g23, AADSTS7000215", ["G23", "G09"]),
            ("G09 G09", ["G09"]), ("G23,", ["G23"]),
        ])
    func severalAreExplainedInTheirOrder(text: String, rows: [String]) {
        let found = TroubleshootingGuide.explain(text)
        #expect(found.map(\.entry.id) == rows && found.allSatisfy { $0.certainty == .named })
    }

    @Test func aCodeWithoutARowSaysWhatToDo() throws {
        let first = try #require(TroubleshootingGuide.explain("AADSTS90002").first)
        #expect(first.entry.id == "G04" && first.remedy.text.contains("AZURE_AUTHORITY_HOST"))
        #expect(first.remedy.text == first.code?.advice)
        let person = try #require(TroubleshootingGuide.explain("50076").first)
        #expect(
            person.entry.id == "G04" && person.remedy.text.contains("multifactor authentication") && person.code?.actor == .person
        )
    }

    @Test(arguments: ["AADSTS999999", "99999", "AADSTS12345678"])
    func aCodeThatNobodyKnows(text: String) throws {
        let found = TroubleshootingGuide.explain(text)
        let first = try #require(found.first)
        #expect(found.count == 1 && first.entry.id == "G51" && first.certainty == .unknown && first.code == nil)
        #expect(first.remedy.link?.hasPrefix("https://login.microsoftonline.com/error?code=") == true)
    }

    @Test func theCatalogueHoldsTogether() {
        let numbers = CodeFact.all.map(\.number)
        #expect(Set(numbers).count == numbers.count && TroubleshootingGuide.codes.map(\.number) == numbers.sorted())
        for code in TroubleshootingGuide.codes {
            #expect(!code.advice.isEmpty && code.meaning.hasSuffix(".") && TroubleshootingGuide.code(code.number) == code)
            #expect(code.advice != GuideRow.g04.text, "AADSTS\(code.number) has no advice")
            #expect(code.rows.allSatisfy { TroubleshootingGuide.entry($0) != nil })
        }
        #expect(TroubleshootingGuide.code(1) == nil)
        // The codes of the guide's rows.
        for number in [
            50_011, 50_027, 50_126, 700_016, 700_021, 700_023, 700_027, 7_000_215, 7_000_222, 900_023, 700_211, 700_212,
        ] {
            #expect(TroubleshootingGuide.code(number)?.rows.isEmpty == false)
        }
    }

    @Test func errorsCarryTheCatalogueSAdvice() throws {
        var error = AuthenticationError(.authenticationFailed, credential: "ClientSecretCredential", message: "")
        error.serviceError = .init(error: "invalid_request", message: "", codes: [90_002])
        let remedy = try #require(Guide.remedy(for: error, facts: GuideFacts(proof: .secret)))
        #expect(remedy.guide == "G04" && remedy.text == TroubleshootingGuide.code(90_002)?.advice)
        #expect(remedy.link?.hasSuffix("90002") == true)
    }

    // MARK: Chains

    @Test func aChainOfPythonHasItsLikeliestCauseFirst() {
        let text = """
            azure.core.exceptions.ClientAuthenticationError: DefaultAzureCredential failed to retrieve a token from the included credentials.
            Attempted credentials:
            \tEnvironmentCredential: EnvironmentCredential authentication unavailable. Environment variables are not fully configured.
            Visit https://aka.ms/azsdk/python/identity/environmentcredential/troubleshoot to troubleshoot this issue.
            \tManagedIdentityCredential: ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint.
            \tAzureCliCredential: Please run 'az login' to set up an account
            \tAzurePowerShellCredential: PowerShell is not installed
            \tAzureDeveloperCliCredential: Azure Developer CLI could not be found. Please visit https://aka.ms/azure-dev
            """
        #expect(self.rows(text) == ["G35", "G06", "G38", "G36", "G08", "G25"])
        let credentials = TroubleshootingGuide.explain(text).map(\.credential)
        #expect(credentials.first == "AzureCLICredential" && credentials.last == "ManagedIdentityCredential")
    }

    @Test func aChainOfDotNetWithNothingSetUpIsG06() {
        let text = """
            Azure.Identity.CredentialUnavailableException: DefaultAzureCredential failed to retrieve a token from the included credentials.
            - EnvironmentCredential authentication unavailable. Environment variables are not fully configured.
            - WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured.
            - ManagedIdentityCredential authentication unavailable. No response received from the managed identity endpoint.
            - Azure CLI not installed
            - PowerShell is not installed.
            """
        #expect(self.rows(text) == ["G06", "G34", "G38", "G08", "G41", "G25"])
    }

    @Test func aRefusalInAChainOfGoComesFirst() {
        let text = """
            DefaultAzureCredential: failed to acquire a token.
            Attempted credentials:
            \tEnvironmentCredential: ClientSecretCredential authentication failed
            POST https://login.microsoftonline.com/t/oauth2/v2.0/token
            RESPONSE 401 Unauthorized
            {"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app 'x' are expired.","error_codes":[7000222]}
            \tAzureCLICredential: Azure CLI not found on path
            """
        #expect(self.rows(text) == ["G10", "G06", "G34"])
    }

    @Test func theErrorSOwnCauseComesFirst() {
        let text = """
            DefaultAzureCredential failed to retrieve a token from the included credentials.
            Likeliest cause: AzureDeveloperCLICredential: Please run 'azd auth login' to set up account
            AzureCLICredential: unavailable – Please run 'az login' to set up account
            AzureDeveloperCLICredential: unavailable – Please run 'azd auth login' to set up account
            """
        #expect(self.rows(text) == ["G37", "G35", "G06"])
        let nothing = """
            DefaultAzureCredential failed to retrieve a token from the included credentials.
            Likeliest cause: No credential is set up here. On a developer's machine, install the Azure CLI and run az login.
            EnvironmentCredential: unavailable – Environment variables aren't fully configured. Missing: AZURE_TENANT_ID.
            """
        #expect(self.rows(nothing) == ["G06", "G08"])
    }

    @Test func aRefusalByAServiceOfTheDefaultChainsIdentity() {
        let log =
            "DefaultAzureCredential acquired a token from AzureCLICredential\nHttpResponseError: (Forbidden) Caller is not authorized"
        #expect(self.rows(log) == ["G07", "G03"])
        #expect(self.rows("new DefaultAzureCredential()\nHttpResponseError: (Forbidden) no") == ["G03", "G07"])
        #expect(self.rows("HttpResponseError: (Forbidden) no") == ["G03"])
    }

    // MARK: Errors of this library

    private func failure() -> AuthenticationError {
        var error = AuthenticationError(
            .credentialUnavailable, credential: "DefaultAzureCredential",
            message: "DefaultAzureCredential failed to retrieve a token from the included credentials.")
        error.remedy = Guide.remedy(.g40)
        error.attempts = [
            .init(credential: "EnvironmentCredential", outcome: .unavailable, message: "no", remedy: Guide.remedy(.g08)),
            .init(credential: "AzureCLICredential", outcome: .unavailable, message: "no", remedy: Guide.remedy(.g35)),
            .init(credential: "AzurePowerShellCredential", outcome: .unavailable, message: "no", remedy: Guide.remedy(.g40)),
        ]
        return error
    }

    @Test func jsonAndTextOfAnErrorLeadToItsOwnRow() throws {
        let error = self.failure()
        for formatting in [[], [.sortedKeys], [.sortedKeys, .prettyPrinted]] as [JSONEncoder.OutputFormatting] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = formatting
            let json = String(decoding: try encoder.encode(["error": error]), as: UTF8.self)
            let found = TroubleshootingGuide.explain(json)
            #expect(Set(found.map(\.entry.id)) == ["G40", "G35", "G06", "G08"])
            if formatting.contains(.sortedKeys) { #expect(found.first?.entry.id == "G40", "\(json)") }
        }
        #expect(self.rows(error.description).first == "G40" && self.rows(error.summary).first == "G40")
        #expect(self.rows(error.debugDescription) == ["G40", "G35", "G06", "G08"])
        let explained = TroubleshootingGuide.explain(error)
        #expect(explained.map(\.entry.id) == ["G40", "G35", "G06", "G08"] && explained.first?.remedy == error.remedy)
    }

    @Test func anErrorWithoutARowIsG51() {
        let error = AuthenticationError(.timedOut, credential: "Mine", message: "Mine: too slow")
        #expect(TroubleshootingGuide.explain(error).map(\.entry.id) == ["G51"])
    }

    // MARK: Harm

    @Test func nothingOfTheTextComesBack() throws {
        let token = "eyJhbGciOiJSUzI1NiJ9.MARKEDclaims.MARKEDsignature"
        let texts = [
            "Authorization: Bearer \(token)", #"{"accessToken":"\#(token)","error_codes":[7000215]}"#,
            "client_secret=MARKEDsecret AADSTS7000215: MARKED", "AADSTS999999 MARKED", "G23 MARKED", "MARKED",
            "VisualStudioCodeCredential requires MARKED", "Remedy (GMA): MARKED",
            "MARKEDCredential: Please run 'az login' MARKED",
        ]
        for text in texts {
            let found = TroubleshootingGuide.explain(text)
            let json = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
            #expect(!found.isEmpty && !json.contains("MARKED") && !"\(found)".contains("MARKED"), "\(text)")
        }
    }

    @Test func controlCharactersAndDirectionMarksHideNothing() {
        #expect(self.rows("\u{1B}[31mPlease run \u{1B}[1m'az\u{202E} login'\u{1B}[0m") == ["G35"])
        #expect(self.rows("AAD\u{200B}STS7000215") == ["G09"])
        #expect(self.rows("Azure\n  CLI\r\n\tnot   installed") == ["G34"])
        #expect(self.rows(#"{"m":"Please run \u0027az login\u0027 to set up\naccount"}"#) == ["G35"])
    }

    @Test(arguments: ["", "   ", "\n\t", "\u{1B}[31m", "\u{0}\u{1}"])
    func anEmptyTextHasNoExplanation(text: String) {
        #expect(TroubleshootingGuide.explain(text).isEmpty)
    }

    /// In one test: as its arguments, the texts would be printed.
    @Test func aHugeTextIsBounded() {
        let texts = [
            String(repeating: "x", count: 2_000_000), String(repeating: "\\", count: 200_000),
            String(repeating: "[{\"", count: 100_000),
            String(repeating: "\u{1B}[", count: 100_000), String(repeating: "AADSTS", count: 50_000),
            String(repeating: "remedy (g", count: 50_000), String(repeating: "é\u{301}", count: 100_000),
            "AADSTS" + String(repeating: "9", count: 1000), "'error_codes':[" + String(repeating: "1,", count: 1000),
        ]
        for (number, text) in texts.enumerated() {
            let found = TroubleshootingGuide.explain(text)
            #expect(found.count <= 1 && found.allSatisfy { $0.entry.id == "G51" }, "text \(number)")
        }
    }

    @Test func theEndOfALongTextIsRead() {
        let noise = String(repeating: "a line of a log that says nothing\n", count: 10_000)
        #expect(self.rows(noise + "ERROR: Please run 'az login' to setup account.") == ["G35"])
        #expect(self.rows("ERROR: Please run 'az login' to setup account." + noise) == ["G35"])
    }

    /// The last character counts: without it, this would be the code of another row.
    @Test func aLongTextIsReadToItsEnd() {
        let found = TroubleshootingGuide.explain(String(repeating: "x-", count: 100_000) + "AADSTS7000215")
        #expect(found.map(\.entry.id) == ["G09"] && found.first?.code?.number == 7_000_215)
    }

    @Test(arguments: [6, 11, 12]) func aCodeThatIsCutInTwoIsNone(kept: Int) {
        let before = String(repeating: "-", count: TroubleshootingGuide.explainedLength / 2 - kept)
        let behind = String(repeating: "-", count: 100_000)
        for text in [before + "AADSTS7000215" + behind, behind + "AADSTS7000215" + String(before.dropLast())] {
            let signs = TroubleshootingGuide.explain(text).map(\.sign)
            #expect(signs == [""])
        }
    }

    @Test func codesThatNobodyKnowsAreFewFindings() {
        let codes = (0..<4000).map { "AADSTS\(10_000_000 + $0)" }.joined(separator: " ")
        let count = GuideSearch.count(in: codes + " AADSTS7000215")
        #expect(count == 21)
        let first = TroubleshootingGuide.explain(codes + " AADSTS7000215").first
        #expect(first?.entry.id == "G09")
    }

    /// Texts and chains have a table each, since a text seldom says who has tried; what both know has the same order.
    @Test func theOrderIsThatOfChains() {
        let rows: [GuideRow] = [.g33, .g39, .g32, .g40, .g37, .g35, .g23, .g09]
        let weights = rows.map { row -> Int in
            let attempt = AuthenticationError.Attempt(
                credential: "Mine", outcome: row == .g09 ? .failed : .unavailable, code: .credentialUnavailable, message: "",
                remedy: Guide.remedy(row))
            return LikeliestCause.weight(of: attempt, isOnAzure: true)
        }
        #expect(weights == weights.sorted() && Set(weights).count == rows.count)
        #expect(self.rows(rows.map { "x (\($0.rawValue): y)" }.joined(separator: " ")) == rows.reversed().map(\.rawValue))
    }

    @Test func manyCodesAreFewExplanations() {
        let text = TroubleshootingGuide.codes.map(\.name).joined(separator: " ")
        #expect(TroubleshootingGuide.explain(text).count == 20)
    }

    @Test func phrasesAreWrittenAsTextsAreMade() {
        for phrase in GuidePhrase.all {
            #expect(GuideNeedles.normalized(phrase.words) == Array(phrase.words.utf8), "\(phrase.words)")
            #expect(TroubleshootingGuide.entry(phrase.row) != nil, "\(phrase.row)")
        }
    }
}
