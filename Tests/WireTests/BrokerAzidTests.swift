// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// `azid emulator --broker`, and programs that ask that broker.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.sessionBus.isWanted)) struct BrokerAzidTests {
        private static let start = ["emulator", "--port", "0", "--broker"]
        private static let command = [
            "--", Program.products.appending(path: "azid").path(), "token", "--credential", "broker",
            "--use-default-broker-account", "--scope", vaultScope, "--output", "value",
        ]

        /// The tool on a bus, in a home of the test's own.
        private func azid(_ stage: BrokerStage) -> Program {
            Program.azid(["DBUS_SESSION_BUS_ADDRESS": stage.address, "HOME": stage.folder, "PATH": "/usr/bin:/bin"])
        }

        @Test func aProgramGetsItsTokenFromTheBroker() async throws {
            try await BrokerStage.with { stage in
                let run = try await self.azid(stage).run(Self.start + Self.command)
                let token = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(run.status == 0 && UnverifiedClaims(token: token)?.objectID == Sample.userObjectID, "\(run)")
                let other = try await self.azid(stage).run(Self.start + ["--broker-user", Sample.otherUserName] + Self.command)
                let otherToken = other.output.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(UnverifiedClaims(token: otherToken)?.userName == Sample.otherUserName, "\(other)")
            }
        }

        @Test func whatKeepsTheBrokerAwayIsSaid() async throws {
            let without = try await Program.azid().run(Self.start)
            #expect(without.status == 4 && without.errors.contains("dbus-run-session"), "\(without)")
            try await BrokerStage.withBroker { stage, _ in
                let second = try await self.azid(stage).run(Self.start)
                #expect(second.status == 4 && second.errors.contains("com.microsoft.identity.broker1"), "\(second)")
                let nobody = try await self.azid(stage).run(Self.start + ["--broker-user", "nobody@contoso.example"])
                #expect(nobody.status == 4 && nobody.errors.contains("no user"), "\(nobody)")
            }
            let lonely = try await Program.azid().run(["emulator", "--broker-user", Sample.userName])
            #expect(lonely.status == 64 && lonely.errors.contains("--broker"), "\(lonely)")
        }
    }
}
#endif
