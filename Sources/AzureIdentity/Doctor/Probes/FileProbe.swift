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

/// Looks at the files that variables name: whether they can be read, and whether what they hold is still good.
struct FileProbe: DoctorProbe {
    let subject = "the files"
    let area = IdentityDoctor.Area.files

    /// The largest file of authorities that is read, in bytes; the system's own has some 220,000.
    private static let authorityLimit = 4 << 20

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        self.addTokenFile(place, to: &findings)
        CertificateFileCheck.add(place, to: &findings)
        for name in ["SSL_CERT_FILE", "AZURE_KUBERNETES_CA_FILE"] {
            guard let path = place.host.environment[name] else { continue }
            self.addAuthorities(name, path, to: &findings)
        }
        return findings
    }

    private func addTokenFile(_ place: DoctorPlace, to findings: inout DoctorFindings) {
        guard let path = place.host.environment["AZURE_FEDERATED_TOKEN_FILE"] else { return }
        let types = place.subject.types.intersection(
            place.selection.source == .workloadIdentity
                ? ["WorkloadIdentityCredential", "ManagedIdentityCredential"] : ["WorkloadIdentityCredential"])
        let shown = HostileText.sanitized(path, limit: 200)
        func fail(_ error: AuthenticationError) {
            findings.observe(self.area, "AZURE_FEDERATED_TOKEN_FILE", .bad, error.reason)
            for name in types.flatMap({ place.subject.names(ofType: $0) }) {
                findings.note(name, error.isUnavailable ? .unfit(error) : .failed(error))
            }
            // Whoever names the file means it to be there: that it is missing weighs more than that nothing is set up.
            findings.complaints.append(
                DoctorComplaint(
                    weight: 103, concerns: types, explainsNobody: !types.isEmpty, area: self.area,
                    credential: "WorkloadIdentityCredential", message: error.reason, remedy: error.remedy))
        }
        do {
            let file = FederatedTokenFile(path: path, credential: "WorkloadIdentityCredential", clock: place.host.clock)
            let token = try file.token()
            let now = place.host.clock.date
            guard let expiry = UnverifiedClaims(token: token)?.expiresOn else {
                findings.observe(self.area, "AZURE_FEDERATED_TOKEN_FILE", .good, "\(shown) can be read; when it expires can't")
                return
            }
            guard expiry > now else {
                return fail(Self.expired(shown, on: expiry))
            }
            let minutes = Int(expiry.timeIntervalSince(now) / 60)
            findings.observe(
                self.area, "AZURE_FEDERATED_TOKEN_FILE", .good, "\(shown) holds a token that expires in \(minutes) min")
        } catch let error {
            guard let error = error as? AuthenticationError else { return }
            fail(error)
        }
    }

    private static func expired(_ path: String, on date: Date) -> AuthenticationError {
        var error = AuthenticationError(
            .authenticationFailed,
            credential: "WorkloadIdentityCredential",
            message: """
                WorkloadIdentityCredential: The token in \(path) expired on \(date.ISO8601Format()). The platform should have renewed it.
                """
        )
        error.remedy = Guide.remedy(.g41, facts: GuideFacts(variables: ["AZURE_FEDERATED_TOKEN_FILE"]))
        return error
    }

    private func addAuthorities(_ name: String, _ path: String, to findings: inout DoctorFindings) {
        let shown = HostileText.sanitized(path, limit: 200)
        do {
            let contents = try Host.contents(ofFile: path, limit: Self.authorityLimit)
            let count = String(decoding: contents, as: UTF8.self).ranges(of: "-----BEGIN CERTIFICATE-----").count
            findings.observe(
                self.area, name, count > 0 ? .good : .doubtful, "\(shown) holds \(count) certificate\(count == 1 ? "" : "s")")
        } catch let problem {
            findings.observe(self.area, name, .bad, "\(shown) can't be used: \(problem.reason)")
        }
    }
}
