// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What is wrong, the likeliest cause first. Pure.
///
/// What stands in nobody's way is no finding: a developer who is signed in to the Azure CLI doesn't want to hear of PowerShell, and a
/// healthy host names nothing at all.
struct DoctorJudgement: Sendable {
    let findings: [IdentityDoctor.Finding]

    /// Where a chain comes to its end.
    enum End: Hashable, Sendable {
        /// This member has a token, or might have one.
        case winner(Int)
        /// This member tried and failed, and nobody else is asked.
        case stopped(Int)
        case nobody
    }

    private typealias Ranked = (weight: Int, finding: IdentityDoctor.Finding)

    /// From this weight on, a member that is passed over was most probably meant to give the token.
    private static let meantWeight = 85

    /// - Parameter evidence: What the probes have found.
    init(_ evidence: DoctorEvidence) {
        let end = Self.end(of: evidence.members)
        var ranked: [Ranked] = []
        var last: [IdentityDoctor.Finding] = []
        if let problem = evidence.problem { ranked.append((130, Self.finding(problem, of: evidence))) }
        let complaints = evidence.complaints.filter { Self.matters($0, evidence, end: end) }
        ranked += complaints.map {
            ($0.weight, Self.finding($0, isInTheWay: Self.isInTheWay($0, members: evidence.members, end: end)))
        }
        switch end {
        case .winner(let index): ranked += Self.passedOver(evidence.members.prefix(index), evidence)
        case .stopped(let index):
            ranked += Self.passedOver(evidence.members.prefix(index), evidence)
            if let error = evidence.members[index].outcome.error {
                ranked.append((100, Self.finding(error, of: evidence.members[index], .problem)))
            }
        case .nobody:
            guard evidence.problem == nil else { break }
            let (first, rest) = Self.withoutWinner(evidence)
            ranked += first
            last = rest
        }
        // Stable: of equals, the member that is asked first.
        let sorted = ranked.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
        self.findings = Self.unique(Self.withoutRepeats(sorted.map(\.element.finding) + last, after: complaints))
    }

    /// Where the chain comes to its end.
    static func end(of members: [DoctorMember]) -> End {
        for (index, member) in members.enumerated() {
            if member.outcome.isGood { return .winner(index) }
            if case .failed(let error) = member.outcome, !member.passesOnFailures || error.code == .invalidConfiguration {
                return .stopped(index)
            }
        }
        return .nobody
    }

    /// Whether there most probably is no token because of a complaint: nobody has one, or who would be asked for it is one of those concerned.
    private static func isInTheWay(_ complaint: DoctorComplaint, members: [DoctorMember], end: End) -> Bool {
        guard case .winner(let index) = end else { return true }
        // What is told to whoever asks stands in nobody's way for certain.
        return complaint.concerns != nil && members[index].isAmong(complaint.concerns)
    }

    /// Whether a complaint explains anything: somebody whom it concerns is asked, and has no token in spite of it; or nobody has one.
    private static func matters(_ complaint: DoctorComplaint, _ evidence: DoctorEvidence, end: End) -> Bool {
        guard let concerns = complaint.concerns else { return true }
        guard !concerns.isEmpty else { return false }
        let members = evidence.members
        let asked: ArraySlice<DoctorMember>
        switch end {
        case .winner(let index), .stopped(let index): asked = members.prefix(index + 1)
        case .nobody:
            // Somebody might have been set up by it; a credential alone is what it is.
            if complaint.explainsNobody, evidence.isChain || members.contains(where: { $0.isAmong(concerns) }) { return true }
            asked = members[...]
        }
        return asked.contains { member in
            guard member.isAmong(concerns) else { return false }
            switch member.outcome {
            case .ready, .failed: return true
            case .unfit(let error): return error.code == .invalidConfiguration
            case .leftOut, .token, .unanswered: return false
            }
        }
    }

    /// Those that were meant to give the token, and didn't.
    private static func passedOver(_ members: ArraySlice<DoctorMember>, _ evidence: DoctorEvidence) -> [Ranked] {
        members.compactMap { member in
            guard let error = member.outcome.error else { return nil }
            let weight = self.weight(of: member, isOnAzure: evidence.isOnAzure)
            return weight >= self.meantWeight ? (weight, self.finding(error, of: member, .warning)) : nil
        }
    }

    /// The findings where nobody has a token: those that were set up by half, and the sum of it; or the sum, and each by itself.
    private static func withoutWinner(_ evidence: DoctorEvidence) -> (ranked: [Ranked], last: [IdentityDoctor.Finding]) {
        let candidates = evidence.members.filter { $0.outcome.error != nil }
        let isMeantOtherwise = self.areIDsMeantOtherwise(evidence)
        func ranked(_ severity: IdentityDoctor.Severity, atLeast least: Int) -> [Ranked] {
            candidates.compactMap { member in
                guard let error = member.outcome.error else { return nil }
                let weight = max(self.weight(of: member, isOnAzure: evidence.isOnAzure), evidence.isChain ? 0 : 1)
                let isIDsAlone = weight == LikeliestCause.weightOfIDsAlone && error.remedy?.guide == GuideRow.g08.rawValue
                let own = isIDsAlone && isMeantOtherwise ? IdentityDoctor.Severity.note : severity
                return weight >= least ? (weight, self.finding(error, of: member, own)) : nil
            }
        }
        let half = ranked(.problem, atLeast: 1)
        let untold = evidence.members.filter { if case .unanswered = $0.outcome { true } else { false } }
        guard untold.isEmpty else { return (half + untold.map { (45, self.unanswered($0)) }, []) }
        guard evidence.isChain else { return (half, []) }
        guard half.isEmpty else { return (half, [self.sum(evidence, .note)]) }
        // Who was asked alone was chosen by somebody.
        let asked = evidence.members.filter { if case .leftOut = $0.outcome { false } else { true } }
        if asked.count == 1 { return (ranked(.problem, atLeast: 0), [self.sum(evidence, .note)]) }
        return ([(1, self.sum(evidence, .problem))], ranked(.note, atLeast: 0).map(\.finding))
    }

