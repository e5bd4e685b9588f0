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
    /// The type names of those that read it by themselves, as environment-variables.json has them.
    var readers: Set<String>
    /// The row that tells how it is set.
    let row: GuideRow?
    /// Whether who reads it cuts off blanks around the value.
    var isTrimmed = false

    private static let application: Set<String> = ["EnvironmentCredential"]
    private static let federated: Set<String> = [
        "EnvironmentCredential", "GitHubActionsCredential", "WorkloadIdentityCredential",
    ]
    private static let regional: Set<String> = [
        "EnvironmentCredential", "ClientSecretCredential", "ClientCertificateCredential", "ClientAssertionCredential",
    ]
    private static let entra = Self.federated.union(Self.regional).union([
        "UsernamePasswordCredential", "OnBehalfOfCredential", "AzurePipelinesCredential",
    ])
    private static let host: Set<String> = ["ManagedIdentityCredential"]
    private static let pipelines: Set<String> = ["AzurePipelinesCredential"]
    private static let cache: Set<String> = ["SharedTokenCacheCredential"]

    /// The type names of those that read a variable; empty: none of the known ones does.
    static func readers(of name: String) -> Set<String> { Self.all.first { $0.name == name }?.readers ?? [] }

    /// All of them, with those alone for readers that read them where these variables are set.
    static func all(in environment: EnvironmentVariables) -> [KnownVariable] {
        let unused = Self.unused(by: EnvironmentPlan(environment: environment))
        return Self.all.map { variable in
            var variable = variable
            if unused.contains(variable.name) { variable.readers.remove("EnvironmentCredential") }
            // What counts as not set is in nobody's way.
            let isBlank = HostileText.trimmed(environment[variable.name] ?? "").isEmpty
            if isBlank, variable.isTrimmed, variable.kind == .word { variable.readers = [] }
            return variable
        }
    }

    /// What EnvironmentCredential doesn't read, since others go before it.
    private static func unused(by plan: EnvironmentPlan) -> Set<String> {
        let person: Set<String> = ["AZURE_USERNAME", "AZURE_PASSWORD"]
        switch plan {
        case .clientSecret: return person.union(["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"])
        case .clientCertificate: return person
        default: return []
        }
    }

    /// All of them, in the order in which they are told.
    static let all: [KnownVariable] = [
        .init(name: "AZURE_TOKEN_CREDENTIALS", kind: .word, readers: ["DefaultAzureCredential"], row: nil, isTrimmed: true),
        .init(name: "AZURE_TENANT_ID", kind: .id, readers: Self.federated.union(Self.cache), row: .g08),
        .init(name: "AZURE_CLIENT_ID", kind: .id, readers: Self.federated.union(Self.host), row: .g08),
        .init(name: "AZURE_CLIENT_SECRET", kind: .secret, readers: Self.application, row: .g08),
        .init(name: "AZURE_CLIENT_CERTIFICATE_PATH", kind: .path, readers: Self.application, row: .g08),
        .init(name: "AZURE_CLIENT_CERTIFICATE_PASSWORD", kind: .secret, readers: Self.application, row: .g08),
        .init(name: "AZURE_USERNAME", kind: .secret, readers: Self.application.union(Self.cache), row: .g08),
        .init(name: "AZURE_PASSWORD", kind: .secret, readers: Self.application, row: .g08),
        .init(name: "AZURE_AUTHORITY_HOST", kind: .address, readers: Self.entra, row: nil, isTrimmed: true),
        .init(name: "AZURE_REGIONAL_AUTHORITY_NAME", kind: .word, readers: Self.regional, row: nil),
        .init(name: "AZURE_ADDITIONALLY_ALLOWED_TENANTS", kind: .word, readers: Self.entra, row: .g48, isTrimmed: true),
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
        .init(name: "SYSTEM_ACCESSTOKEN", kind: .secret, readers: [], row: .g44),
        .init(name: "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", kind: .id, readers: [], row: .g43),
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
