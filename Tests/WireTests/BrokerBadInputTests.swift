// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// Buses that are none, and brokers that answer garbage, much, late or never, or die.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.sessionBus.isWanted)) struct BrokerBadInputTests {
        /// More than any of these may take, and less than what hangs would.
        private static let patience = Duration.seconds(40)

        private func silently(_ client: DBusBroker, _ request: BrokerRequest) async -> BrokerFailure? {
            await BrokerStage.failure { () async throws(BrokerFailure) in
                _ = try await client.acquireSilently(request, account: nil)
            }
        }

        private func reason(_ failure: BrokerFailure?) -> String? {
            if case .absent(let reason) = failure?.kind { reason } else { nil }
        }

        // MARK: The bus

        @Test(
            arguments: [
                (["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nobody/there"], "no session bus"),
                (["DBUS_SESSION_BUS_ADDRESS": "autolaunch:"], "autolaunch"),
                (["DBUS_SESSION_BUS_ADDRESS": "unixexec:path=/bin/false"], "unixexec"),
                (["DBUS_SESSION_BUS_ADDRESS": "tcp:host=127.0.0.1,port=1"], "tcp"),
                (["XDG_RUNTIME_DIR": "/nobody/there"], "XDG_RUNTIME_DIR"),
                ([:], "DBUS_SESSION_BUS_ADDRESS"),
            ] as [(EnvironmentVariables, String)])
        func withoutABusThereIsNoBroker(variables: EnvironmentVariables, word: String) async throws {
            let failure = await self.silently(BrokerStage.client(variables), BrokerStage.request())
            #expect(self.reason(failure)?.contains(word) == true, "\(failure as Any)")
        }

        @Test func aBusWithoutABrokerSaysSo() async throws {
            try await BrokerStage.with { stage in
                let failure = await self.silently(stage.client, BrokerStage.request())
                let reason = try #require(self.reason(failure), "\(failure as Any)")
                #expect(reason.contains("no identity broker on the session bus"))
            }
        }

        @Test(arguments: ["garbage garbage garbage\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "OK \r\n\u{1}\u{2}\r\n"])
        func whatIsNoBusIsTakenForNone(greeting: String) async throws {
            try await BrokerStage.withImpostor(greeting: greeting) { variables in
                let failure = await self.silently(BrokerStage.client(variables), BrokerStage.request())
                #expect(self.reason(failure)?.contains("no session bus") == true, "\(failure as Any)")
            }
        }

        @Test func aBusThatSaysNothingIsGivenUp() async throws {
            let start = ContinuousClock.now
            try await BrokerStage.withImpostor(greeting: "") { variables in
                let failure = await self.silently(BrokerStage.client(variables), BrokerStage.request(timeout: .seconds(1)))
                #expect(failure?.kind == .timedOut)
                let task = Task {
                    await self.silently(BrokerStage.client(variables), BrokerStage.request(timeout: .seconds(600)))
                }
                task.cancel()
                #expect(await task.value?.kind == .cancelled)
            }
            #expect(start.duration(to: .now) < Self.patience)
        }

        @Test func aBusThatEndsIsTemporary() async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.play(.never)
                async let failure = self.silently(stage.client, BrokerStage.request(timeout: .seconds(600)))
                await broker.waitForCalls(1)
                kill(stage.process, SIGKILL)
                let kind = await failure?.kind
                #expect(kind == .temporary)
            }
        }

        @Test func aDeadlineThatHasPassedIsNotWaitedFor() async throws {
            try await BrokerStage.withBroker { stage, broker in
                let failure = await self.silently(stage.client, BrokerStage.request(timeout: .seconds(-1)))
                #expect(failure?.kind == .timedOut && broker.calls.isEmpty)
            }
        }

        // MARK: The broker

        private static let deadlyText = String(repeating: "[", count: 100_000)

        @Test(arguments: [
            (EmulatedBrokerFault.garbage, BrokerFailure.Kind.protocolError, ""), (.text(""), .protocolError, ""),
            (.text("{}"), .protocolError, ""), (.text(Self.deadlyText), .protocolError, ""),
            (.text(#"{"brokerTokenResponse":{"accessToken":7}}"#), .protocolError, ""), (.wrongType, .protocolError, "type"),
            (.huge(bytes: 2 << 20), .protocolError, "larger than"), (.interactionRequired, .interactionRequired, "AADSTS50076"),
            (.error(status: 3, context: "offline"), .noNetwork, "offline"), (.error(status: 8), .refused, ""),
            (.error(status: 19), .refused, ""), (.error(status: 21), .refused, ""),
            (.error(status: 16), .accountNotFound, ""), (.busError(), .refused, "Internal error"),
            (.busError(name: "org.freedesktop.DBus.Error.NoReply", message: "gone"), .temporary, "gone"),
            (.busError(name: "org.freedesktop.DBus.Error.UnknownMethod", message: "what?"), .protocolError, "what?"),
            (.busError(name: "com.example.Error", message: "\u{1B}[31mred"), .refused, "com.example.Error: red"),
        ])
        func whatTheBrokerSaysInsteadOfATokenIsAnError(
            fault: EmulatedBrokerFault,
            kind: BrokerFailure.Kind,
            word: String
        ) async throws {
            try await BrokerStage.withBroker { stage, broker in
                let account = try await stage.client.accounts(BrokerStage.request()).first
                broker.play(fault, on: .acquireTokenSilently, calls: 1)
                let failure = await BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
                }
                #expect(failure?.kind == kind && (word.isEmpty || failure?.context.contains(word) == true), "\(failure as Any)")
                #expect(failure?.context.contains("\u{1B}") == false)
                // It passes.
                _ = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
            }
        }

        /// Whom the window was opened for isn't who has signed in.
        @Test func anAnswerWithoutAnAccountSaysNothingOfWhoIsAskedFor() async throws {
            try await BrokerStage.withBroker { stage, broker in
                let account = try await stage.client.accounts(BrokerStage.request()).first
                broker.play(
                    .text(#"{"brokerTokenResponse":{"accessToken":"opaque"}}"#), on: .acquireTokenInteractively, calls: 1)
                let answer = try await stage.client.acquireInteractively(BrokerStage.request(), account: account)
                #expect(account != nil && answer.account == nil && answer.token.revealed == "opaque")
            }
        }

        @Test(arguments: [EmulatedBrokerFault.huge(bytes: 512 << 10), .late(.milliseconds(300))])
        func muchAndLateIsTakenAsLongAsItIsWithinBounds(fault: EmulatedBrokerFault) async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.play(fault)
                let answer = try await stage.client.acquireSilently(BrokerStage.request(), account: nil)
                #expect(UnverifiedClaims(token: answer.token.revealed)?.objectID == Sample.userObjectID)
            }
        }

        @Test func aBrokerThatDiesWhileItIsAskedIsTemporary() async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.play(.death)
                let failure = await self.silently(stage.client, BrokerStage.request(timeout: .seconds(600)))
                #expect(failure?.kind == .temporary, "\(failure as Any)")
                let after = await self.silently(stage.client, BrokerStage.request())
                #expect(self.reason(after) != nil, "\(after as Any)")
            }
        }

        @Test func aBrokerThatNeverAnswersIsGivenUp() async throws {
            let start = ContinuousClock.now
            try await BrokerStage.withBroker { stage, broker in
                // Loading and connecting take time of their own.
                _ = try await stage.client.accounts(BrokerStage.request())
                broker.play(.never, calls: 1)
                async let hanging = self.silently(stage.client, BrokerStage.request(timeout: .seconds(10)))
                await broker.waitForCalls(2)
                // Nobody waits behind one that hangs.
                _ = try await stage.client.accounts(BrokerStage.request())
                let kind = await hanging?.kind
                #expect(kind == .timedOut)
            }
            #expect(start.duration(to: .now) < Self.patience)
        }

        @Test func whoIsCancelledLeavesAtOnce() async throws {
            let start = ContinuousClock.now
            try await BrokerStage.withBroker { stage, broker in
                broker.play(.never)
                for count in 1...5 {
                    let task = Task { await self.silently(stage.client, BrokerStage.request(timeout: .seconds(600))) }
                    await broker.waitForCalls(count)
                    task.cancel()
                    #expect(await task.value?.kind == .cancelled)
                }
                let task = Task { await self.silently(stage.client, BrokerStage.request(timeout: .seconds(600))) }
                task.cancel()
                #expect(await task.value?.kind == .cancelled)
            }
            #expect(start.duration(to: .now) < Self.patience)
        }

        @Test(arguments: [true, false])
        func aWindowNobodyWaitsForIsCancelled(isCancelled: Bool) async throws {
            let start = ContinuousClock.now
            try await BrokerStage.withBroker { stage, broker in
                // Loading and connecting take time of their own.
                _ = try await stage.client.accounts(BrokerStage.request())
                broker.setWindowConduct(.leavesOpen)
                let request = BrokerStage.request(timeout: isCancelled ? .seconds(600) : .seconds(10))
                let task = Task {
                    await BrokerStage.failure { () async throws(BrokerFailure) in
                        _ = try await stage.client.acquireInteractively(request, account: nil)
                    }
                }
                await broker.waitForWindows(1)
                if isCancelled { task.cancel() }
                #expect(await task.value?.kind == (isCancelled ? .cancelled : .timedOut))
                await broker.waitForCalls(3)
                try await Patience.wait(for: "the window to close") { broker.openWindowCount == 0 }
                let last = try #require(broker.calls.last)
                #expect(last.method == .cancelInteractiveFlow && last.correlationID == request.correlationID)
            }
            #expect(start.duration(to: .now) < Self.patience)
        }
    }
}
#endif
