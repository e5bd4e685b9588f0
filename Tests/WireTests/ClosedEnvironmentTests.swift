// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// The demo and the tests talk to this machine alone.
@Suite(.timeLimit(.minutes(5))) struct ClosedEnvironmentTests {
    /// Variables that would lead elsewhere, if anything heeded them.
    private static let elsewhere = [
        "AZURE_AUTHORITY_HOST": "https://login.invalid", "AZURE_TENANT_ID": "x", "AZURE_CLIENT_ID": "x",
        "AZURE_CLIENT_SECRET": "x",
        "SSL_CERT_FILE": "/nonexistent", "HTTPS_PROXY": "http://127.0.0.1:1", "HOME": "/nonexistent", "PATH": "/nonexistent",
    ]

    @Test func theDemoHeedsNoVariable() async throws {
        let run = try await Program.azid(Self.elsewhere).run(["demo"])
        #expect(run.status == 0, "\(run)")
        let parts = [
            "ClientSecretCredential", "EnvironmentCredential", "AADSTS7000215", "Remedy (G09)", "1 request, 1 token",
            "AzureCLICredential", "ManagedIdentityCredential", "Remedy (G35)",
        ]
        for part in parts {
            #expect(run.output.contains(part), "\(part) in \(run.output)")
        }
        #expect(run.errors.isEmpty)
    }

    /// The demo's Azure CLI is its own, whatever the machine has.
    @Test func theDemoRunsNoToolOfTheMachine() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tools-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tools = try ToolStandIn.Tool.allCases.map { try ToolStandIn.install($0, answering: .notSignedIn, in: folder) }
        let variables = ["PATH": folder, "HOME": folder + "/nobody", "AZURE_TOKEN_CREDENTIALS": "nonsense"]
        let run = try await Program.azid(variables).run(["demo"])
        #expect(run.status == 0 && tools.allSatisfy(\.runs.isEmpty), "\(run)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/nobody"))
    }

    /// Whatever the default chain comes to in a test, it doesn't come to the metadata service of the machine: a variable leads it to a port
    /// that nobody listens on, or the test has a network of its own.
    @Test(.enabled(if: RealPart.networkNamespace.isWanted), .enabled(if: RealPart.pythonIdentity.isWanted))
    func noTestReachesTheMetadataService() async throws {
        #expect(Program.azid(Self.elsewhere).environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] == "http://127.0.0.1:1")
        let place = MetadataPlace.impostor("a witness", 200, body: "{}")
        let open = try await place.chainToken()
        #expect(open.status == 2 && open.paths.count <= 1, "\(open)")
        for credential in ["default", "managed-identity"] {
            let run = try await place.run(["--credential", credential], variables: Program.noMetadata)
            #expect(run.status == 2 && run.paths.isEmpty, "\(run)")
        }
    }

    @Test(.enabled(if: RealPart.networkNamespace.isWanted))
    func theDemoNeedsNothingButTheLoopbackInterface() async throws {
        let script = "ip link set lo up && ip -o link | wc -l && exec \"$0\" demo"
        let path = Program.azid().path
        let run = try await Program(path: "/usr/bin/env", environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
            .run(["unshare", "--net", "sh", "-c", script, path])
        #expect(run.status == 0 && run.output.hasPrefix("1\n"), "\(run)")
    }
}
#endif
