// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which commands open a page, and what becomes of them.
@Suite struct BrowserPlanTests {
    private static let page = "https://login.example/authorize?a=b&c='d'%20e"

    /// A plan on a machine where these programs are in `/bin`.
    private func plan(
        _ programs: Set<String>,
        _ environment: EnvironmentVariables,
        on platform: BrowserPlatform = .unix
    ) -> BrowserPlan {
        BrowserPlan(platform: platform, environment: environment) { names, environment in
            let folder = environment["PATH"] == "/opt/my" ? "/opt/my" : "/bin"
            return names.first(where: programs.contains).map { .found("\(folder)/\($0)") } ?? .absent
        }
    }

    private func commands(
        _ programs: Set<String>,
        _ environment: EnvironmentVariables,
        on platform: BrowserPlatform = .unix
    ) -> [[String]] {
        self.plan(programs, environment, on: platform).commands(for: Self.page).map { [$0.executable] + $0.arguments }
    }

    @Test func theVariableGoesFirst() {
        let variables: EnvironmentVariables = ["BROWSER": "mine --new %s:other", "DISPLAY": ":0"]
        #expect(
            self.commands(["mine", "other", "xdg-open"], variables)
                == [["/bin/mine", "--new", Self.page], ["/bin/other", Self.page], ["/bin/xdg-open", Self.page]])
        #expect(self.commands(["other"], variables) == [["/bin/other", Self.page]])
    }

    @Test(
        arguments: [
            ("my 'a b' \"c'd\" e\\ f %s x%s", ["/bin/my", "a b", "c'd", "e f", "PAGE", "xPAGE"]),
            ("my %% %d '' $HOME ;id `id` $(id) &", ["/bin/my", "%", "%d", "", "$HOME", ";id", "`id`", "$(id)", "PAGE"]),
            ("/opt/my/my %s", ["/opt/my/my", "PAGE"]), ("my \"unclosed %s", ["/bin/my", "unclosed PAGE"]),
        ]
    )
    func theVariableIsSplitAndNeverGivenToAShell(text: String, expected: [String]) {
        let commands = self.commands(["my"], ["BROWSER": text])
        #expect(commands == [expected.map { $0.replacing("PAGE", with: Self.page) }])
    }

    @Test(arguments: ["./my %s", "bin/my", "&", " ", "''", "/", "nothing"])
    func commandsThatDependOnWhereWeAreOrAreMissingAreLeftOut(text: String) {
        #expect(self.commands(["my"], ["BROWSER": text]) == [])
    }

    @Test func withoutAScreenThereIsNoBrowser() {
        #expect(self.commands(["xdg-open", "x-www-browser"], [:]) == [])
        #expect(self.plan(["xdg-open"], [:]).isHeadless)
        #expect(self.commands(["xdg-open"], ["WAYLAND_DISPLAY": "wayland-0"]) == [["/bin/xdg-open", Self.page]])
        #expect(!self.plan([], ["DISPLAY": ":0"]).isHeadless)
        #expect(self.commands([], ["DISPLAY": ":0"]) == [])
    }

    @Test func theSubsystemForLinuxOpensTheBrowserOfWindows() {
        let quoted = Self.page.replacing("'", with: "%27")
        #expect(
            self.commands(["wslview", "powershell.exe", "xdg-open"], ["DISPLAY": ":0"])
                == [
                    ["/bin/wslview", Self.page],
                    ["/bin/powershell.exe", "-NoProfile", "-NonInteractive", "-Command", "Start-Process '\(quoted)'"],
                    ["/bin/xdg-open", Self.page],
                ])
        #expect(self.commands(["wslview"], [:]) == [["/bin/wslview", Self.page]])
    }

    @Test func otherSystemsHaveTheirOwn() {
        #expect(self.commands(["open", "xdg-open"], [:], on: .macOS) == [["/bin/open", Self.page]])
        #expect(
            self.commands(["rundll32.exe"], ["BROWSER": "C:\\x.exe"], on: .windows)
                == [["/bin/rundll32.exe", "url.dll,FileProtocolHandler", Self.page]])
    }

    @Test func theFirstCommandThatWorksIsEnough() async throws {
        let started = Locked<[ToolCommand]>([])
        let plan = self.plan(["a", "b", "c", "d"], ["BROWSER": "a:b:c:d", "AZURE_CLIENT_SECRET": "secret", "HOME": "/home"])
        let launcher = BrowserLauncher(plan: plan) { command in
            started.withLock { $0.append(command) }
            switch command.executable {
            case "/bin/a": return 3
            case "/bin/b": throw ToolFailure.notStarted(reason: "no")
            default: return nil
            }
        }
        try await launcher.open(#require(URL(string: Self.page)))
        let commands = started.withLock { $0 }
        #expect(commands.map(\.executable) == ["/bin/a", "/bin/b", "/bin/c"])
        #expect(commands.allSatisfy { $0.environment["HOME"] == "/home" && $0.environment["AZURE_CLIENT_SECRET"] == nil })
    }

    /// A command may open the page and say all the same that it failed; the page's address is good for once.
    @Test func aPageThatIsOpenIsNotOpenedAgain() async throws {
        let started = Locked<[String]>([])
        let launcher = BrowserLauncher(plan: self.plan(["a", "b", "c"], ["BROWSER": "a:b:c"])) { command in
            started.withLock { $0.append(command.executable) }
            if command.executable == "/bin/a" { throw ToolFailure.timedOut }
            return 1
        }
        try await launcher.open(
            #require(URL(string: Self.page)), isOpened: { started.withLock { $0.last == "/bin/b" } })
        let commands = started.withLock { $0 }
        #expect(commands == ["/bin/a", "/bin/b"])
    }

    @Test func anEntryKnowsWhetherSomebodyWasThere() throws {
        let entry = SignInEntry()
        _ = entry.enter()
        #expect(!entry.isUsed)
        entry.open(to: try #require(URL(string: Self.page)))
        #expect(!entry.isUsed)
        _ = entry.enter()
        #expect(entry.isUsed)
    }

    @Test func whyNoneWorkedIsSaid() async throws {
        let launcher = BrowserLauncher(plan: self.plan(["a", "b"], ["BROWSER": "a:b"])) { command in
            if command.executable == "/bin/a" { return 4 }
            throw ToolFailure.outOfDescriptors
        }
        try launcher.check()
        do {
            try await launcher.open(#require(URL(string: Self.page)))
            Issue.record("nothing was opened")
        } catch BrowserProblem.notOpened(let reason, _) {
            #expect(reason == "a ended with status 4; b didn't start (too many open files)")
        }
        #expect(throws: BrowserProblem.self) { try BrowserLauncher(plan: self.plan([], [:])) { _ in nil }.check() }
    }
}
