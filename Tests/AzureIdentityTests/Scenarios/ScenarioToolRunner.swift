// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import AzureIdentityTesting
import ScenarioSupport

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The developer tools of a scenario, without a process. Whether their arguments are right is tested with programs.
final class ScenarioToolRunner: ToolRunner {
    let id = ToolRunnerID()
    let tools: [String: Scenario.Tool]
    private let clock: VirtualClock
    private let log = Locked<[ToolCommand]>([])

    init(_ tools: [String: Scenario.Tool], clock: VirtualClock) {
        self.tools = tools
        self.clock = clock
    }

    /// What was run so far.
    var commands: [ToolCommand] { self.log.withLock { $0 } }

    func run(_ command: ToolCommand) async throws -> ToolRun {
        self.log.withLock { $0.append(command) }
        let name = command.executable.split(separator: "/").last.map(String.init) ?? ""
        guard let tool = self.tools[name] else { throw ToolFailure.notStarted(reason: "there is no such program") }
        if let token = tool.token { return self.success(name, token: token) }
        if tool.isSignedOut == true { return ToolRun(status: 1, output: [], errors: Array((Self.signedOut[name] ?? "").utf8)) }
        return ToolRun(status: tool.status ?? 0, output: Array((tool.output ?? "").utf8), errors: Array((tool.errors ?? "").utf8))
    }

    private static let signedOut = [
        "az": "ERROR: Please run 'az login' to setup account.\n", "azd": "ERROR: not logged in, run `azd auth login` to login\n",
        "pwsh": "Get-AzAccessToken: Run Connect-AzAccount to login.\n",
    ]

    private func success(_ name: String, token: String) -> ToolRun {
        let date = self.clock.date.addingTimeInterval(3600)
        let seconds = Int(date.timeIntervalSince1970)
        let text =
            switch name {
            case "az": #"{"accessToken":"\#(token)","expires_on":\#(seconds)}"#
            case "azd": #"{"token":"\#(token)","expiresOn":"\#(date.formatted(.iso8601))"}"#
            default: "azsdk%\(token)%\(seconds)"
            }
        return ToolRun(status: 0, output: Array(text.utf8), errors: [])
    }
}

extension ScenarioToolRunner: CustomReflectable {
    /// Shows nothing: it holds the tools' tokens.
    var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class, ancestorRepresentation: .suppressed)
    }
}
#endif
