// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Foundation
import ScenarioSupport
import Testing

extension ToolProcesses {
    /// The search for marked secrets in the list of processes, and that the search finds. `ScenarioAzidTests` searches what azid prints, logs
    /// and leaves in all scenarios, `SecretsHuntTests` what comes out of the library.
    @Suite(.timeLimit(.minutes(5))) struct SecretsHuntProcessTests {
        /// The hunt can find: with content logging, which is explicit, what travelled is in standard error.
        @Test(arguments: [
            ("client-secret", ["client secret", "access token"]), ("client-certificate-pem", ["assertion", "access token"]),
            ("managed-identity-app-service", ["identity header", "access token"]),
            ("username-password", ["password", "access token"]), ("azure-pipelines", ["assertion", "system access token"]),
            ("github-actions", ["assertion", "request token of GitHub"]), ("device-code", ["device code", "access token"]),
            ("on-behalf-of", ["user's token", "client secret"]),
        ])
        func contentLoggingShowsThem(name: String, kinds: [String]) async throws {
            let ground = try await AzidGround(ScenarioLibrary.named(name), ["--log-content"])
            let found = Set(ground.findings(in: ["standard error"]).map(\.kind))
            #expect(found.isSuperset(of: kinds), "\(name): \(found.sorted())")
        }

        /// A stage's variables, and each secret as the value of one.
        private static func environment(_ stage: ScenarioStage, _ words: ScenarioWords) -> [String: String] {
            var environment = stage.environment
            for secret in ConfiguredSecret.allCases { environment["AZURE_\(secret.rawValue)"] = words[secret.rawValue] }
            environment["AZURE_CLIENT_SECRET"] = words["secret"]
            environment["AZURE_PASSWORD"] = words["password"]
            environment["IDENTITY_HEADER"] = words["identityHeader"]
            environment["SYSTEM_ACCESSTOKEN"] = words["systemAccessToken"]
            return environment
        }

        /// While a tool runs, it has Swift's runtime report a crash of azid, which has the secrets in its variables and its memory.
        @Test func theReportOfACrashHoldsNoSecret() async throws {
            let words = ScenarioWords.marked()
            try await ScenarioStage.with(ScenarioLibrary.named("azure-cli"), words: words) { stage in
                let crash = ToolStandIn.Answer.shell("kill -SEGV $PPID; echo 'ERROR: none' >&2; exit 1")
                _ = try ToolStandIn.install(.azureCLI, answering: crash, in: stage.place.path + "/bin")
                var environment = Self.environment(stage, words)
                // Names of functions take long to find, and hold nothing.
                environment["SWIFT_BACKTRACE"] = "enable=yes,color=no,symbolicate=off,threads=all,registers=all,interactive=no"
                let run = try await Program.azid(environment).run(stage.arguments)
                #expect(run.errors.contains("Program crashed") && run.errors.contains("rsp 0x"), "\(run.errors.count) characters")
                let outputs = [SecretHunt.Output("standard error", run.errors), .init("standard output", run.output)]
                #expect(SecretHunt(words.secrets).findings(in: outputs).isEmpty)
            }
        }

        /// While a tool runs, it looks at the command lines of all processes, azid's and its own among them.
        @Test(arguments: ToolStandIn.Tool.allCases)
        func theListOfProcessesHoldsNoSecret(tool: ToolStandIn.Tool) async throws {
            let names: [ToolStandIn.Tool: String] = [
                .azureCLI: "azure-cli", .azureDeveloperCLI: "azure-developer-cli", .azurePowerShell: "azure-powershell",
            ]
            let name = try #require(names[tool])
            let words = ScenarioWords.marked()
            try await ScenarioStage.with(ScenarioLibrary.named(name), words: words) { stage in
                let look = """
                    for list in /proc/[0-9]*/cmdline; do tr '\\000' ' ' <"$list" && echo; done >"$STAND_IN/processes" 2>/dev/null
                    exit 1
                    """
                let standIn = try ToolStandIn.install(tool, answering: .shell(look), in: stage.place.path + "/bin")
                _ = try await Program.azid(Self.environment(stage, words)).run(stage.arguments)
                let list = try String(contentsOfFile: standIn.dataFolder + "/processes", encoding: .utf8)
                // Both are in the list.
                #expect(list.contains("--credential \(name)") && list.contains(standIn.path), "\(list.count) characters")
                let outputs =
                    [SecretHunt.Output("the list of processes", list)]
                    + standIn.runs.map { .init("arguments of \(tool.rawValue)", $0.joined(separator: " ")) }
                #expect(SecretHunt(words.secrets).findings(in: outputs).isEmpty)
            }
        }

        /// A proxy's password is in a variable, goes to the proxy, and nowhere else.
        @Test func theProxysPasswordIsHidden() async throws {
            let password = SecretMark.make()
            let wrong = SecretMark.make()
            let hunt = SecretHunt([password, wrong].map { .init(kind: "proxy's password", text: $0, isCut: true) })
            try await Stage.with { stage in
                try await withEmulatorProxy(requiring: (user: "user", password: Secret(password))) { proxy in
                    // Loopback addresses are reached without a proxy, so the authority has a name that only the proxy knows.
                    proxy.lead("login.example.test:443", toHost: "127.0.0.1", port: stage.server.port)
                    var environment = stage.environment
                    environment["AZURE_AUTHORITY_HOST"] = "https://login.example.test"
                    for (text, url) in [(password, proxy.url), (wrong, proxy.url), (wrong, "http://127.0.0.1:1")] {
                        let targets = proxy.targets.count
                        environment["HTTPS_PROXY"] = url.replacing("://", with: "://user:\(text)@")
                        let run = try await Program.azid(environment)
                            .run(["token", "--credential", "client-secret", "--scope", vaultScope, "--log-level", "trace"])
                        // The right password leads to the server, whose certificate is for another name; the wrong one is a mistake in
                        // the configuration.
                        let isRefused = text == wrong && url == proxy.url
                        #expect(run.status == (isRefused ? 4 : 1), "\(run.status)")
                        #expect(run.output.isEmpty && run.errors.contains("HTTP exchange"))
                        #expect((proxy.targets.count > targets) == (url == proxy.url))
                        #expect(run.errors.contains("407") == isRefused, "\(run.errors.count) characters")
                        #expect(hunt.findings(in: [.init("standard error", run.errors)]).isEmpty)
                    }
                }
            }
        }
    }
}
#endif
