// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Logging
import Testing

extension ToolProcesses {
    /// Programs that open a page, run for real.
    @Suite(.timeLimit(.minutes(10))) struct BrowserLaunchTests {
        /// A credential that sees these variables.
        private func credential(
            _ stage: Stage,
            _ variables: [String: String],
            change: (inout InteractiveBrowserCredential.Options) -> Void = { _ in }
        ) -> InteractiveBrowserCredential {
            let environment = ["AZURE_AUTHORITY_HOST": stage.server.url, "SSL_CERT_FILE": stage.caFile, "PATH": "/usr/bin:/bin"]
            var options = InteractiveBrowserCredential.Options()
            options.credentialOptions = CredentialOptions(
                logging: LoggingOptions(logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }),
                tokenCache: .inMemory,
                environment: EnvironmentVariables(environment.merging(variables) { $1 })
            )
            // However busy the machine is: a program that fails is to be seen failing.
            options.credentialOptions.hostOverride = { host in
                var host = host
                host.browserPatience = .seconds(240)
                return host
            }
            change(&options)
            return InteractiveBrowserCredential(tenantID: Sample.tenantID, clientID: Sample.publicClientID, options: options)
        }

        @Test func aProgramThatFailsIsNoBrowser() async throws {
            try await Stage.with { stage in
                let credential = self.credential(stage, ["BROWSER": "false %s:/nonexistent/browser:sh -c 'exit 7'"])
                let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                #expect(error.code == .credentialUnavailable, "\(error)")
                #expect(error.message.contains("false ended with status 1; sh ended with status 7"), "\(error)")
                #expect(stage.emulator.tokenRequestCount == 0)
            }
        }

        @Test func thePageIsOneArgumentAndNothingIsExpanded() async throws {
            try await Stage.with { stage in
                let folder = FileManager.default.temporaryDirectory.appending(path: "launch-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: folder) }
                // Notes its arguments and its secrets, and fails, so that nobody waits for it.
                let script = #"for word in "$@" "${AZURE_CLIENT_SECRET-none}"; do printf '%s\n' "$word"; done >"$0"; exit 1"#
                let notes = folder.appending(path: "notes")
                try Data(script.utf8).write(to: folder.appending(path: "script"))
                let credential = self.credential(
                    stage,
                    [
                        "BROWSER": "sh -c '. \"$1\"/script' \"\(notes.path())\" '\(folder.path())' '$HOME;`id`' %s",
                        "AZURE_CLIENT_SECRET": "MARKED",
                    ])
                _ = try await authenticationError { try await credential.token(forScopes: vaultScope) }
                let lines = try String(contentsOf: notes, encoding: .utf8).split(separator: "\n")
                #expect(lines.count == 4 && lines[1] == "$HOME;`id`" && lines[3] == "none", "\(lines)")
                let page = try #require(URL(string: String(lines[2])))
                // Nothing that other users of the machine had better not read.
                #expect(page.absoluteString.wholeMatch(of: /http:\/\/localhost:[0-9]+\/[A-Za-z0-9_-]{43}/) != nil, "\(page)")
            }
        }

        @Test func aBrowserThatRunsOnIsLeftBe() async throws {
            let folder = FileManager.default.temporaryDirectory.path()
            let pipe = try NamedPipe(in: folder)
            defer { try? FileManager.default.removeItem(atPath: pipe.path) }
            let command = ToolCommand(
                executable: "/bin/sh",
                arguments: ["-c", "exec 3>\"$0\"; echo $$ >&3; exec sleep 600", pipe.path],
                environment: [:],
                timeout: .milliseconds(300)
            )
            async let status = Host.startProgram(command)
            var lines = pipe.lines().makeAsyncIterator()
            let process = try #require(await lines.next().flatMap { Int32($0) })
            #expect(try await status == nil)
            // Still there, and in a session of its own, which no signal to this one's group reaches.
            #expect(kill(process, 0) == 0 && getsid(process) == process)
            kill(process, SIGKILL)
            #expect(await lines.next() == nil)
        }
    }
}
#endif
