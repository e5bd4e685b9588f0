// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What developer tools print. The first byte chooses the exit status; output and errors have a record separator between them.
enum ToolOutputTarget {
    private static let tools: [any DeveloperTool] = [AzureCLITool(), AzureDeveloperCLITool(), AzurePowerShellTool()]
    private static let question = ToolQuestion(
        scopes: ["https://vault.azure.net/.default"], tenantID: nil, subscription: nil, claims: nil)
    private static let statuses: [Int32] = [0, 1, 2, 127, -9]

    static func run(_ bytes: [UInt8]) {
        guard let first = bytes.first, !Promises.mayShowSecret(bytes) else { return }
        let status = Self.statuses[Int(first) % Self.statuses.count]
        let streams = bytes.dropFirst().split(separator: 0x1E, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let errors = streams.count > 1 ? streams[1] : []
        for tool in Self.tools {
            self.check(tool, ToolRun(status: status, output: streams[0], errors: errors))
            // A token in front of the rest, which says it again in its errors: it must not show, whatever comes behind it.
            let text =
                tool is AzurePowerShellTool
                ? "azsdk%\(Promises.secret)%4102444800\n"
                : #"{"accessToken": "\#(Promises.secret)", "token": "\#(Promises.secret)"} "#
            let opening = Array(text.utf8)
            let said = Array("ERROR: \(Promises.secret) ".utf8)
            self.check(tool, ToolRun(status: status, output: opening + streams[0], errors: said + errors))
        }
    }

    private static func check(_ tool: any DeveloperTool, _ run: ToolRun) {
        do {
            let answer = try tool.token(run, question: Self.question)
            if run.status != 0 { Violation.report("a token of a run that failed") }
            let isPlain = answer.token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            if answer.token.isEmpty || !isPlain { Violation.report("the token \(answer.token.debugDescription)") }
            if !answer.expiresOn.timeIntervalSince1970.isFinite { Violation.report("a token that expires at no time") }
        } catch {
            Promises.check(error)
            if (error as? AuthenticationError)?.isUnavailable == true, (error as? AuthenticationError)?.remedy == nil {
                Violation.report("an unavailable tool without a remedy: \(error)")
            }
        }
    }
}

/// Documents of chains, and values of the variable that chooses the default chain's members.
enum ChainTarget {
    static func run(_ bytes: [UInt8]) {
        self.checkDocument(bytes)
        let values = lines(of: bytes)
        let variables = EnvironmentVariables(["AZURE_TOKEN_CREDENTIALS": values.first ?? ""])
        let credential = DefaultAzureCredential(environment: variables)
        let plan = credential.plan()
        do {
            try credential.validate()
            if plan.problem != nil { Violation.report("a chain without a mistake says \(plan.problem ?? "")") }
            if !plan.members.contains(where: { $0.isIncluded || $0.reason == "not part of this version" }) {
                Violation.report("\(values) leaves nobody")
            }
        } catch {
            Promises.check(error)
            if plan.problem == nil { Violation.report("\(values) is a mistake that the plan doesn't tell") }
        }
    }

    private static func checkDocument(_ bytes: [UInt8]) {
        guard let configuration = try? JSONDecoder().decode(ChainConfiguration.self, from: Data(bytes)) else { return }
        guard let again = try? JSONDecoder().decode(ChainConfiguration.self, from: JSONEncoder().encode(configuration)),
            again == configuration
        else { Violation.report("a document that can't be written as it was read: \(configuration)") }
        let chain = ChainedTokenCredential(configuration: configuration)
        if chain.plan().members.count < configuration.members.count { Violation.report("a member is lost: \(configuration)") }
    }
}
