// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks at the certificate that `AZURE_CLIENT_CERTIFICATE_PATH` names: whether it can be used, until when, and who else may read its key.
enum CertificateFileCheck {
    private static let variable = "AZURE_CLIENT_CERTIFICATE_PATH"
    private static let readers = ["EnvironmentCredential", "ClientCertificateCredential"]

    static func add(_ place: DoctorPlace, to findings: inout DoctorFindings) {
        guard let path = place.host.environment[Self.variable] else { return }
        let shown = HostileText.sanitized(path, limit: 200)
        // Where there is a secret too, nobody reads the file.
        let isUsed = place.host.environment["AZURE_CLIENT_SECRET"] == nil
        let password = place.host.environment["AZURE_CLIENT_CERTIFICATE_PASSWORD"].map { Secret($0) }
        if let mode = Host.permissions(ofFile: path), mode & 0o077 != 0 {
            findings.observe(
                .files, Self.variable, .doubtful,
                "\(shown) holds a private key, and others than its owner may open it (mode \(String(mode, radix: 8)))")
        }
        do {
            let certificate = try ClientCertificate(contentsOf: path, password: password)
            guard let leaf = certificate.current().chain.first else { return }
            let now = place.host.clock.date
            let until = leaf.notAfter.ISO8601Format()
            if leaf.notAfter < now || leaf.notBefore > now {
                let text =
                    leaf.notAfter < now ? "expired on \(until)" : "is not valid before \(leaf.notBefore.ISO8601Format())"
                findings.observe(.files, Self.variable, .bad, "the certificate in \(shown) (\(leaf.subjectName)) \(text)")
                if isUsed {
                    findings.complaints.append(Self.complaint("The certificate in \(shown) (\(leaf.subjectName)) \(text)."))
                }
            } else {
                findings.observe(.files, Self.variable, .good, "\(shown): \(leaf.subjectName), valid until \(until)")
            }
        } catch let error {
            let reason = (error as? AuthenticationError)?.reason ?? "it can't be used"
            findings.observe(.files, Self.variable, isUsed ? .bad : .doubtful, reason)
        }
    }

    /// As row G12: the service refuses it.
    private static func complaint(_ message: String) -> DoctorComplaint {
        var remedy = Guide.remedy(.g12)
        remedy.text = "Make a new certificate, upload it to the application's registration, and put it in the file's place."
        return DoctorComplaint(
            weight: 102, concerns: Set(Self.readers), area: .files, credential: Self.readers[0], message: message, remedy: remedy)
    }
}
#endif
