// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools && os(Linux)
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// What programs have loaded after they have asked for a token, by the system's word for it.
    @Suite(.timeLimit(.minutes(5))) struct LoadedLibrariesTests {
        /// What a way to a broker is made of.
        private static let broker = ["libgio", "libglib", "libgobject", "libdbus", "libsecret", "libmsalruntime", "libwebkit"]

        /// Those of the libraries that begin with one of some names.
        private func libraries(_ run: Program.Run, _ names: [String]) -> [String] {
            run.output.split(separator: "\n").dropFirst().map(String.init).filter { library in
                names.contains { library.hasPrefix($0) }
            }
        }

        /// The probe depends on AzureIdentity alone.
        @Test func aProgramWithoutTheBrokersProductLoadsNothingOfABroker() async throws {
            try await CacheHome.with { home in
                // A bus and a keyring would be there to be asked, as far as the variables say.
                let variables = [
                    "HOME": home.path, "PATH": "/nonexistent", "XDG_RUNTIME_DIR": "\(home.path)/run",
                    "DBUS_SESSION_BUS_ADDRESS": "unix:path=\(home.path)/run/bus",
                ]
                let program = Program(path: CacheHome.probe, environment: Program.noMetadata.merging(variables) { $1 })
                let run = try await program.run(["libraries"])
                #expect(run.status == 0 && run.output.hasPrefix("an error after "), "\(run)")
                #expect(!run.output.hasPrefix("an error after 0 "), "\(run)")
                #expect(!self.libraries(run, ["libc."]).isEmpty, "\(run)")
                #expect(self.libraries(run, Self.broker).isEmpty, "\(run)")
            }
        }

        /// That this would be seen: a program with the product, which has asked.
        @Test(.enabled(if: RealPart.sessionBus.isWanted)) func aProgramThatHasAskedABrokerHasLoadedGIO() async throws {
            try await BrokerStage.withBroker { stage, _ in
                var environment = CacheHome(path: stage.folder).environment
                environment["DBUS_SESSION_BUS_ADDRESS"] = stage.address
                let program = Program(path: Program.products.appending(path: "BrokerProbe").path(), environment: environment)
                let run = try await program.run([
                    "bus", "silent", "libraries", "client=\(Sample.publicClientID)", "tenant=\(Sample.tenantID)",
                    "scope=\(vaultScope)",
                ])
                #expect(run.status == 0 && run.output.hasPrefix("token: "), "\(run)")
                #expect(!self.libraries(run, ["libgio"]).isEmpty && !self.libraries(run, ["libglib"]).isEmpty, "\(run)")
                #expect(self.libraries(run, ["libmsalruntime", "libwebkit"]).isEmpty, "\(run)")
            }
        }
    }
}
#endif
