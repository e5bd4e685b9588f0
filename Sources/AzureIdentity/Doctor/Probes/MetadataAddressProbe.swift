// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Finds out whether the endpoint of managed identities is there: by a variable, or by asking the metadata service as a chain does.
struct MetadataAddressProbe: DoctorProbe {
    let subject = "the endpoint of managed identities"
    let area = IdentityDoctor.Area.metadata

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        switch place.selection.source {
        case .none:
            findings.observe(self.area, "endpoint", .absent, "none: the variables contradict each other, or one is missing")
        case .workloadIdentity:
            findings.observe(self.area, "endpoint", .good, "none is needed: workload identity serves managed identities here")
        case .metadata: await self.addService(place, to: &findings)
        default:
            let kind = place.selection.host.kind?.description ?? "the host"
            findings.observe(self.area, "endpoint", .good, "\(kind) names it by variables; it is asked for tokens alone")
        }
        return findings
    }

    private func addService(_ place: DoctorPlace, to findings: inout DoctorFindings) async {
        let isNamed = place.host.environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] != nil
        let name = isNamed ? "the address that AZURE_POD_IDENTITY_AUTHORITY_HOST names" : "169.254.169.254"
        // Whether anybody would use it: else nothing is asked.
        guard place.subject.asks("ManagedIdentityCredential") else {
            return findings.observe(self.area, "endpoint", .skipped, "\(name) isn't asked, since no credential here uses it")
        }
        let credential = ManagedIdentityCredential(
            identity: .systemAssigned, options: place.options, excludesWorkloadIdentity: true)
        guard let error = await credential.absence(within: place.limit) else {
            return findings.observe(self.area, "endpoint", .good, "a metadata service answers at \(name)")
        }
        findings.observe(self.area, "endpoint", place.selection.host.isCertain ? .bad : .absent, error.reason)
    }
}
