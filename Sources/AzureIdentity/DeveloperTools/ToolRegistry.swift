// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What this process knows of developer tools, whichever credentials use them: runs under way, which equal questions share, and the
/// identities that the tools' tokens were for.
package final class ToolRegistry: Sendable {
    package static let shared = ToolRegistry()

    /// How many processes of one tool run at once: tools lock, and have broken, their own files when many do.
    static let parallelRuns = 4
    private static let rememberedIdentities = 1024
    /// How much longer than its time a run may take to end.
    private static let grace = Duration.seconds(2)

    private struct RunKey: Hashable {
        let command: ToolCommand
        let fingerprint: ToolFingerprint
        /// The last removal of the credential's tokens: who asks after it doesn't join a run from before it.
        let removal: UInt64
        let runner: ToolRunnerID
    }

    private struct GateKey: Hashable {
        let executable: String
        let runner: ToolRunnerID
    }

    /// What one identity is expected for.
    struct Question: Hashable, Sendable {
        /// Which tool, with which files.
        let tool: String
        let tenantID: String
        let subscription: String?
        /// As they were before the run: what other files say of the account has dropped the kept tokens already.
        let files: [FileStamp?]
    }

    private struct Ledger: Sendable {
        var identities: [Question: TokenIdentity] = [:]
        var generations: [String: UInt64] = [:]
    }

    private let flights = SingleFlight<RunKey, ToolRun>()
    private let runs = SingleFlight<ToolRunnerID, ToolRun>()
    /// How many processes there are.
    private let running = Locked(0)
    private let gates = Locked<[GateKey: TurnGate]>([:])
    private let ledger = Locked(Ledger())

    /// Runs a command, unless the same one is under way for the same account.
    ///
    /// - Throws: `ToolFailure`, `CancellationError`.
    func run(
        _ command: ToolCommand,
        fingerprint: ToolFingerprint,
        removal: UInt64,
        runner: any ToolRunner
    ) async throws -> ToolRun {
        let gate = self.gate(GateKey(executable: command.executable, runner: runner.id))
        return try await self.flights.value(
            for: RunKey(command: command, fingerprint: fingerprint, removal: removal, runner: runner.id),
            patience: nil,
            limit: .init(TokenAcquirer.flightLimit, clock: SystemClock()) { ToolFailure.timedOut },
            operation: {
                try await gate.enter()
                defer { gate.leave() }
                return try await self.boundedRun(command, runner: runner)
            }
        )
    }

    /// Runs a command that asks for no token, when it is its turn: also of those not more than a few run at once.
    ///
    /// - Throws: `ToolFailure`, `CancellationError`.
    func look(_ command: ToolCommand, runner: any ToolRunner) async throws -> ToolRun {
        let gate = self.gate(GateKey(executable: command.executable, runner: runner.id))
        try await gate.enter()
        defer { gate.leave() }
        return try await self.boundedRun(command, runner: runner)
    }

    /// Runs a command, and gives up on a runner that doesn't heed the time. Processes live in real time, so it is counted in it.
    private func boundedRun(_ command: ToolCommand, runner: any ToolRunner) async throws -> ToolRun {
        try await self.runs.value(
            for: ToolRunnerID(),
            patience: nil,
            limit: .init(command.timeout + Self.grace, clock: SystemClock()) { ToolFailure.timedOut },
            operation: {
                self.running.withLock { $0 += 1 }
                defer { self.running.withLock { $0 -= 1 } }
                return try await runner.run(command)
            }
        )
    }

    /// Waits until no tool runs any more that nobody waits for, for a program that is about to end: what it leaves would go on.
    ///
    /// - Parameter limit: How long to wait at most.
    package func settle(within limit: Duration) async {
        let clock = SystemClock()
        let end = clock.now + limit
        while self.running.withLock({ $0 }) > 0, clock.now < end {
            guard (try? await clock.sleep(for: .milliseconds(10))) != nil else { return }
        }
    }

    /// How many wait for runs of a program.
    package func waiterCount(of executable: String) -> Int { self.flights.waiterCount { $0.command.executable == executable } }

    /// How often a tool was caught giving tokens of another identity.
    func generation(of tool: String) -> UInt64 { self.ledger.withLock { $0.generations[tool] ?? 0 } }

    /// Notes whose token a tool has given. If it is another's than the last one for the same question, all kept tokens of the tool are out.
    func note(_ identity: TokenIdentity, for question: Question) {
        guard identity.objectID != nil || identity.tenantID != nil else { return }
        self.ledger.withLock { ledger in
            let known = ledger.identities[question]
            if ledger.identities.count >= Self.rememberedIdentities { ledger.identities.removeAll() }
            ledger.identities[question] = identity
            if let known, known.objectID != identity.objectID || known.tenantID != identity.tenantID {
                ledger.generations[question.tool, default: 0] += 1
            }
        }
    }

    private func gate(_ key: GateKey) -> TurnGate {
        self.gates.withLock { gates in
            if let gate = gates[key] { return gate }
            let gate = TurnGate(places: Self.parallelRuns)
            gates[key] = gate
            return gate
        }
    }
}
