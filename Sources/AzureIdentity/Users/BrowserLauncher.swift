// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Why no browser can be used, so that another way to sign in may be worth a try.
enum BrowserProblem: Error, Sendable {
    case headless
    /// There is a screen, but nothing that could show a page on it.
    case noLauncher
    case notOpened(reason: String, underlyingError: (any Error)?)
    case notListening(RedirectListenerProblem)
}

/// Opens a page with the first command that works.
struct BrowserLauncher: Sendable {
    let plan: BrowserPlan
    /// How long a command may take to fail; what runs longer is a browser.
    var patience = Duration.seconds(3)
    let start: ProgramStart

    /// - Throws: ``BrowserProblem`` if nothing here can open a page, which is known before one is to be opened.
    func check() throws {
        guard self.plan.commands(for: "https://localhost/").isEmpty else { return }
        throw self.plan.isHeadless ? BrowserProblem.headless : BrowserProblem.noLauncher
    }

    /// Opens a page.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - isOpened: Whether somebody is there already. A command may say that it failed and have opened the page all the same; an address
    ///     that leads somewhere once isn't given to another one then.
    /// - Throws: ``BrowserProblem``, or `CancellationError`.
    func open(_ page: URL, isOpened: @Sendable () -> Bool = { false }) async throws {
        var complaints: [String] = []
        for command in self.plan.commands(for: page.absoluteString) {
            let name = command.executable.split(separator: "/").last.map(String.init) ?? command.executable
            do {
                guard let status = try await self.start(self.toolCommand(command)), status != 0 else { return }
                complaints.append("\(name) ended with status \(status)")
            } catch let failure as ToolFailure {
                complaints.append(Self.complaint(failure, name: name))
            }
            if isOpened() { return }
        }
        throw BrowserProblem.notOpened(reason: complaints.joined(separator: "; "), underlyingError: nil)
    }

    private func toolCommand(_ command: BrowserPlan.Command) -> ToolCommand {
        ToolCommand(
            executable: command.executable,
            arguments: command.arguments,
            environment: self.plan.environment.forPrograms,
            timeout: self.patience
        )
    }

    private static func complaint(_ failure: ToolFailure, name: String) -> String {
        switch failure {
        case .notStarted(let reason): "\(name) didn't start (\(reason))"
        case .outOfDescriptors: "\(name) didn't start (too many open files)"
        case .timedOut, .tooMuchOutput: "\(name) didn't work"
        }
    }
}
