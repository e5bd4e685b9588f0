// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// How many processes tokens of developer tools take. How long they take is measured by the benchmarks.
    @Suite(.timeLimit(.minutes(5))) struct ToolSpeedTests {
        /// Slow enough for callers to pile up.
        private static let delay = Duration.milliseconds(300)

        private func tokens(_ credentials: [any TokenCredential], scope: String = vaultScope) async throws -> [String] {
            try await withThrowingTaskGroup(of: String.self) { group in
                for credential in credentials { group.addTask { try await credential.token(forScopes: scope).token } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func theSecondCallStartsNoProcess(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = subject.credential(place.tool.environment)
                let first = try await credential.token(forScopes: vaultScope)
                for _ in 0..<1000 {
                    let kept = try await credential.token(forScopes: vaultScope)
                    #expect(kept.token == first.token)
                }
                #expect(place.tool.runs.count == 1)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func fiftyTasksOnAColdCredentialStartOneProcess(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: ToolPlace.answer(ToolPlace.token(), delay: Self.delay)) { place in
                let credential = subject.credential(place.tool.environment)
                let tokens = try await self.tokens(Array(repeating: credential, count: 50))
                #expect(Set(tokens).count == 1 && place.tool.runs.count == 1)
            }
        }

        /// Each keeps its own tokens, and still they share a process that is under way.
        @Test(arguments: ToolSubject.allCases)
        func fiftyColdCredentialsStartOneProcess(subject: ToolSubject) async throws {
            // All of them have asked when the process answers: it waits for the test's word.
            let waits = """
                until [ -e "$STAND_IN/go" ]; do sleep 0.05; done
                printf '%s\\n' '\(subject.output(ToolPlace.token()))'
                """
            try await ToolPlace.with(subject, answering: .shell(waits)) { place in
                let credentials = (0..<50).map { _ in subject.credential(place.tool.environment, cache: .inMemory) }
                let calls = credentials.map { credential in Task { try await credential.token(forScopes: vaultScope).token } }
                try await Patience.wait(for: "all callers") { ToolRegistry.shared.waiterCount(of: place.tool.path) == 50 }
                try Data().write(to: URL(filePath: "\(place.tool.dataFolder)/go"))
                var tokens: Set<String> = []
                for call in calls { tokens.insert(try await call.value) }
                #expect(tokens.count == 1 && place.tool.runs.count == 1)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func anotherScopeIsAnotherProcess(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: ToolPlace.answer(ToolPlace.token())) { place in
                let credential = subject.credential(place.tool.environment)
                let scopes = (0..<10).map { "https://r\($0).example/.default" }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for scope in scopes + scopes { group.addTask { _ = try await credential.token(forScopes: scope) } }
                    try await group.waitForAll()
                }
                #expect(place.tool.runs.count == 10)
            }
        }

        /// An error isn't kept, but fifty callers who wait for the same process get the same one.
        @Test(arguments: ToolSubject.allCases)
        func fiftyCallersShareAnError(subject: ToolSubject) async throws {
            let failing = ToolStandIn.Answer.shell(
                "until [ -e \"$STAND_IN/go\" ]; do sleep 0.05; done\necho 'no luck' >&2\nexit 1")
            try await ToolPlace.with(subject, answering: failing) { place in
                let cache = TokenCache.inMemory
                let credential = subject.credential(place.tool.environment, cache: cache)
                let calls = (0..<50).map { _ in
                    Task { try await authenticationError { try await credential.token(forScopes: vaultScope) } }
                }
                try await Patience.wait(for: "all callers") { cache.waiterCount == 50 }
                try Data().write(to: URL(filePath: "\(place.tool.dataFolder)/go"))
                for call in calls { #expect(try await call.value.message.contains("no luck")) }
                #expect(place.tool.runs.count == 1)
            }
        }
    }
}
#endif
