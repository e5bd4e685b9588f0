// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// A cache in plain text, shared with Azure Identity for Python, which gets its tokens from the emulator.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.pythonIdentity.isWanted)) struct PythonCacheTests {
        /// Prints a token that Python's library keeps.
        private static let script = """
            import os
            from azure.identity import ClientSecretCredential, TokenCachePersistenceOptions
            credential = ClientSecretCredential(
                tenant_id=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"],
                client_secret=os.environ["AZURE_CLIENT_SECRET"], authority=os.environ["AZURE_AUTHORITY_HOST"],
                disable_instance_discovery=True,
                cache_persistence_options=TokenCachePersistenceOptions(name="shared", allow_unencrypted_storage=True))
            print(credential.get_token("https://vault.azure.net/.default").token)
            """

        private func token(_ home: CacheHome, _ stage: Stage) async throws -> String {
            var environment = stage.environment.merging(home.environment) { $1 }
            environment["REQUESTS_CA_BUNDLE"] = stage.caFile
            let run = try await Program(path: RealPart.pythonPath, environment: environment).run(["-c", Self.script])
            try #require(run.status == 0, "\(run.errors)")
            return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        @Test func pythonReadsWhatWeWriteAndWeReadWhatPythonWrites() async throws {
            try await Stage.with { stage in
                try await CacheHome.with { home in
                    let token = try await self.token(home, stage)
                    #expect(stage.emulator.tokenRequestCount == 1)
                    let read = try await home.probe("read", "shared", "required", "backend=unencrypted file")
                    #expect(read.secrets == [token], "\(read)")
                    let document = read.run.output.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? ""
                    // Another home, where only ours has written: Python finds the token there and asks nobody.
                    try await CacheHome.with { other in
                        _ = try await other.probe("merge", "shared", "required", "backend=unencrypted file", "json=\(document)")
                        #expect(try await self.token(other, stage) == token)
                        #expect(stage.emulator.tokenRequestCount == 1)
                    }
                }
            }
        }
    }
}
#endif
