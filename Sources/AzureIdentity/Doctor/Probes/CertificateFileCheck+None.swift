// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
import AzureCredentials

/// Certificates can't be read without the trait `Cryptography`.
enum CertificateFileCheck {
    static func add(_ place: DoctorPlace, to findings: inout DoctorFindings) {
        guard place.host.environment["AZURE_CLIENT_CERTIFICATE_PATH"] != nil else { return }
        findings.observe(.files, "AZURE_CLIENT_CERTIFICATE_PATH", .skipped, "the trait Cryptography is off")
    }
}
#endif
