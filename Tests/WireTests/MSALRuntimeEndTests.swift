// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Foundation
import Testing

extension ToolProcesses {
    /// Callers who leave a broker library, and a library that leaves its callers.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.compiler.isWanted)) struct MSALRuntimeEndTests {
        private typealias End = Result<BrokerAnswer, BrokerFailure>

        /// Asks for a token.
        private func end(_ library: MSALRuntimeStandIn, within limit: Duration = .seconds(60)) async -> End {
            do throws(BrokerFailure) {
                return .success(try await library.broker.acquireSilently(MSALRuntimeSample.request(within: limit), account: nil))
            } catch {
                return .failure(error)
            }
        }

        /// Asks for a token in a task of its own.
        private func task(_ library: MSALRuntimeStandIn) -> Task<End, Never> { Task { await self.end(library) } }

        private func kind(_ end: End) -> BrokerFailure.Kind? {
            if case .failure(let failure) = end { return failure.kind }
            return nil
        }

        @Test func whoIsCancelledLeavesAtOnceAndALateCallbackIsTidiedUp() async throws {
            try await MSALRuntimeStandIn.with(["callback": "held"]) { library in
                let task = self.task(library)
                try await library.awaitHeld(1)
                task.cancel()
                #expect(self.kind(await task.value) == .cancelled)
                try await library.act("AwaitCancellation")
                #expect(try library.record("cancellations") == ["sign in silently"])
                // What the library may still use is kept: its result and the request.
                try await Patience.wait(for: "the release of the operation") { try library.number("Live") == 2 }
                try await library.act("LetGo")
                #expect(try library.number("Callbacks") == 1)
            }
        }

        @Test func aDeadlineEndsWhatTheLibraryDoesNot() async throws {
            try await MSALRuntimeStandIn.with(["callback": "thread"]) { library in
                // Loading takes time of its own.
                #expect(self.kind(await self.end(library)) == nil)
                try library.set("callback", "held")
                let task = Task { await self.end(library, within: .seconds(5)) }
                try await library.awaitHeld(1)
                #expect(self.kind(await task.value) == .timedOut)
                // It was at the library, which is asked to end it, and goes on to serve others.
                try await library.act("AwaitCancellation")
                #expect(try library.record("cancellations") == ["sign in silently"])
                try library.set("callback", "thread")
                #expect(self.kind(await self.end(library)) == nil)
                try await library.act("LetGo")
            }
        }

        @Test func nothingBeginsForWhoHasLeft() async throws {
            try await MSALRuntimeStandIn.with { library in
                #expect(self.kind(await self.end(library, within: .zero)) == .timedOut)
                let end = await withTaskGroup(of: End.self) { group in
                    group.cancelAll()
                    group.addTask { await self.end(library) }
                    return await group.next()
                }
                let cancelled = try #require(end)
                #expect(self.kind(cancelled) == .cancelled)
                let operations = try library.record("operations")
                #expect(operations.isEmpty)
            }
        }

        /// What version 0.20.7 does if the broker hangs.
        @Test func aCancellationThatHangsHoldsNobodyUp() async throws {
            try await MSALRuntimeStandIn.with(["callback": "held", "cancel": "hang"]) { library in
                let task = self.task(library)
                try await library.awaitHeld(1)
                task.cancel()
                #expect(self.kind(await task.value) == .cancelled)
                try await library.act("AwaitCancellation")
                try library.set("callback", "thread")
                #expect(self.kind(await self.end(library)) == nil)
                try library.set("cancel", "")
                try await library.act("LetGo")
            }
        }

        @Test func aLibraryThatDoesNotReturnFromACallHoldsNobodyUp() async throws {
            try await MSALRuntimeStandIn.with(["begin": "hang"]) { library in
                let task = self.task(library)
                try await Patience.wait(for: "the beginning") { try library.record("correlation").count == 1 }
                task.cancel()
                #expect(self.kind(await task.value) == .cancelled)
                // Comes after the first, which never returns; the library is loaded by now.
                #expect(self.kind(await self.end(library, within: .milliseconds(300))) == .timedOut)
                try library.set("begin", "")
                // The first one begins after all, is ended, and its answer released; the second never begins.
                try await Patience.wait(for: "the callback") { try library.number("Callbacks") == 1 }
                #expect(self.kind(await self.end(library)) == nil)
                #expect(try library.record("operations").count == 2)
            }
        }

        @Test(arguments: ["thread", "at once", "held"]) func manyComeAndGo(_ callback: String) async throws {
            try await MSALRuntimeStandIn.with(["callback": callback]) { library in
                let tasks = (0..<60).map { _ in self.task(library) }
                if callback == "held" { try await library.awaitHeld(tasks.count) }
                for (index, task) in tasks.enumerated() where index.isMultiple(of: 2) { task.cancel() }
                for (index, task) in tasks.enumerated() where index.isMultiple(of: 2) {
                    let kind = self.kind(await task.value)
                    #expect(kind == .cancelled || (kind == nil && callback != "held"), "\(index)")
                }
                try await library.act("LetGo")
                for (index, task) in tasks.enumerated() where !index.isMultiple(of: 2) {
                    #expect(self.kind(await task.value) == nil, "\(index)")
                }
            }
        }
    }
}
#endif
