// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
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
        for part in ["ClientSecretCredential", "EnvironmentCredential", "AADSTS7000215", "Remedy (G09)", "1 request, 1 token"] {
            #expect(run.output.contains(part), "\(part) in \(run.output)")
        }
        #expect(run.errors.isEmpty)
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
