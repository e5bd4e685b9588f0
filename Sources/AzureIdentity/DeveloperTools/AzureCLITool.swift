// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The Azure CLI, `az`. Pure.
struct AzureCLITool: DeveloperTool {
    let credential = "AzureCLICredential"
    let title = "Azure CLI"
    let variables = ["AZURE_CORE_NO_COLOR": "true"]
    #if os(Windows)
    let executables = ["az.cmd", "az.exe"]
    #else
    let executables = ["az"]
    #endif

    private var errors: ToolErrors {
        ToolErrors(
            credential: self.credential,
            title: self.title,
            absent: (.g34, "Azure CLI not installed."),
            signIn: (.g35, "Please run 'az login' to set up account."),
            executables: self.executables
        )
    }

    /// Which subscriptions there are, whose they are and which is chosen is in the profile: `az login`, `az logout` and `az account set`
    /// write it anew, and `az account get-access-token` doesn't, once it is there. Which cloud is chosen, and what is known of clouds, is in the
    /// other two (`az cloud set`, `az cloud register`). The token cache isn't watched: it changes with each new token.
    func stateFiles(_ environment: EnvironmentVariables) -> [String] { Self.files(environment) }

    static func files(_ environment: EnvironmentVariables) -> [String] {
        ToolFiles.paths(
            ["azureProfile.json", "clouds.config", "config"],
            in: ToolFiles.directory("AZURE_CONFIG_DIR", below: ".azure", environment))
    }

    func validate(tenantID: String?, subscription: String?) throws {
        try self.errors.checkTenant(tenantID)
        try self.checkSubscription(subscription)
        if tenantID != nil, subscription != nil {
            throw self.errors.invalid(
                """
                The Azure CLI takes a tenant or a subscription, not both: give the subscription alone, to get tokens of the account and \
                the tenant that it belongs to, or the tenant alone, to get them of the current account.
                """
            )
        }
    }

    /// Where a subscription was configured and a request names a tenant, the subscription is what is asked by, since the tenant alone
    /// could lead to another account; `token(_:question:)` then sees to it that the answer is of that tenant.
    func arguments(_ question: ToolQuestion) throws -> [String] {
        let resource = try self.errors.resource(question.scopes)
        try self.errors.checkTenant(question.tenantID)
        try self.checkSubscription(question.subscription)
        if question.claims?.isEmpty == false { throw self.errors.claims(question, needs: "version 2.76.0") }
        var arguments = ["account", "get-access-token", "--output", "json", "--resource", resource]
        if let subscription = question.subscription {
            arguments += ["--subscription", subscription]
        } else if let tenantID = question.tenantID {
            arguments += ["--tenant", tenantID]
        }
        return arguments
    }

    func token(_ run: ToolRun, question: ToolQuestion) throws -> ToolToken {
        let output = ToolOutput(run.output)
        let answers = output.objects(Answer.self)
        guard run.status == 0 else {
            throw self.error(run, tokens: answers.compactMap(\.accessToken), question: question)
        }
        guard let answer = answers.first(where: \.hasToken) else {
            // A wrapper may have lost the exit status.
            let complaint = ToolComplaint(ToolOutput(errorsOf: run).text)
            if complaint.says(Self.signedOut) { throw self.errors.signedOut(complaint, question: question) }
            throw self.errors.unusable(output)
        }
        if question.subscription != nil, let wanted = question.tenantID { try self.checkTenant(of: answer, wanted: wanted) }
        return try self.errors.checked(token: answer.accessToken, expiresOn: answer.expiry)
    }

    func error(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError {
        self.errors.failure(failure, executable: executable, timeout: timeout)
    }

    func absence(_ location: ToolLocation) -> AuthenticationError { self.errors.absence(location) }

    func expired() -> AuthenticationError { self.errors.expired() }
}

extension AzureCLITool {
    /// What `az account get-access-token` prints. Members of another type count as missing.
    private struct Answer: Decodable {
        let hasToken: Bool
        let accessToken: String?
        let expiry: Date?
        let tenant: String?

