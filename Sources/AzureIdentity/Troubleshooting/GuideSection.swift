// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What the guide says of a row besides its remedy. Ids are strings, since a section is written before its row's credential is.
struct GuideSection: Sendable {
    let id: String
    let chapter: GuideChapter
    let title: String
    let place: String
    let situation: String
    /// Parts of the message, as the reader sees them.
    var signs: [String] = []
    let discovery: TroubleshootingGuide.Discovery
    /// The variables of a row whose remedy takes them from the error.
    var variables: [String] = []
    /// Markdown of DocC: its links to symbols and articles are resolved or taken out elsewhere.
    var details = ""

    static let all =
        Self.reading + Self.chains + Self.applications + Self.hosts + Self.federation + Self.tools + Self.editor + Self.people
}

/// The parts that the guide has as a document, in order.
enum GuideChapter: CaseIterable, Sendable {
    case reading, chains, environment, secret, certificate, assertion, password, managedIdentity, workload, pipelines, tools,
        editor
    case tenants, broker, rest

    var title: String {
        switch self {
        case .reading: "Reading an error"
        case .chains: "DefaultAzureCredential and other chains"
        case .environment: "EnvironmentCredential"
        case .secret: "ClientSecretCredential"
        case .certificate: "ClientCertificateCredential"
        case .assertion: "ClientAssertionCredential"
        case .password: "UsernamePasswordCredential"
        case .managedIdentity: "ManagedIdentityCredential"
        case .workload: "WorkloadIdentityCredential"
        case .pipelines: "AzurePipelinesCredential and GitHubActionsCredential"
        case .tools: "Developer tools"
        case .editor: "VisualStudioCodeCredential"
        case .tenants: "Several tenants"
        case .broker: "Brokered sign-in"
        case .rest: "Everything else"
        }
    }
}
