// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks for a developer tool and, where a member of the chain uses it, asks the tool who is signed in and which version it is.
struct ToolProbe: DoctorProbe {
    let tool: ToolStatus
    let area = IdentityDoctor.Area.tools

    var subject: String { self.tool.tool.title }

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        let tool = self.tool.tool
        guard let runner = place.host.toolRunner else {
            findings.observe(self.area, self.subject, .skipped, "this program can't run tools: the trait Subprocess is off")
            return findings
        }
        let executable: String
        switch place.host.findTool(tool.executables, place.host.environment) {
        case .absent:
            findings.observe(
                self.area, self.subject, .absent, "no directory of PATH holds \(tool.executables.joined(separator: " or "))")
            return findings
        case .notExecutable(let path):
            findings.observe(
                self.area, self.subject, .bad, "\(HostileText.sanitized(path, limit: 200)) may not be run by this process")
            return findings
        case .found(let path): executable = path
        }
        let shownPath = HostileText.sanitized(executable, limit: 200)
        guard place.subject.asks(tool.credential) else {
            findings.observe(self.area, self.subject, .skipped, "\(shownPath); not asked, since no credential here uses it")
            return findings
        }
        let start = place.host.clock.now
        async let printed = self.version(executable, runner, place)
        let reading = Self.masked(await self.reading(executable, runner, place), showsAccounts: place.showsAccounts)
        let version = await printed
        self.add(reading, path: shownPath, version: version, to: &findings)
        if let outcome = Self.outcome(reading) {
            let duration = place.host.clock.now - start
            for name in place.subject.names(ofType: tool.credential) { findings.note(name, outcome, after: duration) }
        }
        return findings
    }

    private func add(_ reading: ToolStatus.Reading, path: String, version: String?, to findings: inout DoctorFindings) {
        switch reading {
        case .signedIn(let account, let tenantID, let own):
            let parts = [path, (version ?? own).map { "version \($0)" }, Self.note(account, tenantID)].compactMap(\.self)
            findings.observe(self.area, self.subject, .good, parts.joined(separator: ", "))
        case .unavailable(let error):
            let parts = [path, version.map { "version \($0)" }, error.reason].compactMap(\.self)
            findings.observe(self.area, self.subject, .doubtful, parts.joined(separator: ", "))
        case .unanswered:
            let parts = [path, version.map { "version \($0)" }, Self.noAnswer].compactMap(\.self)
            findings.observe(self.area, self.subject, .unknown, parts.joined(separator: ", "))
        case .unknown(let reason):
            let parts = [path, version.map { "version \($0)" }, reason].compactMap(\.self)
            findings.observe(self.area, self.subject, .unknown, parts.joined(separator: ", "))
        }
    }

    private static let noAnswer = "it gave no answer in the time that there was (azid: --timeout gives more)"

    /// The reading without the name of a person: many have no at sign, by which they could be found later. Applications are known by ids.
    private static func masked(_ reading: ToolStatus.Reading, showsAccounts: Bool) -> ToolStatus.Reading {
        guard !showsAccounts, case .signedIn(let account?, let tenantID, let version) = reading, UUID(uuidString: account) == nil
        else { return reading }
        return .signedIn(account: AccountText.mark, tenantID: tenantID, version: version)
    }

    private static func note(_ account: String?, _ tenantID: String?) -> String {
        ["signed in", account.map { "as \($0)" }, tenantID.map { "tenant \($0)" }].compactMap(\.self).joined(separator: ", ")
    }

    private static func outcome(_ reading: ToolStatus.Reading) -> DoctorMember.Outcome? {
        switch reading {
        case .signedIn(let account, let tenantID, _): .ready(note: Self.note(account, tenantID))
        case .unavailable(let error): .unfit(error)
        case .unanswered: .unanswered
        case .unknown: nil
        }
    }

    private func reading(_ executable: String, _ runner: any ToolRunner, _ place: DoctorPlace) async -> ToolStatus.Reading {
        let command = self.command(executable, self.tool.arguments, place)
        do {
            return self.tool.reading(try await ToolRegistry.shared.look(command, runner: runner))
        } catch ToolFailure.timedOut {
            // It was the examination that had no more time: nothing is known of the credential, which waits as long as it is told to.
            return .unanswered
        } catch let failure as ToolFailure {
            let error = self.tool.tool.error(failure, executable: executable, timeout: command.timeout)
            return error.isUnavailable ? .unavailable(error) : .unknown(error.reason)
        } catch {
            return .unknown("asking it was cancelled")
        }
    }

    private func version(_ executable: String, _ runner: any ToolRunner, _ place: DoctorPlace) async -> String? {
        guard let arguments = self.tool.versionArguments else { return nil }
        let command = self.command(executable, arguments, place)
        return (try? await ToolRegistry.shared.look(command, runner: runner)).flatMap(ToolStatus.version)
    }

    private func command(_ executable: String, _ arguments: [String], _ place: DoctorPlace) -> ToolCommand {
        ToolCommand(
            executable: executable,
            arguments: arguments,
            environment: place.host.environment.forTools.merging(self.tool.tool.variables) { $1 },
            timeout: place.limit
        )
    }
}
