// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Which findings come of what was seen, and in which order.
@Suite struct DoctorJudgementTests {
    private static func error(
        _ name: String,
        _ row: GuideRow?,
        code: AuthenticationError.Code = .credentialUnavailable,
        missing: [String] = [],
        message: String = "reason"
    ) -> AuthenticationError {
        var error = AuthenticationError(code, credential: name, message: message)
        error.remedy = row.map { Guide.remedy($0, facts: GuideFacts(variables: missing)) }
        return error
    }

    private static func member(_ name: DefaultChainMember, _ outcome: DoctorMember.Outcome) -> DoctorMember {
        DoctorMember(
            name: name.description, outcome: outcome, passesOnFailures: DefaultChainMember.tools.contains(name))
    }

    private static let identity = DoctorMember.Outcome.token(
        DoctorIdentity.identity(of: .sample("t"), showsAccounts: false))
    private static let noVariables = DoctorMember.Outcome.unfit(
        error(
            "EnvironmentCredential", .g08, missing: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]))
    private static let halfVariables = DoctorMember.Outcome.unfit(
        error("EnvironmentCredential", .g08, missing: ["AZURE_TENANT_ID"]))
    private static let idsAlone = DoctorMember.Outcome.unfit(
        error("EnvironmentCredential", .g08, missing: ["AZURE_CLIENT_SECRET"]))
    private static let noService = DoctorMember.Outcome.unfit(error("ManagedIdentityCredential", .g25))
    private static let noAz = DoctorMember.Outcome.unfit(
        error("AzureCLICredential", .g34, message: "Azure CLI not installed. No directory of PATH holds az."))
    private static let noAzd = DoctorMember.Outcome.unfit(
        error("AzureDeveloperCLICredential", .g36, message: "No directory of PATH holds azd."))
    private static let signedOut = DoctorMember.Outcome.unfit(error("AzureCLICredential", .g35))
    private static let refused = DoctorMember.Outcome.failed(
        error("EnvironmentCredential", .g09, code: .authenticationFailed))
    private static let ready = DoctorMember.Outcome.ready(note: "")

    private static func evidence(
        _ members: [(DefaultChainMember, DoctorMember.Outcome)],
        isOnAzure: Bool = false,
        complaints: [DoctorComplaint] = []
    ) -> DoctorEvidence {
        var evidence = DoctorEvidence(credential: "DefaultAzureCredential", isChain: true)
        evidence.members = members.map { self.member($0.0, $0.1) }
        evidence.isOnAzure = isOnAzure
        evidence.complaints = complaints
        return evidence
    }

    /// A case: what became of the members, and the findings.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let evidence: DoctorEvidence
        let findings: [String]

        var testDescription: String { self.name }

        init(
            _ name: String, _ members: [(DefaultChainMember, DoctorMember.Outcome)], isOnAzure: Bool = false,
            _ findings: String...
        ) {
            self.name = name
            self.evidence = DoctorJudgementTests.evidence(members, isOnAzure: isOnAzure)
            self.findings = findings
        }
    }

    private static let cases: [Case] = [
        Case("a signed-in tool is healthy", [(.environment, noVariables), (.azureCLI, ready), (.azureDeveloperCLI, noAzd)]),
        Case("a token is healthy", [(.environment, identity), (.azureCLI, signedOut)]),
        Case("who comes later doesn't matter", [(.environment, ready), (.azureCLI, .failed(error("x", .g52)))]),
        Case(
            "a sign-in that has ended before one that holds", [(.azureCLI, signedOut), (.azureDeveloperCLI, ready)]),
        Case(
            "half an application before a tool", [(.environment, halfVariables), (.azureCLI, ready)], "warning G08"),
        Case(
            "nothing at all",
            [(.environment, noVariables), (.managedIdentity, noService), (.azureCLI, noAz), (.azureDeveloperCLI, noAzd)],
            "problem G06", "note G08", "note G25", "note G34", "note G36"),
        Case(
            "nothing, and one alone was asked", [(.environment, .leftOut(reason: "r")), (.azureCLI, noAz)], "problem G34",
            "note G06"),
        Case(
            "signed out", [(.environment, noVariables), (.azureCLI, signedOut), (.azureDeveloperCLI, noAzd)], "problem G35",
            "note G06"),
        Case(
            "half an application weighs more than a sign-in that has ended",
            [(.environment, halfVariables), (.azureCLI, signedOut)], "problem G08", "problem G35", "note G06"),
        Case(
            "a host without an identity", [(.managedIdentity, noService), (.azureCLI, noAz)], isOnAzure: true, "problem G25",
            "note G06"),
        Case("a refusal ends the chain", [(.environment, refused), (.azureCLI, ready)], "problem G09"),
        Case(
            "a tool that fails passes on",
            [(.azureCLI, .failed(error("AzureCLICredential", .g04))), (.azureDeveloperCLI, ready)],
            "warning G04"),
        Case(
            "a tool that fails, and nobody else",
            [(.azureCLI, .failed(error("AzureCLICredential", .g04))), (.azureDeveloperCLI, noAzd)],
            "problem G04", "note G06"),
        Case("ids alone", [(.environment, idsAlone), (.managedIdentity, noService)], "problem G08", "note G06"),
        Case(
            "ids that are a managed identity's",
            [(.environment, idsAlone), (.managedIdentity, .unfit(error("ManagedIdentityCredential", .g23)))],
            "problem G23", "note G08", "note G06"),
        Case(
            "ids that are a workload's",
            [(.environment, idsAlone), (.workloadIdentity, .unfit(error("WorkloadIdentityCredential", .g41)))],
            "problem G41", "note G08", "note G06"),
        Case(
            "an error that no row is about", [(.azureCLI, .failed(error("AzureCLICredential", nil, message: "odd")))],
            "problem G51", "note G06"),
        Case("no time for anyone", [(.azureCLI, .unanswered)], "warning"),
    ]

    private static func shown(_ findings: [IdentityDoctor.Finding]) -> [String] {
        findings.map { "\($0.severity)" + ($0.remedy.map { " \($0.guide)" } ?? "") }
    }

    @Test(arguments: cases) func findings(of sample: Case) {
        #expect(Self.shown(DoctorJudgement(sample.evidence).findings) == sample.findings)
    }

    @Test func aSingleCredentialIsNoChain() {
        var evidence = Self.evidence([(.azureCLI, Self.noAz)])
        evidence.isChain = false
        #expect(Self.shown(DoctorJudgement(evidence).findings) == ["problem G34"])
        // What would explain that nobody in a chain has a token is nothing to it.
        evidence.complaints = [Self.complaint(explainsNobody: true)]
        #expect(Self.shown(DoctorJudgement(evidence).findings) == ["problem G34"])
        evidence.complaints = [Self.complaint(concerning: ["AzureCLICredential"], explainsNobody: true)]
        #expect(Self.shown(DoctorJudgement(evidence).findings) == ["problem", "problem G34"])
    }

    @Test func aSingleCredentialThatNeverAnsweredIsNotHealthy() {
        var evidence = Self.evidence([(.azureCLI, .unanswered)])
        evidence.isChain = false
        #expect(Self.shown(DoctorJudgement(evidence).findings) == ["warning"])
    }

    /// A member's name is the caller's; whom a complaint concerns goes by the type.
    @Test func aComplaintFindsItsCredentialUnderAnyName() {
        var evidence = Self.evidence([(.environment, Self.ready)], complaints: [Self.complaint()])
        evidence.members[0] = DoctorMember(name: "mine", credentialType: "EnvironmentCredential", outcome: Self.ready)
        #expect(Self.shown(DoctorJudgement(evidence).findings) == ["problem"])
        evidence.members[0] = DoctorMember(name: "EnvironmentCredential", credentialType: "Mine", outcome: Self.ready)
        #expect(DoctorJudgement(evidence).findings.isEmpty)
    }

    @Test func aChainThatCannotBeAskedIsOneFinding() {
        var evidence = Self.evidence([])
        evidence.problem = AuthenticationError(
            .invalidConfiguration, credential: "DefaultAzureCredential",
            message: #"DefaultAzureCredential: The variable AZURE_TOKEN_CREDENTIALS holds "x", which isn't known."#)
        let findings = DoctorJudgement(evidence).findings
        #expect(Self.shown(findings) == ["problem G06"])
        #expect(findings[0].remedy?.variables == ["AZURE_TOKEN_CREDENTIALS"] && findings[0].remedy?.commands == [])
        #expect(findings[0].summary.hasPrefix("The variable AZURE_TOKEN_CREDENTIALS"))
    }

    // MARK: Complaints

    private static func complaint(
        _ weight: Int = 110, concerning names: Set<String>? = ["EnvironmentCredential"], explainsNobody: Bool = false
    ) -> DoctorComplaint {
        DoctorComplaint(
            weight: weight, concerns: names, explainsNobody: explainsNobody, area: .network, credential: nil,
            message: "complaint", remedy: nil)
    }

    /// A case: what became of the members, a complaint, and the findings.
    struct ComplaintCase: Sendable {
        let evidence: DoctorEvidence
        let findings: [String]

        init(
            _ members: [(DefaultChainMember, DoctorMember.Outcome)], _ complaint: DoctorComplaint, _ findings: String...
        ) {
            self.evidence = DoctorJudgementTests.evidence(members, complaints: [complaint])
            self.findings = findings
        }
    }

    private static let complaintCases: [ComplaintCase] = [
        ComplaintCase([(.environment, ready)], complaint(), "problem"),
        ComplaintCase([(.environment, refused)], complaint(), "problem", "problem G09"),
        ComplaintCase([(.environment, refused)], complaint(90), "problem G09", "problem"),
        // It gave a token in spite of it, it isn't set up, it isn't asked, it comes later.
        ComplaintCase([(.environment, identity)], complaint()),
        ComplaintCase([(.environment, noVariables), (.azureCLI, ready)], complaint()),
        ComplaintCase([(.environment, .leftOut(reason: "r")), (.azureCLI, ready)], complaint()),
        ComplaintCase([(.azureCLI, ready), (.environment, ready)], complaint()),
        ComplaintCase([(.environment, noVariables), (.azureCLI, signedOut)], complaint(), "problem G35", "note G06"),
        ComplaintCase(
            [(.environment, noVariables), (.azureCLI, signedOut)], complaint(explainsNobody: true),
            "problem", "problem G35", "note G06"),
        // Everybody, and nobody.
        ComplaintCase([(.azureCLI, identity)], complaint(concerning: nil), "warning"),
        ComplaintCase([(.azureCLI, identity)], complaint(concerning: [])),
        ComplaintCase([(.azureCLI, signedOut)], complaint(concerning: [], explainsNobody: true), "problem G35", "note G06"),
    ]

    @Test(arguments: complaintCases) func aComplaintMattersToWhomItConcerns(sample: ComplaintCase) {
        #expect(Self.shown(DoctorJudgement(sample.evidence).findings) == sample.findings)
    }

    @Test func aRowIsToldOnceForEachCredential() {
        var complaint = Self.complaint(105, explainsNobody: true)
        complaint.credential = "EnvironmentCredential"
        complaint.remedy = Guide.remedy(.g08)
        let evidence = Self.evidence([(.environment, Self.halfVariables)], complaints: [complaint])
        let findings = DoctorJudgement(evidence).findings
        #expect(Self.shown(findings) == ["problem G08", "note G06"] && findings[0].message == "complaint")
    }

    @Test func aFailureIsToldOnce() {
        var complaint = Self.complaint()
        complaint.cause = "TLS failed"
        func findings(_ message: String) -> [IdentityDoctor.Finding] {
            let error = Self.error("EnvironmentCredential", nil, code: .authenticationFailed, message: message)
            return DoctorJudgement(Self.evidence([(.environment, .failed(error))], complaints: [complaint])).findings
        }
        #expect(Self.shown(findings("EnvironmentCredential: TLS failed")) == ["problem"])
        #expect(Self.shown(findings("EnvironmentCredential: No token within 4 s. Before that: TLS failed")) == ["problem"])
        #expect(Self.shown(findings("EnvironmentCredential: refused")) == ["problem", "problem G51"])
    }

    @Test func withoutTheAzureCLINobodyIsToldToSignInToIt() {
        let without = DoctorJudgement(Self.evidence([(.environment, Self.noVariables), (.azureCLI, Self.noAz)])).findings
        #expect(without.first?.remedy?.guide == "G06" && without.first?.remedy?.commands == [])
        let with = DoctorJudgement(Self.evidence([(.environment, Self.noVariables), (.azureCLI, Self.signedOut)])).findings
        #expect(with.last?.remedy?.guide == "G06" && with.last?.remedy?.commands == [["az", "login"]])
    }

    @Test func theEndOfTheChain() {
        func end(_ members: [(DefaultChainMember, DoctorMember.Outcome)]) -> DoctorJudgement.End {
            DoctorJudgement.end(of: Self.evidence(members).members)
        }
        #expect(end([]) == .nobody)
        #expect(end([(.environment, Self.noVariables), (.azureCLI, Self.ready)]) == .winner(1))
        #expect(end([(.environment, Self.noVariables), (.managedIdentity, Self.refused)]) == .stopped(1))
        let mistake = DoctorMember.Outcome.failed(Self.error("AzureCLICredential", nil, code: .invalidConfiguration))
        #expect(end([(.azureCLI, mistake), (.azureDeveloperCLI, Self.ready)]) == .stopped(0))
    }
}
