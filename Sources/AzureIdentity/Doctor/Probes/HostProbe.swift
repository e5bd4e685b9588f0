// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Says which host this is.
struct HostProbe: DoctorProbe {
    let subject = "the host"
    let area = IdentityDoctor.Area.host

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        let host = place.selection.host
        let kind = host.kind?.description ?? "none"
        let evidence = host.evidence.isEmpty ? "nothing speaks for or against it" : host.evidence.joined(separator: "; ")
        if let problem = host.problem {
            findings.observe(self.area, "managed identities", .doubtful, "\(kind): \(problem)")
        } else if host.isCertain {
            findings.observe(self.area, "managed identities", .good, "\(kind): \(evidence)")
        } else {
            findings.observe(self.area, "managed identities", .absent, "no sign of a host that has them; \(evidence)")
        }
        let names = Set(place.subject.members.map(\.name))
        if names.contains("EnvironmentCredential"), let job = FederatedJob(place.host.environment),
            !names.contains(job.credential)
        {
            findings.complaints.append(job.complaint)
        }
        return findings
    }
}

/// A job that has an identity of its own, by a credential that no default chain asks. Pure.
enum FederatedJob: Sendable {
    case gitHubActions
    case azurePipelines

    /// What the variables speak for; `nil`: no such job.
    init?(_ environment: EnvironmentVariables) {
        if environment["ACTIONS_ID_TOKEN_REQUEST_URL"] != nil {
            self = .gitHubActions
        } else if environment["SYSTEM_OIDCREQUESTURI"] != nil {
            self = .azurePipelines
        } else {
            return nil
        }
    }

    /// The credential that is for it.
    var credential: String { self == .gitHubActions ? "GitHubActionsCredential" : "AzurePipelinesCredential" }

    /// What is wrong where others are asked, and nobody has a token.
    var complaint: DoctorComplaint {
        DoctorComplaint(
            weight: 88,
            concerns: ["EnvironmentCredential"],
            explainsNobody: true,
            area: .host,
            credential: self.credential,
            message: """
                \(self == .gitHubActions ? "ACTIONS_ID_TOKEN_REQUEST_URL" : "SYSTEM_OIDCREQUESTURI") is set: this job can prove who it is \
                without a secret, by \(self.credential), which isn't among the credentials that are asked here.
                """,
            remedy: self.remedy
        )
    }

    private var remedy: AuthenticationError.Remedy {
        var remedy = Guide.remedy(.g02)
        func command(_ arguments: String...) -> [String] {
            ["azid", "doctor"] + arguments + ["--scope", "https://vault.azure.net/.default"]
        }
        switch self {
        case .gitHubActions:
            remedy.text = """
                Use GitHubActionsCredential with the tenant id and the client id of an application that trusts this repository (azid: \
                --credential github-actions). No secret is needed.
                """
            remedy.commands = [command("--credential", "github-actions")]
            remedy.variables = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
            remedy.link = "https://learn.microsoft.com/azure/developer/github/connect-from-azure-openid-connect"
        case .azurePipelines:
            remedy.text = """
                Use AzurePipelinesCredential with the tenant id, the client id and the id of the service connection, and map SYSTEM_ACCESSTOKEN \
                into the task (azid: --credential azure-pipelines --service-connection-id). No secret is needed.
                """
            remedy.commands = [command("--credential", "azure-pipelines", "--service-connection-id", "<id>")]
            remedy.variables = ["SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"]
            remedy.link = GuideRow.g43.link
        }
        return remedy
    }
}
