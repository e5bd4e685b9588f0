// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// Checks that any credential, your own included, keeps the promises of `TokenCredential`.
///
/// Uses public API alone and imports no test framework: each check returns what it found.
///
/// ```swift
/// @Test func conforms() async {
///     let conformance = CredentialConformance(scope: "https://vault.azure.net/.default") { MyCredential() }
///     #expect(await conformance.violations().isEmpty)
/// }
/// ```
///
/// The credential must be able to get tokens while the checks run.
public struct CredentialConformance: Sendable {
    private let scope: String
    private let secrets: [String]
    private let keepsTokens: Bool
    private let makeCredential: @Sendable () -> any TokenCredential

    /// Creates the checks.
    ///
    /// - Parameters:
    ///   - scope: A scope the credential can get a token for.
    ///   - secrets: What must not show in descriptions and dumps of the credential, besides its tokens.
    ///   - keepsTokens: Whether a second call is to return the first call's token.
    ///   - makeCredential: Makes a credential.
    public init(
        scope: String,
        secrets: [String] = [],
        keepsTokens: Bool = true,
        makeCredential: @escaping @Sendable () -> any TokenCredential
    ) {
        self.scope = scope
        self.secrets = secrets
        self.keepsTokens = keepsTokens
        self.makeCredential = makeCredential
    }

    /// Runs all checks.
    ///
    /// - Returns: What was found; nothing if the credential keeps its promises.
    public func violations() async -> [ConformanceViolation] {
        var found: [ConformanceViolation] = []
        found += await self.refusesBadScopes()
        found += await self.rethrowsCancellation()
        found += await self.hidesSecrets()
        found += await self.keepsItsToken()
        found += await self.servesManyCallers()
        return found
    }

    /// Scopes that can't be sent are refused with `.invalidConfiguration`.
    ///
    /// - Returns: What was found.
    public func refusesBadScopes() async -> [ConformanceViolation] {
        var report = ConformanceReport("refusesBadScopes")
        let lists = [[], [""], [" "], ["two words"], ["new\nline"], ["nul\u{0}"], ["ü"], [String(repeating: "a", count: 10_000)]]
        for scopes in lists {
            let outcome = await Outcome { try await self.makeCredential().token(forScopes: scopes) }
            let code = (outcome.error as? AuthenticationError)?.code
            report.expect(code == .invalidConfiguration, "scopes \(scopes.map { $0.prefix(20) }) gave \(Self.text(outcome))")
        }
        return report.violations
    }

    /// A cancelled caller gets `CancellationError`, unwrapped.
    ///
    /// - Returns: What was found.
    public func rethrowsCancellation() async -> [ConformanceViolation] {
        var report = ConformanceReport("rethrowsCancellation")
        let credential = self.makeCredential()
        let scope = self.scope
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await Outcome { try await credential.token(forScopes: scope) }
        }
        task.cancel()
        let outcome = await task.value
        report.expect(outcome.error is CancellationError, "a cancelled caller got \(Self.text(outcome))")
        let next = await Outcome { try await credential.token(forScopes: scope) }
        report.expect(next.value != nil, "the next caller got \(Self.text(next))")
        return report.violations
    }

    /// Neither tokens nor secrets show in descriptions, dumps and reflections.
    ///
    /// - Returns: What was found.
    public func hidesSecrets() async -> [ConformanceViolation] {
        var report = ConformanceReport("hidesSecrets")
        let credential = self.makeCredential()
        let outcome = await Outcome { try await credential.token(forScopes: self.scope) }
        guard let token = outcome.value else {
            report.expect(false, "no token: \(Self.text(outcome))")
            return report.violations
        }
        var dumped = ""
        dump(credential, to: &dumped)
        dump(token, to: &dumped)
        let shown = [dumped, "\(credential)", "\(token)", String(reflecting: credential), String(reflecting: token)]
        for secret in self.secrets + [token.token] where !secret.isEmpty {
            report.expect(!shown.contains { $0.contains(secret) }, "a secret of \(secret.count) characters shows")
        }
        return report.violations
    }

    /// A second call returns the first call's token, and says that it comes from memory.
    ///
    /// - Returns: What was found.
    public func keepsItsToken() async -> [ConformanceViolation] {
        var report = ConformanceReport("keepsItsToken")
        guard self.keepsTokens else { return [] }
        let credential = self.makeCredential()
        let first = await Outcome { try await credential.token(forScopes: self.scope) }
        let second = await Outcome { try await credential.token(forScopes: self.scope) }
        report.expect(first.value != nil && first.value == second.value, "got \(Self.text(first)), then \(Self.text(second))")
        report.expect(
            second.value?.source == .memory, "the second call's source is \(second.value?.source.description ?? "none")")
        return report.violations
    }

    /// A thousand callers at once all get a token: the same one, if tokens are kept.
    ///
    /// - Returns: What was found.
    public func servesManyCallers() async -> [ConformanceViolation] {
        var report = ConformanceReport("servesManyCallers")
        let credential = self.makeCredential()
        let scope = self.scope
        let outcomes = await withTaskGroup(of: Outcome<AccessToken>.self) { group in
            for _ in 0..<1000 { group.addTask { await Outcome { try await credential.token(forScopes: scope) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let tokens = outcomes.compactMap(\.value)
        report.expect(tokens.count == 1000, "\(1000 - tokens.count) of 1000 callers got no token")
        let distinct = Set(tokens.map(\.token)).count
        report.expect(!self.keepsTokens || distinct == 1, "1000 callers got \(distinct) different tokens")
        return report.violations
    }

    static func text(_ outcome: Outcome<AccessToken>) -> String {
        switch outcome {
        case .value(let token): "\(token)"
        case .error(let error as AuthenticationError): "\(error.code): \(error.summary)"
        case .error(let error): "\(type(of: error))"
        }
    }
}
