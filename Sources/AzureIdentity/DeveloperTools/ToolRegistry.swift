// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// What this process knows of developer tools, whichever credentials use them: runs under way, which equal questions share, and the
/// identities that the tools' tokens were for.
final class ToolRegistry: Sendable {
    static let shared = ToolRegistry()

    /// How many processes of one tool run at once: tools lock, and have broken, their own files when many do.
    static let parallelRuns = 4
    private static let rememberedIdentities = 1024

    private struct RunKey: Hashable {
        let command: ToolCommand
        let fingerprint: ToolFingerprint
        let runner: ObjectIdentifier
    }

    private struct GateKey: Hashable {
        let executable: String
        let runner: ObjectIdentifier
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
    private let gates = Locked<[GateKey: TurnGate]>([:])
    private let ledger = Locked(Ledger())

    /// Runs a command, unless the same one is under way for the same account.
    ///
    /// - Throws: `ToolFailure`, `CancellationError`.
    func run(
        _ command: ToolCommand,
        fingerprint: ToolFingerprint,
        runner: any ToolRunner,
        clock: any MachineClock
    ) async throws -> ToolRun {
        let gate = self.gate(GateKey(executable: command.executable, runner: ObjectIdentifier(runner)))
        return try await self.flights.value(
            for: RunKey(command: command, fingerprint: fingerprint, runner: ObjectIdentifier(runner)),
            patience: nil,
            limit: .init(TokenAcquirer.flightLimit, clock: clock) { ToolFailure.timedOut },
            operation: {
                try await gate.enter()
                defer { gate.leave() }
                return try await runner.run(command)
            }
        )
    }

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

/// Lets so many in at once, the others in the order in which they came. Who is cancelled leaves the queue.
final class TurnGate: Sendable {
    private struct State: Sendable {
        var freePlaces: Int
        var lastNumber: UInt64 = 0
        var queue: [(number: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Locked<State>

    init(places: Int) { self.state = Locked(State(freePlaces: places)) }

    /// How many wait.
    var waiterCount: Int { self.state.withLock { $0.queue.count } }

    /// Waits for a place.
    ///
    /// - Throws: `CancellationError`.
    func enter() async throws {
        let number = self.state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isIn = self.state.withLock { state in
                    guard state.freePlaces == 0 else {
                        state.freePlaces -= 1
                        return true
                    }
                    state.queue.append((number, continuation))
                    return false
                }
                if isIn { return continuation.resume() }
                // The handler below may have run before there was anybody to leave.
                if Task.isCancelled { self.giveUp(number) }
            }
        } onCancel: {
            self.giveUp(number)
        }
    }

    /// Gives a place back.
    func leave() {
        let next = self.state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.queue.isEmpty else {
                state.freePlaces += 1
                return nil
            }
            return state.queue.removeFirst().continuation
        }
        next?.resume()
    }

    private func giveUp(_ number: UInt64) {
        let leaving = self.state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let position = state.queue.firstIndex(where: { $0.number == number }) else { return nil }
            return state.queue.remove(at: position).continuation
        }
        leaving?.resume(throwing: CancellationError())
    }
}
