// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Which members of the default chain are asked, by the options and one variable. Pure.
struct DefaultChainPlan: Sendable, Equatable {
    /// A member in its place.
    struct Entry: Sendable, Equatable {
        let member: DefaultChainMember
        /// Why it isn't asked; `nil`: it is.
        let exclusion: String?
        /// Whether somebody asked for this very member.
        let isNamed: Bool
    }

    /// What chooses the members besides the variable's value.
    struct Choice: Sendable, Equatable {
        var exclusions: Set<DefaultChainMember> = []
        var inclusions: Set<DefaultChainMember> = []
        var variable = "AZURE_TOKEN_CREDENTIALS"
        var requiresVariable = false
        /// Whether the program has said how to reach a broker.
        var hasBroker = false
        /// Whether members of the program's own come along.
        var hasInsertions = false
    }

    /// The members in the chain's order, those that aren't asked included.
    let entries: [Entry]
    /// Whether the managed identity is all there is, by its name in the variable: then it is asked for a token at once, with the patience of the
    /// credential alone.
    let isManagedIdentityAlone: Bool

    /// What a variable may say.
    private enum Selection {
        case everything
        case members(Set<DefaultChainMember>, areNamed: Bool, text: String)
    }

    /// - Parameters:
    ///   - environment: The variables.
    ///   - choice: The options.
    ///   - credential: The name of the chain, for errors.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if the variable can't be understood or is missing, if the options
    ///   contradict each other, or if nobody is left.
    init(environment: EnvironmentVariables, choice: Choice, credential: String) throws {
        let contradictions = DefaultChainMember.all.filter { choice.exclusions.contains($0) && choice.inclusions.contains($0) }
        if let member = contradictions.first {
            throw Self.invalid("\(member) is both excluded and included by the options.", credential)
        }
        let selection = try Self.selection(environment, choice: choice, credential: credential)
        self.entries = DefaultChainMember.all.map { Self.entry($0, selection: selection, choice: choice) }
        let asked = self.entries.filter { $0.exclusion == nil }
        guard !asked.isEmpty || choice.hasInsertions || self.entries.contains(where: \.isNamed) else {
            throw Self.invalid("at least one credential is required: the options and \(choice.variable) leave none.", credential)
        }
        self.isManagedIdentityAlone =
            asked.map(\.member) == [.managedIdentity] && asked.allSatisfy(\.isNamed) && choice.inclusions.isEmpty
            && !choice.hasInsertions
    }

    private static func entry(_ member: DefaultChainMember, selection: Selection, choice: Choice) -> Entry {
        var isChosen = member != .interactiveBrowser
        var isNamed = choice.inclusions.contains(member)
        var exclusion = "only asked if it is included"
        if case .members(let members, let areNamed, let text) = selection {
            isChosen = members.contains(member)
            isNamed = isNamed || (isChosen && areNamed)
            exclusion = "\(choice.variable) is \(text)"
        }
        if choice.exclusions.contains(member) {
            return Entry(member: member, exclusion: "excluded by the options", isNamed: false)
        }
        if member == .broker, !choice.hasBroker {
            return Entry(
                member: member,
                exclusion: "not registered: the options' broker is not set (BrokeredSignIn.system of AzureIdentityBroker)",
                isNamed: isNamed
            )
        }
        return Entry(member: member, exclusion: isChosen || isNamed ? nil : exclusion, isNamed: isNamed)
    }

    private static func selection(_ environment: EnvironmentVariables, choice: Choice, credential: String) throws -> Selection {
        let text = HostileText.trimmed(environment[choice.variable] ?? "")
        guard !text.isEmpty else {
            guard choice.requiresVariable else { return .everything }
            throw Self.invalid(
                "The variable \(HostileText.sanitized(choice.variable, limit: 100)) must be set, and isn't. \(Self.allowed)",
                credential)
        }
        let shown = HostileText.sanitized(text, limit: 60)
        switch text.lowercased() {
        case "dev": return .members(DefaultChainMember.developer, areNamed: false, text: shown)
        case "prod": return .members(DefaultChainMember.deployed, areNamed: false, text: shown)
        default: break
        }
        // A bound, so that nothing is split that can't be a list of names.
        guard text.utf8.count <= 1024 else { throw Self.unknown(text, choice: choice, credential) }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { HostileText.trimmed($0) }
        let members = try names.map { name in
            guard let member = DefaultChainMember(named: name), DefaultChainMember.named.contains(member) else {
                throw Self.unknown(name, choice: choice, credential)
            }
            return member
        }
        return .members(Set(members), areNamed: true, text: shown)
    }

    private static func unknown(_ text: String, choice: Choice, _ credential: String) -> AuthenticationError {
        Self.invalid(
            """
            The variable \(HostileText.sanitized(choice.variable, limit: 100)) holds "\(HostileText.sanitized(text, limit: 60))", \
            which isn't known. \(Self.allowed)
            """,
            credential
        )
    }

    private static var allowed: String {
        let names = DefaultChainMember.named.map(\.description).joined(separator: ", ")
        return "Allowed are dev, prod, or one or several of these names, with commas between them: \(names)."
    }

    private static func invalid(_ message: String, _ credential: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: credential, message: "\(credential): \(message)")
    }
}
