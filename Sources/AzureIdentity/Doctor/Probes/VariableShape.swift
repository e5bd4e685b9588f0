// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A variable that credentials read: what it holds, and who reads it. Pure.
struct KnownVariable: Sendable {
    /// What a value may be shown of.
    enum Kind: Sendable {
        /// An id: shown if it is a GUID.
        case id
        /// Never shown, nor how long it is.
        case secret
        /// A file's path: shown.
        case path
        /// Not shown: addresses have been seen to hold secrets.
        case address
        /// A word of a few, which blanks around don't matter to: shown if it is short.
        case word
    }

    let name: String
    let kind: Kind
    /// The type names of those that read it.
    let readers: Set<String>
    /// The row that tells how it is set.
    let row: GuideRow?
    /// Whether who reads it cuts off blanks around the value.
    var isTrimmed = false

    private static let application: Set<String> = [
        "EnvironmentCredential", "ClientSecretCredential", "ClientCertificateCredential", "ClientAssertionCredential",
        "UsernamePasswordCredential", "OnBehalfOfCredential", "AzurePipelinesCredential", "GitHubActionsCredential",
        "WorkloadIdentityCredential",
    ]
    private static let host: Set<String> = ["ManagedIdentityCredential"]
    private static let pipelines: Set<String> = ["AzurePipelinesCredential"]

    /// All of them, in the order in which they are told.
    static let all: [KnownVariable] = [
        .init(name: "AZURE_TOKEN_CREDENTIALS", kind: .word, readers: [], row: nil, isTrimmed: true),
        .init(name: "AZURE_TENANT_ID", kind: .id, readers: Self.application, row: .g08),
        .init(name: "AZURE_CLIENT_ID", kind: .id, readers: Self.application.union(Self.host), row: .g08),
        .init(
            name: "AZURE_CLIENT_SECRET", kind: .secret, readers: ["EnvironmentCredential", "ClientSecretCredential"], row: .g08),
        .init(
            name: "AZURE_CLIENT_CERTIFICATE_PATH", kind: .path,
            readers: ["EnvironmentCredential", "ClientCertificateCredential"],
            row: .g08),
        .init(
            name: "AZURE_CLIENT_CERTIFICATE_PASSWORD", kind: .secret,
            readers: ["EnvironmentCredential", "ClientCertificateCredential"], row: .g08),
        .init(
            name: "AZURE_USERNAME", kind: .secret, readers: ["EnvironmentCredential", "UsernamePasswordCredential"], row: .g08),
        .init(
            name: "AZURE_PASSWORD", kind: .secret, readers: ["EnvironmentCredential", "UsernamePasswordCredential"], row: .g08),
        .init(name: "AZURE_AUTHORITY_HOST", kind: .address, readers: Self.application, row: nil, isTrimmed: true),
        .init(name: "AZURE_REGIONAL_AUTHORITY_NAME", kind: .word, readers: Self.application, row: nil),
        .init(name: "AZURE_ADDITIONALLY_ALLOWED_TENANTS", kind: .word, readers: [], row: .g48, isTrimmed: true),
        .init(name: "AZURE_FEDERATED_TOKEN_FILE", kind: .path, readers: ["WorkloadIdentityCredential"], row: .g41),
        .init(name: "AZURE_KUBERNETES_TOKEN_PROXY", kind: .address, readers: ["WorkloadIdentityCredential"], row: .g53),
        .init(name: "AZURE_KUBERNETES_CA_FILE", kind: .path, readers: ["WorkloadIdentityCredential"], row: .g53),
        .init(name: "AZURE_POD_IDENTITY_AUTHORITY_HOST", kind: .address, readers: Self.host, row: nil),
        .init(name: "IDENTITY_ENDPOINT", kind: .address, readers: Self.host, row: .g28),
        .init(name: "IDENTITY_HEADER", kind: .secret, readers: Self.host, row: .g28),
        .init(name: "IDENTITY_SERVER_THUMBPRINT", kind: .secret, readers: Self.host, row: .g21),
        .init(name: "IMDS_ENDPOINT", kind: .address, readers: Self.host, row: nil),
        .init(name: "MSI_ENDPOINT", kind: .address, readers: Self.host, row: .g28),
        .init(name: "MSI_SECRET", kind: .secret, readers: Self.host, row: .g28),
        .init(name: "SYSTEM_OIDCREQUESTURI", kind: .address, readers: Self.pipelines, row: .g46, isTrimmed: true),
        .init(name: "SYSTEM_ACCESSTOKEN", kind: .secret, readers: Self.pipelines, row: .g44),
        .init(name: "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", kind: .id, readers: Self.pipelines, row: .g43),
        .init(
            name: "ACTIONS_ID_TOKEN_REQUEST_URL", kind: .address, readers: ["GitHubActionsCredential"], row: nil, isTrimmed: true),
        .init(name: "ACTIONS_ID_TOKEN_REQUEST_TOKEN", kind: .secret, readers: ["GitHubActionsCredential"], row: nil),
    ]
}

/// What is wrong with the form of a variable's value, whatever it means. Pure.
enum VariableShape: Sendable, Equatable {
    /// Set, and empty: as if it weren't.
    case empty
    /// Nothing but blanks.
    case blank
    /// Quotation marks around it, which the shell should have taken away.
    case quoted
    /// Blanks or line breaks around it.
    case padded
    /// A line break or another control character inside.
    case broken

    init?(_ value: String, isTrimmed: Bool) {
        let trimmed = HostileText.trimmed(value)
        if value.isEmpty {
            self = .empty
        } else if trimmed.isEmpty {
            self = .blank
        } else if trimmed.trimmingQuotes != trimmed {
            self = .quoted
        } else if trimmed != value, !isTrimmed {
            self = .padded
        } else if trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            self = .broken
        } else {
            return nil
        }
    }

    /// What is wrong, as the end of a sentence about the variable.
    var text: String {
        switch self {
        case .empty: "is set to nothing, which counts as not set"
        case .blank: "holds nothing but blanks"
        case .quoted: "has quotation marks around its value: they are part of it"
        case .padded: "has blanks or line breaks around its value: they are part of it"
        case .broken: "has a line break or another control character in its value"
        }
    }
}
