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

/// What is said of variables, and what never is.
@Suite struct DoctorVariableTests {
    @Test(
        arguments: [
            ("value", false, nil), ("", false, .empty), ("  \n", false, .blank), ("\"value\"", false, .quoted),
            ("'value'", true, .quoted), ("value\n", false, .padded), (" value", false, .padded), ("value\n", true, nil),
            ("a\u{1}b", true, .broken), ("a\nb", false, .broken), ("\"", false, nil), ("it's", false, nil),
        ] as [(String, Bool, VariableShape?)])
    func shapes(value: String, isTrimmed: Bool, expected: VariableShape?) {
        #expect(VariableShape(value, isTrimmed: isTrimmed) == expected)
    }

    private func observation(_ name: String, _ values: [String: String]) -> IdentityDoctor.Observation? {
        VariableProbe.findings(EnvironmentVariables(values)).observations.first { $0.subject == name }
    }

    @Test func noValueIsShownButIDsPathsAndWords() throws {
        for variable in KnownVariable.all {
            let value = "MARKED-\(variable.name.lowercased())"
            let text = try #require(self.observation(variable.name, [variable.name: value])).text
            switch variable.kind {
            case .path, .word: #expect(text == "set: \(value)")
            case .id: #expect(text == "set (no GUID)")
            case .secret, .address: #expect(text == "set")
            }
        }
        let id = self.observation("AZURE_CLIENT_ID", ["AZURE_CLIENT_ID": "C0000000-0000-4000-8000-000000000001"])
        #expect(id?.text == "set: c0000000-0000-4000-8000-000000000001" && id?.state == .good)
    }

    @Test func theIDOfASecretIsNoSecret() {
        let text = self.observation("AZURE_CLIENT_SECRET", ["AZURE_CLIENT_SECRET": UUID().uuidString])?.text
        #expect(text == "set; it looks like the id of a secret, not like its value")
    }

    @Test func whatIsMissingBesideOthers() {
        let missing = self.observation("AZURE_TENANT_ID", ["AZURE_CLIENT_ID": "x", "AZURE_CLIENT_SECRET": "y"])
        #expect(missing?.state == .absent && missing?.text.contains("not set") == true)
        #expect(self.observation("AZURE_TENANT_ID", [:]) == nil)
    }

    @Test func twoWaysToProveOneself() {
        let both = ["AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_CERTIFICATE_PATH": "/p"]
        let observation = self.observation("AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH", both)
        #expect(observation?.state == .doubtful && observation?.text.contains("uses the secret") == true)
    }

    @Test func aBadShapeIsAComplaintAboutWhoReadsIt() throws {
        let findings = VariableProbe.findings(["AZURE_CLIENT_SECRET": "\"MARKED\""])
        let complaint = try #require(findings.complaints.first)
        #expect(complaint.concerns.contains("EnvironmentCredential") && complaint.remedy?.guide == "G08")
        #expect(complaint.message.contains("quotation marks") && !"\(complaint)".contains("MARKED"))
        #expect(VariableProbe.findings(["AZURE_CLIENT_SECRET": ""]).complaints.isEmpty)
    }

    @Test(
        arguments: [
            ([:], false), (["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "x"], true), (["SYSTEM_ACCESSTOKEN": "x"], true),
            (["SYSTEM_ACCESSTOKEN": "x", "SYSTEM_OIDCREQUESTURI": "https://x.example"], false),
        ] as [([String: String], Bool)])
    func G46_notInAPipeline(values: [String: String], isFound: Bool) {
        let complaints = VariableProbe.findings(EnvironmentVariables(values)).complaints
        #expect(complaints.contains { $0.remedy?.guide == "G46" } == isFound)
    }

    // MARK: Redaction

    @Test func secretsAreTakenOutOfAnyText() {
        let environment: EnvironmentVariables = [
            "AZURE_CLIENT_SECRET": " MARKED-one ", "SOME_API_KEY": "MARKED-two-is-long", "IDENTITY_HEADER": "MARKED-three",
            "HTTPS_PROXY": "http://MARKED-user:MARKED-password@proxy.example:8080", "AZURE_TOKEN_CREDENTIALS": "prod",
        ]
        let redaction = DoctorRedaction(environment, showsAccounts: false)
        let text = "prod: MARKED-one, MARKED-two-is-long, MARKED-three, MARKED-user, MARKED-password, ada@contoso.example"
        let shown = redaction.shown(text)
        #expect(!shown.contains("MARKED") && !shown.contains("ada@") && shown.hasPrefix("prod: "), "\(shown)")
        #expect(DoctorRedaction([:], showsAccounts: true).shown("ada@contoso.example") == "ada@contoso.example")
        var remedy = Guide.remedy(.g35)
        remedy.text += " MARKED-three"
        remedy.commands = [["az", "MARKED-three"]]
        #expect(!"\(redaction.shown(remedy))".contains("MARKED"))
    }
}
