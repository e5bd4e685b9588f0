// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// Microsoft's own broker library, in a process of its own: it reads the process's variables, and looks for the broker on the bus.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.msalRuntime.isWanted)) struct MSALRuntimeRealTests {
        /// Runs the probe at a bus, with a home of the test's own: the library keeps accounts in the keyring, which the bus starts there.
        private func probe(_ stage: BrokerStage, bus: String? = nil, _ arguments: String...) async throws -> Program.Run {
            var environment = CacheHome(path: stage.folder).environment
            environment["DBUS_SESSION_BUS_ADDRESS"] = bus ?? stage.address
            let program = Program(path: Program.products.appending(path: "BrokerProbe").path(), environment: environment)
            let request = ["client=\(Sample.publicClientID)", "tenant=\(Sample.tenantID)", "scope=\(vaultScope)"]
            let run = try await program.run([RealPart.msalRuntimePath] + arguments + request)
            // The library's threads don't keep the process from its end.
            #expect(run.status == 0, "\(run)")
            return run
        }

        @Test(arguments: ["silent", "interactive", "accounts"]) func withoutABrokerItIsAbsent(_ command: String) async throws {
            try await BrokerStage.with { stage in
                for bus in [stage.address, "unix:path=\(stage.folder)/nobody"] {
                    let run = try await self.probe(stage, bus: bus, command)
                    let reason = "absent: Microsoft's broker library is installed and finds no broker"
                    #expect(run.output.hasPrefix(reason), "\(run)")
                    #expect(run.output.contains("Broker cannot be initialized") && run.output.contains("(status 6)"), "\(run)")
                }
            }
        }

        @Test(arguments: ["silent", "interactive"]) func aTokenComesFromTheEmulatedBroker(_ command: String) async throws {
            try await BrokerStage.withBroker { stage, broker in
                let run = try await self.probe(stage, command)
                #expect(run.output.hasPrefix("token: user \(Sample.userName), expires in the future, "), "\(run)")
                #expect(broker.callCount(of: command == "silent" ? .acquireTokenSilently : .acquireTokenInteractively) == 1)
            }
        }

        @Test func aBrokerThatHangsIsLeftInTime() async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.play(.never, on: .acquireTokenSilently)
                let run = try await self.probe(stage, "silent", "seconds=3")
                #expect(run.output.hasPrefix("timedOut: "), "\(run)")
            }
        }

        @Test func anErrorOfTheBrokersIsItsError() async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.play(.interactionRequired, on: .acquireTokenSilently)
                let run = try await self.probe(stage, "silent")
                #expect(run.output.hasPrefix("interactionRequired: ") && run.output.contains("(status 2)"), "\(run)")
            }
        }
    }
}

extension RealPart {
    /// The library's file, from `AZID_TEST_MSALRUNTIME` or where `.ci/run` installs it.
    static let msalRuntimePath: String = {
        let variables = ProcessInfo.processInfo.environment
        if let path = variables["AZID_TEST_MSALRUNTIME"], !path.isEmpty { return path }
        let cache =
            variables["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? (variables["HOME"] ?? "/nonexistent") + "/.cache"
        let folder = cache + "/azure-identity-swift-ci"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let newest = versions.filter { $0.hasPrefix("pymsalruntime-") }.max() ?? "pymsalruntime"
        return "\(folder)/\(newest)/pymsalruntime/libmsalruntime.so"
    }()

    /// Microsoft's broker library with WebKit's, which it stands on, a bus and a keyring. WebKit's isn't loaded to find out: it is large, and
    /// stays.
    static let msalRuntime = RealPart(
        name: "Microsoft's broker library",
        isPresent: [msalRuntimePath, "/usr/bin/dbus-daemon", "/usr/bin/gnome-keyring-daemon"].allSatisfy {
            FileManager.default.fileExists(atPath: $0)
        }
            && ["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""].contains {
                FileManager.default.fileExists(atPath: "/usr/lib/\($0)libwebkit2gtk-4.1.so.0")
            }
    )
}
#endif
