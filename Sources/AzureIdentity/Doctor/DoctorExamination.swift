// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// One examination: all probes at once, and what they have found.
final class DoctorExamination: Sendable {
    private struct TimeUp: Error {}

    private let place: DoctorPlace
    private let probes: [any DoctorProbe]
    private let found = Locked<[Int: DoctorFindings]>([:])

    init(_ place: DoctorPlace) {
        self.place = place
        self.probes =
            [
                HostProbe(), VariableProbe(), FileProbe(), ProxyProbe(), AuthorityProbe(), MetadataAddressProbe(),
            ] + ToolStatus.all.map { ToolProbe(tool: $0) } + place.subject.members.map { MemberProbe(member: $0) }
    }

    /// Runs all probes.
    ///
    /// - Parameters:
    ///   - limit: How long they may take.
    ///   - onProgress: Told of each that has come to its end.
    /// - Returns: Whether all have.
    /// - Throws: `CancellationError`.
    func run(within limit: Duration, onProgress: (@Sendable (IdentityDoctor.Progress) -> Void)?) async throws -> Bool {
        do {
            try await leavingBehind(after: limit, clock: self.place.host.clock, onTimeout: { TimeUp() }) {
                await self.runAll(onProgress)
            }
            return true
        } catch is TimeUp {
            return false
        } catch let error {
            try Task.checkCancellation()
            throw error
        }
    }

    private func runAll(_ onProgress: (@Sendable (IdentityDoctor.Progress) -> Void)?) async {
        await withTaskGroup(of: (Int, DoctorFindings).self) { group in
            for (index, probe) in self.probes.enumerated() {
                group.addTask { (index, await probe.examine(self.place)) }
            }
            var finished = 0
            for await (index, findings) in group {
                finished += 1
                self.found.withLock { $0[index] = findings }
                onProgress?(.init(finished: finished, total: self.probes.count, last: self.probes[index].subject))
            }
        }
    }

    /// The report on what was found so far.
    func report(_ redaction: DoctorRedaction, date: Date, duration: Duration, isComplete: Bool) -> IdentityDoctor.Report {
        let found = self.found.withLock { $0 }
        var observations: [IdentityDoctor.Observation] = []
        for (index, probe) in self.probes.enumerated() {
            guard let findings = found[index] else {
                observations.append(
                    .init(area: probe.area, subject: probe.subject, state: .unknown, text: "there was no time for it"))
                continue
            }
            observations += findings.observations
        }
        let evidence = self.evidence(found)
        let isAnswered = evidence.members.allSatisfy { if case .unanswered = $0.outcome { false } else { true } }
        let judged = DoctorJudgement(evidence).findings
        let areas = IdentityDoctor.Area.all
        return IdentityDoctor.Report(
            credential: redaction.shown(evidence.credential),
            libraryVersion: UserAgent.libraryVersion,
            date: date,
            duration: duration,
            scopes: self.place.scopes.map { redaction.shown($0) },
            host: redaction.shown(self.place.selection.host),
            findings: judged.map { redaction.shown($0) },
            members: evidence.members.map { redaction.shown(Self.member($0, findings: judged)) },
            observations: observations.enumerated()
                .sorted { (areas.place(of: $0.element), $0.offset) < (areas.place(of: $1.element), $1.offset) }
                .map { redaction.shown($0.element) },
            isComplete: isComplete && isAnswered && found.count == self.probes.count
        )
    }

    private func evidence(_ found: [Int: DoctorFindings]) -> DoctorEvidence {
        var evidence = DoctorEvidence(
            credential: self.place.subject.name,
            isChain: self.place.subject.isChain,
            problem: self.place.subject.problem,
            isOnAzure: self.place.selection.host.isCertain
        )
        evidence.complaints = self.probes.indices.flatMap { found[$0]?.complaints ?? [] }
        let first = self.probes.count - self.place.subject.members.count
        let others = (0..<first).compactMap { found[$0] }
        evidence.members = self.place.subject.members.enumerated().map { index, member in
            // Of what the probes say of a member, its own one goes before the others, unless these know of a reason why not.
            let own = found[first + index]?.members[member.name]
            var result = DoctorMember(
                name: member.name,
                credentialType: member.credentialType,
                outcome: own?.outcome ?? .unanswered,
                passesOnFailures: member.passesOnFailures,
                duration: own?.duration
            )
            let outcomes = others.compactMap { $0.members[member.name]?.outcome }
            if case .ready = result.outcome {
                result.outcome = outcomes.first { $0.error != nil } ?? outcomes.first ?? result.outcome
            } else if case .unanswered = result.outcome, let reason = outcomes.first(where: { $0.error != nil }) {
                result.outcome = reason
            }
            return result
        }
        return evidence
    }

    private static func member(_ member: DoctorMember, findings: [IdentityDoctor.Finding]) -> IdentityDoctor.Member {
        // Who has nothing to do with what is wrong names no row.
        let row = member.outcome.error?.remedy?.guide
        let isFinding = findings.contains { $0.credential == member.name && $0.remedy?.guide == row }
        var result = IdentityDoctor.Member(
            credential: member.name, state: .unknown, summary: "", guide: isFinding ? row : nil,
            duration: member.duration)
        switch member.outcome {
        case .leftOut(let reason): (result.state, result.summary) = (.skipped, reason)
        case .unfit(let error): (result.state, result.summary) = (.absent, self.line(error, of: member.name))
        case .failed(let error): (result.state, result.summary) = (.bad, self.line(error, of: member.name))
        case .ready(let note): (result.state, result.summary) = (.good, note)
        case .token(let identity): (result.state, result.identity) = (.token, identity)
        case .unanswered: result.summary = "there was no time for it"
        }
        return result
    }

    private static func line(_ error: AuthenticationError, of name: String) -> String {
        // Shortened when nothing is left in it that must not be shown.
        AuthenticationError.Attempt.reason(error.message, of: name)
    }
}

extension [IdentityDoctor.Area] {
    fileprivate func place(of observation: IdentityDoctor.Observation) -> Int {
        self.firstIndex(of: observation.area) ?? self.count
    }
}

extension DoctorRedaction {
    fileprivate func shown(_ finding: IdentityDoctor.Finding) -> IdentityDoctor.Finding {
        var finding = finding
        finding.summary = self.shown(finding.message, limit: DoctorJudgement.summaryLimit)
        finding.message = self.shown(finding.message)
        finding.remedy = finding.remedy.map { self.shown($0) }
        return finding
    }

    fileprivate func shown(_ member: IdentityDoctor.Member) -> IdentityDoctor.Member {
        var member = member
        let isError = member.state == .absent || member.state == .bad
        member.summary = isError ? self.shown(member.summary, limit: DoctorJudgement.summaryLimit) : self.shown(member.summary)
        return member
    }

    fileprivate func shown(_ observation: IdentityDoctor.Observation) -> IdentityDoctor.Observation {
        var observation = observation
        observation.subject = self.shown(observation.subject)
        observation.text = self.shown(observation.text, limit: 500)
        return observation
    }

    fileprivate func shown(_ host: ManagedIdentityHost) -> ManagedIdentityHost {
        var host = host
        host.evidence = host.evidence.map { self.shown($0) }
        host.problem = host.problem.map { self.shown($0) }
        return host
    }
}
