// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a developer tool is asked whether somebody is signed in, without a token, and what its answers mean. Pure.
struct ToolStatus: Sendable {
    /// What an answer means.
    enum Reading: Sendable {
        /// Somebody is signed in: as far as the tool says, who.
        case signedIn(account: String?, tenantID: String?, version: String?)
        case unavailable(AuthenticationError)
        /// The time was up.
        case unanswered
        /// The tool can't tell.
        case unknown(String)
    }

    let tool: any DeveloperTool
    let arguments: [String]
    /// How it is asked for its version; `nil`: that comes with the rest.
    let versionArguments: [String]?

    static let all = [
        ToolStatus(
            tool: AzureCLITool(), arguments: ["account", "show", "--output", "json"],
            versionArguments: ["version", "--output", "json"]),
        ToolStatus(
            tool: AzureDeveloperCLITool(), arguments: ["auth", "status", "--output", "json", "--no-prompt"],
            versionArguments: ["version", "--output", "json"]),
        ToolStatus(
            tool: AzurePowerShellTool(),
            arguments: [
                "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand",
                PowerShellScript.encoded(Self.script),
            ],
            versionArguments: nil),
    ]

    private static let marker = "azctx%"
    /// Shows the module's context, which is whose account there is; asks nobody for a token.
    private static let script = """
        $ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'
        $m=@(Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue)
        if(!$m){'\(PowerShellScript.missingModule)';exit 0}
        $c=Get-AzContext
        if(!$c -or !$c.Account){[Console]::Error.WriteLine('Run Connect-AzAccount to login.');exit 1}
        [Console]::Out.WriteLine('\(Self.marker)'+$c.Tenant.Id+'%'+$PSVersionTable.PSVersion+', Az.Accounts '+$m[0].Version+'%'+$c.Account.Id)
        """

    /// What `az account show` and `azd auth status` print. Members of another type count as missing.
    private struct Answer: Decodable {
        struct User: Decodable {
            let name: String?
        }

        let user: User?
        let tenantID: String?
        let status: String?
        let email: String?

        private enum CodingKeys: String, CodingKey {
            case user, status, email
            case tenantID = "tenantId"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.user = try? container.decodeIfPresent(User.self, forKey: .user)
            self.tenantID = try? container.decodeIfPresent(String.self, forKey: .tenantID)
            self.status = try? container.decodeIfPresent(String.self, forKey: .status)
            self.email = try? container.decodeIfPresent(String.self, forKey: .email)
        }
    }

    /// What a run means. Of what it has printed, nothing but names and ids is passed on.
    func reading(_ run: ToolRun) -> Reading {
        let output = ToolOutput(run.output)
        if run.status == 0, let reading = self.success(output) { return reading }
        do {
            _ = try self.tool.token(run, question: Self.question)
            return .signedIn(account: nil, tenantID: nil, version: nil)
        } catch let error as AuthenticationError where error.isUnavailable {
            return .unavailable(error)
        } catch {
            return .unknown("it can't tell whether somebody is signed in (exit status \(run.status))")
        }
    }

    private func success(_ output: ToolOutput) -> Reading? {
        if self.versionArguments == nil {
            guard let start = output.text.firstRange(of: Self.marker)?.upperBound else { return nil }
            let line = output.text[start...].prefix { !$0.isNewline }
            let parts = line.split(separator: "%", maxSplits: 2, omittingEmptySubsequences: false).map { Self.shown(String($0)) }
            return .signedIn(
                account: parts.count > 2 ? parts[2] : nil, tenantID: parts.first ?? nil, version: parts.count > 1 ? parts[1] : nil
            )
        }
        let answer = output.objects(Answer.self).first
        let isSignedOut = answer?.status?.lowercased() == "unauthenticated" || output.text.lowercased().contains("not logged in")
        // What azd says is one sentence in all its versions.
        guard !isSignedOut else {
            let said = Array("not logged in, run `azd auth login` to login".utf8)
            return self.reading(ToolRun(status: 1, output: [], errors: said))
        }
        guard let answer else { return .unknown("what it says of who is signed in can't be understood") }
        return .signedIn(
            account: Self.shown(answer.user?.name ?? answer.email), tenantID: Self.shown(answer.tenantID), version: nil)
    }

    /// The version in what a tool prints of itself; `nil` if there is none.
    static func version(_ run: ToolRun) -> String? {
        guard run.status == 0 else { return nil }
        let text = ToolOutput(Array(run.output.prefix(16_384))).text
        for word in text.split(whereSeparator: { $0.isWhitespace || "\",:{}".contains($0) }) {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            let isVersion =
                parts.count >= 3 && parts.prefix(3).allSatisfy { !$0.isEmpty && $0.count <= 6 && $0.first?.isNumber == true }
            if isVersion, word.utf8.count <= 40 { return HostileText.sanitized(word, limit: 40) }
        }
        return nil
    }

    private static let question = ToolQuestion(
        scopes: ["https://management.core.windows.net/.default"], tenantID: nil, subscription: nil, claims: nil)

    private static func shown(_ text: String?) -> String? {
        // Shortened when nothing is left in it that must not be shown.
        let clean = HostileText.sanitized(text ?? "")
        return clean.isEmpty ? nil : clean
    }
}
