// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

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
        return findings
    }
}
