// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The Azure Developer CLI, `azd`. Pure.
struct AzureDeveloperCLITool: DeveloperTool {
    let credential = "AzureDeveloperCLICredential"
    let title = "Azure Developer CLI"
    let variables = ["NO_COLOR": "true"]
    #if os(Windows)
    let executables = ["azd.exe"]
    #else
    let executables = ["azd"]
    #endif

    private var errors: ToolErrors {
        ToolErrors(
            credential: self.credential,
            title: self.title,
            absent: (.g36, "Azure Developer CLI could not be found."),
            signIn: (.g37, "Please run 'azd auth login' to set up account."),
            executables: self.executables
        )
    }

    /// Who has signed in is in `auth.json`, which `azd auth login` and `azd auth logout` write (before version 1.0 in `config.json`). Which
    /// cloud is used, and whether the Azure CLI is asked in its place (`auth.useAzCliAuth`), is in `config.json`; because of the latter
    /// the Azure CLI's files belong here too. Tokens are cached in other files.
    func stateFiles(_ environment: EnvironmentVariables) -> [String] {
        ToolFiles.paths(
            ["auth.json", "config.json"], in: ToolFiles.directory("AZD_CONFIG_DIR", below: ".azd", environment))
            + AzureCLITool.files(environment)
    }

    func validate(tenantID: String?, subscription: String?) throws {
        try self.errors.checkTenant(tenantID)
        if subscription != nil { throw self.errors.invalid("The Azure Developer CLI gets no tokens by subscription.") }
    }

    func arguments(_ question: ToolQuestion) throws -> [String] {
        try self.errors.checkScopes(question.scopes)
        try self.validate(tenantID: question.tenantID, subscription: question.subscription)
        var arguments = ["auth", "token", "--output", "json", "--no-prompt"]
        for scope in question.scopes { arguments += ["--scope", scope] }
        if let tenantID = question.tenantID { arguments += ["--tenant-id", tenantID] }
        if let claims = question.claims, !claims.isEmpty { arguments += ["--claims", ToolErrors.base64(claims)] }
        return arguments
    }

    func token(_ run: ToolRun, question: ToolQuestion) throws -> ToolToken {
        let output = ToolOutput(run.output)
        let answers = output.objects(Answer.self)
        let answer = answers.first(where: \.hasToken)
        guard run.status == 0, let answer else {
            throw self.error(run, output: output, tokens: answers.compactMap(\.token), question: question)
        }
        return try self.errors.checked(token: answer.token, expiresOn: answer.expiry)
    }

    func error(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError {
        self.errors.failure(failure, executable: executable, timeout: timeout)
    }

    func absence(_ location: ToolLocation) -> AuthenticationError { self.errors.absence(location) }

    func expired() -> AuthenticationError { self.errors.expired() }
}

extension AzureDeveloperCLITool {
    /// What `azd auth token` prints. Members of another type count as missing.
    private struct Answer: Decodable {
        let hasToken: Bool
        let token: String?
        let expiry: Date?

        private enum CodingKeys: String, CodingKey {
            case token, expiresOn
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.hasToken = container.contains(.token)
            self.token = try? container.decodeIfPresent(String.self, forKey: .token)
            let text = try? container.decodeIfPresent(String.self, forKey: .expiresOn)
            self.expiry = text.flatMap { ServiceDate.parse($0) }
        }
    }

    /// A complaint in JSON: `error` since version 1.23.7, before it a message for the console with the text in `data`.
    private struct Complaint: Decodable {
        private struct Message: Decodable {
            let message: String?
        }

        let error: String?
        let message: String?

        private enum CodingKeys: String, CodingKey {
            case error, data
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func filled(_ text: String?) -> String? { text.map { HostileText.trimmed($0) }.flatMap { $0.isEmpty ? nil : $0 } }
            self.error = filled((try? container.decodeIfPresent(String.self, forKey: .error)) ?? nil)
            self.message = filled(((try? container.decodeIfPresent(Message.self, forKey: .data)) ?? nil)?.message)
        }
    }

    private func error(_ run: ToolRun, output: ToolOutput, tokens: [String], question: ToolQuestion) -> AuthenticationError {
        let errors = ToolOutput(errorsOf: run)
        if run.status == 127 || errors.text.hasPrefix("'azd' is not recognized") {
            return self.errors.unavailable(
                "Azure Developer CLI could not be found, or is not complete: "
                    + OutputRedaction.shown(errors.text, removing: tokens, limit: 300), row: .g36)
        }
        let said = Self.complaint(in: output) ?? Self.complaint(in: errors)
        if run.status == 0, said == nil { return self.errors.unusable(output) }
        let complaint = ToolComplaint(said ?? errors.text, tokens: tokens)
        if complaint.says(["unknown flag: --claims"]) {
            return self.errors.failed(
                "Claims challenges are not supported by this version of the Azure Developer CLI. Update it to version 1.18.1 or newer."
            )
        }
        guard complaint.serviceError == nil else {
            return self.errors.refusal(complaint, status: run.status, question: question)
        }
        if complaint.says(Self.signedOut) { return self.errors.signedOut(complaint, question: question) }
        if complaint.says(["Please run 'az login' to set"]) {
            // It was told to ask the Azure CLI (auth.useAzCliAuth), and nobody has signed in to that.
            return self.errors.unavailable(
                "Please run 'az login' to set up account: the Azure Developer CLI asks the Azure CLI (auth.useAzCliAuth).",
                row: .g35,
                facts: ToolErrors.facts(question)
            )
        }
        return self.errors.refusal(complaint, status: run.status, question: question)
    }

    /// What `azd` says where nobody has signed in, or where the sign-in has come to its end.
    private static let signedOut = [
        "not logged in, run `azd auth login` to login", "reauthentication required, run `azd auth login",
        "login expired, run `azd auth login",
    ]

    private static func complaint(in output: ToolOutput) -> String? {
        let complaints = output.objects(Complaint.self)
        let text = complaints.lazy.compactMap(\.error).first ?? complaints.lazy.compactMap(\.message).first
        return text.map { $0.hasPrefix("ERROR: ") ? String($0.dropFirst("ERROR: ".count)) : $0 }
    }
}
