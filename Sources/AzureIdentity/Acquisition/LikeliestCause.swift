// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Which member's error a person most probably has to mend, so that a chain's error can begin with it. Pure.
///
/// Who tried and failed comes before who isn't set up; what is set up by half, before what isn't at all: a developer who has signed out of
/// the Azure CLI doesn't want to hear of workload identity.
struct LikeliestCause: Sendable, Equatable {
    /// The position of its attempt; `nil`: nothing is set up at all.
    let attempt: Int?
    /// The cause in a sentence.
    let text: String

    private static let textLimit = 200
    /// What an application's ids without a secret weigh: they are often meant for a managed identity.
    static let weightOfIDsAlone = 40
    /// Rows of managed identities on a machine that has some: something is set up, but not all.
    private static let hostRows: Set<GuideRow> = [.g18, .g19, .g20, .g21, .g22, .g23, .g24, .g26, .g28, .g29, .g30]

    /// - Parameters:
    ///   - attempts: What the members came to.
    ///   - stopped: Whether the last one stopped the chain.
    ///   - isOnAzure: Whether something speaks for an Azure host.
    init(_ attempts: [AuthenticationError.Attempt], stopped: Bool, isOnAzure: Bool) {
        let weights = attempts.map { Self.weight(of: $0, isOnAzure: isOnAzure) }
        let heaviest = weights.max() ?? 0
        let index = stopped ? attempts.indices.last : heaviest > 0 ? weights.firstIndex(of: heaviest) : nil
        self.attempt = index
        self.text = index.map { Self.text(attempts[$0]) } ?? Self.nothing(attempts)
    }

    private static func text(_ attempt: AuthenticationError.Attempt) -> String {
        let isWhole = attempt.message.utf8.count <= Self.textLimit && !attempt.message.contains("\n")
        let reason = isWhole ? AuthenticationError.Attempt.reason(attempt.message, of: attempt.credential) : attempt.summary
        return "\(attempt.credential): \(HostileText.sanitized(reason, limit: Self.textLimit))"
    }

    /// The remedy of the cause, else that of a chain with nothing set up (row G06).
    func remedy(in attempts: [AuthenticationError.Attempt]) -> AuthenticationError.Remedy {
        guard let attempt = self.attempt.map({ attempts[$0] }) else { return Guide.chainRemedy(attempts.compactMap(\.remedy)) }
        if let remedy = attempt.remedy { return remedy }
        var remedy = Guide.remedy(.g06)
        remedy.commands = []
        remedy.text = "Mend what keeps \(attempt.credential) from getting a token, or leave it out. Logging tells more."
        return remedy
    }

    /// How probable it is that this is to be mended; 0: it is merely not set up.
    static func weight(of attempt: AuthenticationError.Attempt, isOnAzure: Bool) -> Int {
        if attempt.outcome == .failed { return 100 }
        guard attempt.outcome == .unavailable else { return 0 }
        if attempt.code == .invalidConfiguration { return 90 }
        let row = attempt.remedy.flatMap { GuideRow(rawValue: $0.guide) }
        let missing = attempt.remedy?.variables ?? []
        switch row {
        case .g06: return 0
        case .g08:
            if !missing.contains(where: { ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"].contains($0) }) { return 90 }
            return missing.count < 3 ? self.weightOfIDsAlone : 0
        case .g41:
            return missing.contains("AZURE_FEDERATED_TOKEN_FILE") ? 0 : 90
        case .g25: return isOnAzure ? 80 : 0
        // Beside tools that are nowhere there are some that can't be run.
        case .g34, .g36, .g38: return attempt.message.contains("No directory of PATH") ? 0 : 50
        case .g35: return 70
        case .g37: return 65
        case .g40: return 60
        case .g39: return 55
        case .g32: return 56
        case .g33: return 52
        case .g31: return 0
        // Signed in to the editor, and without a broker: set up by half.
        case .g54: return attempt.message.contains("there is no authentication record") ? 0 : 45
        default: break
        }
        if let row, Self.hostRows.contains(row) { return 80 }
        if attempt.code == .authenticationRequired { return 58 }
        if attempt.credential == DefaultChainMember.environment.description { return 85 }
        // Few systems have a broker, and nobody has to be told to get one.
        if attempt.credential == DefaultChainMember.broker.description, attempt.message.contains(BrokerErrors.absence) {
            return 0
        }
        let isTool = DefaultChainMember.tools.contains { $0.description == attempt.credential }
        // A tool that there is no way to run has no row.
        return isTool ? (row == nil ? 0 : 50) : 30
    }

    /// What to do where nothing is set up.
    private static func nothing(_ attempts: [AuthenticationError.Attempt]) -> String {
        let asked = attempts.filter { $0.outcome != .skipped }
        guard !asked.isEmpty else { return "No credential was asked: each of them is left out." }
        func isAmong(_ members: Set<DefaultChainMember>) -> Bool {
            asked.contains { attempt in members.contains { $0.description == attempt.credential } }
        }
        var ways: [String] = []
        if isAmong(DefaultChainMember.tools) { ways.append("On a developer's machine, install the Azure CLI and run az login.") }
        if isAmong([.visualStudioCode]), !isAmong(DefaultChainMember.tools) {
            ways.append("In Visual Studio Code, install the extension Azure Resources and run \"Azure: Sign In\".")
        }
        if isAmong(DefaultChainMember.deployed) {
            ways.append("For a service, use a managed identity, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.")
        }
        return (["No credential is set up here."] + ways).joined(separator: " ")
    }
}
