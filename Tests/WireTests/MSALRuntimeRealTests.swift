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
        /// A bus and a home of the test's own. The library keeps accounts in the keyring, which the bus starts there.
        private func bus(_ body: (_ folder: String, _ address: String) async throws -> Void) async throws {
            try await ToolPlace.withFolder { folder in
                let address = "unix:path=\(folder)/bus"
                let environment = ["HOME": folder, "XDG_RUNTIME_DIR": folder, "PATH": "/usr/bin:/bin"]
                let daemon = Program(path: "/usr/bin/dbus-daemon", environment: environment)
                let arguments = ["--session", "--address=\(address)", "--nofork", "--nopidfile", "--print-address"]
                try await daemon.run(arguments, awaiting: 1) { _, lines in
                    try #require(lines.count == 1, "the bus didn't start")
                    try await body(folder, address)
                }
            }
        }

        private func probe(_ folder: String, bus address: String, _ arguments: String...) async throws -> Program.Run {
            let environment = [
                "HOME": folder, "XDG_RUNTIME_DIR": folder, "PATH": "/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": address,
            ]
            let path = Program.products.appending(path: "BrokerProbe").path()
            let run = try await Program(path: path, environment: environment).run([RealPart.msalRuntimePath] + arguments)
            // The library's threads don't keep the process from its end.
            #expect(run.status == 0, "\(run)")
            return run
        }

        @Test(arguments: ["silent", "interactive", "accounts"]) func withoutABrokerItIsAbsent(_ command: String) async throws {
            try await ToolPlace.withFolder { folder in
                let run = try await self.probe(folder, bus: "unix:path=\(folder)/nobody", command)
                #expect(run.output.hasPrefix("absent: Microsoft's broker library is installed and finds no broker"), "\(run)")
                #expect(run.output.contains("Broker cannot be initialized"), "\(run)")
                #expect(run.output.contains("status 6"), "\(run)")
            }
            try await self.bus { folder, address in
                let run = try await self.probe(folder, bus: address, command)
                #expect(run.output.hasPrefix("absent: "), "\(run)")
            }
        }

        @Test(arguments: ["silent", "interactive"]) func aTokenComesFromTheEmulatedBroker(_ command: String) async throws {
            try await self.bus { folder, address in
                let broker = try await EmulatedBroker.start(address: address)
                let run = try await self.probe(folder, bus: address, command, "scope=\(vaultScope)")
                await broker.stop()
                #expect(run.output.hasPrefix("token: "), "\(run)")
                #expect(run.output.contains("user \(Sample.userName)"), "\(run)")
                #expect(run.output.contains("expires in the future"), "\(run)")
            }
        }

        @Test func aBrokerThatHangsIsLeftInTime() async throws {
            try await self.bus { folder, address in
                let broker = try await EmulatedBroker.start(address: address)
                broker.play(.never, on: .acquireTokenSilently)
                let run = try await self.probe(folder, bus: address, "silent", "seconds=2")
                await broker.stop()
                #expect(run.output.hasPrefix("timedOut"), "\(run)")
            }
        }

        @Test func anErrorOfTheBrokersIsItsError() async throws {
            try await self.bus { folder, address in
                let broker = try await EmulatedBroker.start(address: address)
                broker.play(.interactionRequired, on: .acquireTokenSilently)
                let run = try await self.probe(folder, bus: address, "silent")
                await broker.stop()
                #expect(run.output.hasPrefix("interactionRequired"), "\(run)")
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
