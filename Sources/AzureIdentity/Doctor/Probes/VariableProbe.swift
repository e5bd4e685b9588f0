// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Says which variables are set, and what is wrong with their form. Asks only whether the files are there.
struct VariableProbe: DoctorProbe {
    let subject = "the variables"
    let area = IdentityDoctor.Area.variables

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        Self.findings(place.host.environment) { place.host.stamp($0) != nil }
    }

    /// - Parameters:
    ///   - environment: The variables.
    ///   - isThere: Whether a file has a name.
    static func findings(_ environment: EnvironmentVariables, isThere: (String) -> Bool = { _ in false }) -> DoctorFindings {
        var findings = DoctorFindings()
        let values = environment.dictionary
        for variable in KnownVariable.all(in: environment) {
            guard let value = values[variable.name] else { continue }
            if let shape = VariableShape(value, isTrimmed: variable.isTrimmed) {
                findings.observe(.variables, variable.name, .doubtful, shape.text)
                if shape != .empty { findings.complaints.append(Self.complaint(shape, variable)) }
            } else if case .path = variable.kind, !PathValue.isShown(value, isThere: isThere(value)) {
                findings.observe(.variables, variable.name, .doubtful, "set; no file has this name")
            } else {
                findings.observe(.variables, variable.name, .good, Self.shown(value, variable))
            }
        }
        Self.addMissing(environment, to: &findings)
        Self.addContradictions(environment, to: &findings)
        Self.addPipeline(environment, to: &findings)
        return findings
    }

    /// Heavier than what the credential itself says: it may be refused for nothing else.
    private static func complaint(_ shape: VariableShape, _ variable: KnownVariable) -> DoctorComplaint {
        var remedy = variable.row.map { Guide.remedy($0, facts: GuideFacts(variables: [variable.name])) }
        remedy?.text = "Set \(variable.name) anew, without what isn't part of its value, before the process starts."
        remedy?.commands = []
        remedy?.variables = [variable.name]
        return DoctorComplaint(
            weight: 105,
            concerns: variable.readers,
            explainsNobody: true,
            area: .variables,
            credential: variable.readers.contains("EnvironmentCredential")
                ? "EnvironmentCredential" : variable.readers.sorted().first,
            message: "The variable \(variable.name) \(shape.text).",
            remedy: remedy
        )
    }

    /// What may be told of a value.
    private static func shown(_ value: String, _ variable: KnownVariable) -> String {
        switch variable.kind {
        case .secret:
            // The id of a secret is shown where the secret itself was: a common mix-up.
            let isID = variable.name == "AZURE_CLIENT_SECRET" && UUID(uuidString: value) != nil
            return isID ? "set; it looks like the id of a secret, not like its value" : "set"
        case .address: return "set"
        case .id: return UUID(uuidString: value) == nil ? "set (no GUID)" : "set: \(value.lowercased())"
        case .path: return "set: \(HostileText.sanitized(value, limit: 200))"
        case .word: return "set: \(HostileText.sanitized(value, limit: 60))"
        }
    }

    /// What an application's variables lack, if some are set and no set is whole.
    private static func addMissing(_ environment: EnvironmentVariables, to findings: inout DoctorFindings) {
        guard case .incomplete(let present, let missing) = EnvironmentPlan(environment: environment), !present.isEmpty else {
            return
        }
        for name in missing where environment.dictionary[name] == nil {
            findings.observe(.variables, name, .absent, "not set; EnvironmentCredential needs it beside those that are")
        }
    }

    private static func addContradictions(_ environment: EnvironmentVariables, to findings: inout DoctorFindings) {
        func both(_ first: String, _ second: String, _ text: String) {
            guard environment[first] != nil, environment[second] != nil else { return }
            findings.observe(.variables, "\(first), \(second)", .doubtful, text)
        }
        both("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "both are set: EnvironmentCredential uses the secret")
        both("AZURE_CLIENT_SECRET", "AZURE_PASSWORD", "both are set: EnvironmentCredential uses the secret")
        if environment["AZURE_CLIENT_ID"] != nil, environment["AZURE_CLIENT_SECRET"] == nil,
            environment["AZURE_CLIENT_CERTIFICATE_PATH"] == nil, environment["AZURE_PASSWORD"] == nil
        {
            findings.observe(
                .variables, "AZURE_CLIENT_ID", .good, "without a secret or certificate: names a managed identity or a workload")
        }
    }

    /// Row G46: a job is meant to use its service connection, and this is no pipeline.
    private static func addPipeline(_ environment: EnvironmentVariables, to findings: inout DoctorFindings) {
        let signs = ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "SYSTEM_ACCESSTOKEN"].filter { environment[$0] != nil }
        guard !signs.isEmpty, environment["SYSTEM_OIDCREQUESTURI"] == nil else { return }
        findings.complaints.append(
            DoctorComplaint(
                weight: 75,
                concerns: ["AzurePipelinesCredential"],
                explainsNobody: true,
                area: .variables,
                credential: "AzurePipelinesCredential",
                message: """
                    Missing value for the SYSTEM_OIDCREQUESTURI environment variable, though \(signs.joined(separator: " and ")) \
                    \(signs.count > 1 ? "are" : "is") set. AzurePipelinesCredential works in Azure Pipelines alone.
                    """,
                remedy: Guide.remedy(.g46)
            ))
    }
}