        private enum CodingKeys: String, CodingKey {
            case accessToken, expiresOn, tenant
            case epoch = "expires_on"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.hasToken = container.contains(.accessToken)
            self.accessToken = try? container.decodeIfPresent(String.self, forKey: .accessToken)
            self.tenant = try? container.decodeIfPresent(String.self, forKey: .tenant)
            let epoch = try? container.decodeIfPresent(LooseNumber.self, forKey: .epoch)
            let text = try? container.decodeIfPresent(String.self, forKey: .expiresOn)
            self.expiry = ToolErrors.date(epoch?.seconds) ?? text.flatMap { LocalDate.parse($0) }
        }
    }

    private func checkSubscription(_ subscription: String?) throws {
        guard let subscription else { return }
        let isValid =
            !subscription.isEmpty && subscription.utf8.count <= 256 && !subscription.hasPrefix("-")
            && !subscription.allSatisfy { $0 == " " }
            && subscription.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "_-. ".utf8.contains($0) }
        guard !isValid else { return }
        var error = self.errors.invalid(
            """
            Subscription "\(HostileText.sanitized(subscription, limit: 100))" contains invalid characters. If this is the name of a \
            subscription, use its ID instead.
            """
        )
        var facts = GuideFacts()
        facts.subscription = subscription
        error.remedy = Guide.remedy(.g52, facts: facts)
        throw error
    }

    private func checkTenant(of answer: Answer, wanted: String) throws {
        guard answer.tenant?.lowercased() != wanted.lowercased() else { return }
        let tenant = HostileText.sanitized(answer.tenant ?? "", limit: 60)
        throw self.errors.failed(
            """
            The request is for the tenant \(wanted), and the subscription that the credential was made with is of the tenant \
            \(tenant.isEmpty ? "that isn't known" : tenant). The Azure CLI takes a tenant or a subscription, not both: use a credential \
            without a subscription for that tenant, and the tenant's id, not its domain, with this one.
            """
        )
    }

    /// What `az` says where nobody has signed in, or where the account that it knows has left nothing to get tokens with (azure-cli 2.x).
    /// That it prints `az login` says nothing: it does so after each refusal and failure of the service.
    private static let signedOut = [
        "Please run 'az login' to setup account", "Please run 'az login' to set up account",
        "No subscription found. Run 'az account set' to select a subscription",
        "does not exist in MSAL token cache. Run `az login`",
        "Can't find token from MSAL cache", "Could not retrieve credential from local cache for service principal",
    ]

    private func error(_ run: ToolRun, tokens: [String], question: ToolQuestion) -> AuthenticationError {
        let text = ToolOutput(errorsOf: run).text
        if run.status == 127 || text.hasPrefix("'az' is not recognized") {
            return self.errors.unavailable(
                "Azure CLI not installed, or not completely: \(OutputRedaction.shown(text, removing: tokens, limit: 300))",
                row: .g34)
        }
        let complaint = ToolComplaint(String(Self.relevant(text)), details: text, tokens: tokens)
        if complaint.serviceError == nil, complaint.says(Self.signedOut) {
            return self.errors.signedOut(complaint, question: question)
        }
        return self.errors.refusal(complaint, status: run.status, question: question)
    }

    /// The error alone: without the warnings before it, and without the advice to sign in that follows whatever went wrong.
    private static func relevant(_ text: String) -> Substring {
        var text = text[...]
        let opening = "ERROR: "
        if let range = text.firstRange(of: opening) { text = text[range.upperBound...] }
        // What Python has to say about it is a second error.
        if text.hasPrefix("The command failed with an unexpected error"), let range = text.firstRange(of: opening) {
            text = text[range.upperBound...]
        }
        let ends = [
            "Run the command below to authenticate interactively", "To re-authenticate, please run",
            "Traceback (most recent call last)",
        ]
        var shown = text
        for end in ends {
            if let range = shown.firstRange(of: end) { shown = shown[..<range.lowerBound] }
        }
        // Of a mere traceback, the last line is what it is about.
        guard shown.allSatisfy(\.isWhitespace) else { return shown }
        return text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) } ?? shown
    }
}