    /// Whether the ids of an application without a secret are there for who needs none: a managed identity or a workload that is set up by
    /// half, or a job with an identity of its own.
    private static func areIDsMeantOtherwise(_ evidence: DoctorEvidence) -> Bool {
        let deployed: Set<String> = ["ManagedIdentityCredential", "WorkloadIdentityCredential"]
        let isMember = evidence.members.contains { member in
            member.isAmong(deployed)
                && self.weight(of: member, isOnAzure: evidence.isOnAzure) > LikeliestCause.weightOfIDsAlone
        }
        let jobs: Set<String> = ["GitHubActionsCredential", "AzurePipelinesCredential"]
        return isMember || evidence.complaints.contains { $0.credential.map { jobs.contains($0) } ?? false }
    }

    private static func weight(of member: DoctorMember, isOnAzure: Bool) -> Int {
        guard let error = member.outcome.error else { return 0 }
        var isFailure = false
        if case .failed = member.outcome { isFailure = true }
        let attempt = AuthenticationError.Attempt(
            credential: member.credentialType ?? member.name,
            outcome: isFailure ? .failed : .unavailable,
            code: error.code,
            message: error.message,
            remedy: error.remedy
        )
        return LikeliestCause.weight(of: attempt, isOnAzure: isOnAzure)
    }

    /// Without those of credentials that met what a complaint has told already.
    private static func withoutRepeats(
        _ findings: [IdentityDoctor.Finding], after complaints: [DoctorComplaint]
    ) -> [IdentityDoctor.Finding] {
        let causes = complaints.compactMap(\.cause).filter { !$0.isEmpty }
        return findings.filter { finding in
            finding.area != .credentials || !causes.contains { finding.message.contains($0) }
        }
    }

    /// Each row once for each credential, as what was found first says it.
    private static func unique(_ findings: [IdentityDoctor.Finding]) -> [IdentityDoctor.Finding] {
        var seen: Set<[String]> = []
        return findings.filter { finding in
            guard let row = finding.remedy?.guide else { return true }
            return seen.insert([row, finding.credential ?? ""]).inserted
        }
    }
}

extension DoctorJudgement {
    /// The longest summary of a finding, in characters.
    static let summaryLimit = 160

    private static func finding(
        _ error: AuthenticationError,
        of member: DoctorMember,
        _ severity: IdentityDoctor.Severity
    ) -> IdentityDoctor.Finding {
        self.finding(
            severity, .credentials, credential: member.name,
            message: AuthenticationError.Attempt.reason(error.message, of: member.name),
            // What is only told beside others needs no advice of its own.
            remedy: error.remedy ?? (severity == .note ? nil : TransportCause.remedy(message: error.message)))
    }

    private static func finding(_ complaint: DoctorComplaint, isInTheWay: Bool) -> IdentityDoctor.Finding {
        self.finding(
            isInTheWay ? .problem : .warning, complaint.area, credential: complaint.credential, message: complaint.message,
            remedy: complaint.remedy)
    }

    /// The finding of a chain that can't be asked at all.
    private static func finding(_ problem: AuthenticationError, of evidence: DoctorEvidence) -> IdentityDoctor.Finding {
        var remedy = problem.remedy
        if remedy == nil {
            remedy = Guide.remedy(.g06)
            remedy?.text = "Mend what the message names. It is read when the program starts."
            remedy?.commands = []
            if problem.message.contains("AZURE_TOKEN_CREDENTIALS") { remedy?.variables = ["AZURE_TOKEN_CREDENTIALS"] }
        }
        return self.finding(
            .problem, .credentials, credential: evidence.credential,
            message: AuthenticationError.Attempt.reason(problem.message, of: evidence.credential), remedy: remedy)
    }

    /// Row G06: the sum of what was found.
    private static func sum(_ evidence: DoctorEvidence, _ severity: IdentityDoctor.Severity) -> IdentityDoctor.Finding {
        let errors = evidence.members.compactMap(\.outcome.error)
        return self.finding(
            severity, .credentials, credential: evidence.credential,
            message: severity == .note
                ? "None of the credentials can give a token, for the reasons above."
                : "None of the credentials is set up here, so none can give a token.",
            remedy: Guide.chainRemedy(errors.compactMap(\.remedy)))
    }

    private static func unanswered(_ member: DoctorMember) -> IdentityDoctor.Finding {
        self.finding(
            .warning, .credentials, credential: member.name,
            message:
                "There was no time to find out whether it can give a token. Give the examination more time (azid: --timeout).",
            remedy: nil)
    }

    private static func finding(
        _ severity: IdentityDoctor.Severity,
        _ area: IdentityDoctor.Area,
        credential: String?,
        message: String,
        remedy: AuthenticationError.Remedy?
    ) -> IdentityDoctor.Finding {
        let line = HostileText.sanitized(message, limit: self.summaryLimit)
        return IdentityDoctor.Finding(
            severity: severity, area: area, credential: credential, summary: line, message: message, remedy: remedy)
    }
}
