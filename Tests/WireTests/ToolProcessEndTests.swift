// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// How runs of developer tools end: nothing that they started stays behind, and nothing that stays behind holds anybody up.
    @Suite(.timeLimit(.minutes(5))) struct ToolProcessEndTests {
        /// Long enough for a shell to start its family on a machine that has much to do.
        private static let patience = Duration.seconds(5)

        /// Ends what a test may have left, if it was this test's.
        private func tidyUp(_ processes: [Int32]) {
            for process in processes where Patience.isRunning(process) { kill(process, SIGKILL) }
        }

        @Test(arguments: ToolSubject.allCases)
        func aTimeoutEndsAllOfIt(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: .shell(ToolPlace.family)) { place in
                let credential = subject.credential(place.tool.environment, processTimeout: Self.patience)
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .credentialUnavailable && error.isRetryable && error.message.contains("within 5 s"))
                let processes = try await place.processes()
                defer { self.tidyUp(processes) }
                #expect(processes.count == 4)
                try await Patience.waitForEnd(of: processes)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func aToolThatDoesNotListenIsEnded(subject: ToolSubject) async throws {
            let deaf = ToolStandIn.Answer.shell(
                """
                trap '' TERM INT HUP
                echo $$ >"$STAND_IN/pids.part"; mv "$STAND_IN/pids.part" "$STAND_IN/pids"
                while :; do sleep 1000; done
                """
            )
            try await ToolPlace.with(subject, answering: deaf) { place in
                let credential = subject.credential(place.tool.environment, processTimeout: Self.patience)
                _ = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                let processes = try await place.processes()
                defer { self.tidyUp(processes) }
                try await Patience.waitForEnd(of: processes)
            }
        }

        @Test(arguments: ToolSubject.allCases)
        func cancellationEndsAllOfIt(subject: ToolSubject) async throws {
            try await ToolPlace.with(subject, answering: .shell(ToolPlace.family)) { place in
                let credential = subject.credential(place.tool.environment)
                let call = Task { try await credential.token(forScopes: vaultScope) }
                let processes = try await place.processes()
                defer { self.tidyUp(processes) }
                #expect(processes.count == 4 && processes.allSatisfy(Patience.isRunning))
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                try await Patience.waitForEnd(of: processes)
            }
        }

        /// One of two callers leaves; the process goes on for the other.
        @Test(arguments: ToolSubject.allCases)
        func aCallerLeavesAlone(subject: ToolSubject) async throws {
            let token = ToolPlace.token()
            let waits = """
                : >"$STAND_IN/started"
                until [ -e "$STAND_IN/go" ]; do sleep 0.05; done
                printf '%s\\n' '\(subject.output(token))'
                """
            try await ToolPlace.with(subject, answering: .shell(waits)) { place in
                let credential = subject.credential(place.tool.environment)
                let leaving = Task { try await credential.token(forScopes: vaultScope) }
                _ = try await place.text("started")
                let staying = Task { try await credential.token(forScopes: vaultScope) }
                leaving.cancel()
                await #expect(throws: CancellationError.self) { try await leaving.value }
                try Data().write(to: URL(filePath: "\(place.tool.dataFolder)/go"))
                #expect(try await staying.value.token == token)
            }
        }

        /// Nobody waits for what a tool that has ended left running, though it could still write to the tool's output.
        @Test(arguments: ToolSubject.allCases)
        func whatStaysBehindDelaysNothing(subject: ToolSubject) async throws {
            let token = ToolPlace.token()
            let answer = ToolStandIn.Answer.shell(
                """
                sleep 1000 &
                echo $! >"$STAND_IN/pids"
                printf '%s\\n' '\(subject.output(token))'
                """
            )
            try await ToolPlace.with(subject, answering: answer) { place in
                let start = ContinuousClock.now
                #expect(try await subject.credential(place.tool.environment).token(forScopes: vaultScope).token == token)
                #expect(start.duration(to: .now) < .seconds(50), "the answer came when time was up")
                self.tidyUp(try await place.processes())
            }
        }

        /// The tool `azid` leaves nothing behind when it is told to end, whichever signal tells it.
        @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
        func azidLeavesNothingBehind(signal: Int32) async throws {
            try await ToolPlace.with(.azureCLI, answering: .shell(ToolPlace.family)) { place in
                var processes: [Int32] = []
                let azid = Program.azid(place.tool.environment.dictionary)
                let arguments = ["token", "--credential", "azure-cli", "--scope", vaultScope]
                let status = try await azid.run(arguments, awaiting: 0, thenSending: signal) { _, _ in
                    processes = try await place.processes()
                }
                defer { self.tidyUp(processes) }
                #expect(status == 128 + signal && processes.count == 4)
                try await Patience.waitForEnd(of: processes)
            }
        }

        /// A tool may tidy up before it is ended.
        @Test func aToolIsAskedToEndFirst() async throws {
            let tidy = ToolStandIn.Answer.shell(
                """
                trap ': >"$STAND_IN/asked"; exit 1' TERM
                echo $$ >"$STAND_IN/pids.part"; mv "$STAND_IN/pids.part" "$STAND_IN/pids"
                sleep 1000 & wait
                """
            )
            try await ToolPlace.with(.azureCLI, answering: tidy) { place in
                let credential = ToolSubject.azureCLI.credential(place.tool.environment)
                let call = Task { try await credential.token(forScopes: vaultScope) }
                let processes = try await place.processes()
                defer { self.tidyUp(processes) }
                call.cancel()
                _ = try await place.text("asked")
                try await Patience.waitForEnd(of: processes)
            }
        }
    }
}
#endif
