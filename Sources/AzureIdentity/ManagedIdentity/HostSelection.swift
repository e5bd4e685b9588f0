// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Which host this is, by variables and files alone. Pure; decided once for each credential. A variable that is empty is not set.
struct HostSelection: Sendable, Hashable {
    /// Where tokens come from.
    enum Source: Sendable, Hashable {
        case serviceFabric(endpoint: String, header: String, thumbprint: String)
        case appService(endpoint: String, header: String)
        case azureArc(endpoint: String)
        case appService2017(endpoint: String, secret: String)
        case azureMachineLearning(endpoint: String, secret: String, defaultClientID: String?)
        case cloudShell(endpoint: String)
        case workloadIdentity
        /// The instance metadata service, or what answers in its place in a pod.
        case metadata(host: String, isPod: Bool)
        /// Nothing: the variables speak for a host that can't serve tokens as it is.
        case none(GuideRow, message: String)
    }

    let source: Source
    let host: ManagedIdentityHost
    /// What the machine's files say, where only a metadata service is left.
    private(set) var likelihood: AzureLikelihood?

    /// Where the agent of Azure Arc listens if no variable says so (MSAL.NET, MSAL Go).
    private static let arcEndpoint = "http://127.0.0.1:40342/metadata/identity/oauth2/token"
    /// The variables by which App Service, Functions and Container Apps can be told.
    private static let appSigns = [
        "WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "FUNCTIONS_WORKER_RUNTIME", "CONTAINER_APP_NAME", "IDENTITY_HEADER",
    ]

    private init(_ source: Source, _ host: ManagedIdentityHost) {
        self.source = source
        self.host = host
    }

    private init(_ source: Source, _ kind: ManagedIdentityHost.Kind, set names: String...) {
        self.init(source, ManagedIdentityHost(kind: kind, evidence: names.map { "\($0) is set" }))
    }

    /// - Parameters:
    ///   - environment: The variables.
    ///   - facts: What files tell; not looked at unless the variables leave it open.
    ///   - excludesWorkloadIdentity: Whether workload identity may not stand in, as in a chain from which it is excluded.
    static func select(
        _ environment: EnvironmentVariables,
        facts: () -> HostFacts,
        excludesWorkloadIdentity: Bool = false
    ) -> HostSelection {
        if let selection = Self.identityEndpoint(environment) ?? Self.managedServiceEndpoint(environment) { return selection }
        if !excludesWorkloadIdentity, environment["AZURE_AUTHORITY_HOST"] != nil, environment["AZURE_TENANT_ID"] != nil,
            environment["AZURE_FEDERATED_TOKEN_FILE"] != nil
        {
            return HostSelection(
                .workloadIdentity,
                .workloadIdentity,
                set: "AZURE_AUTHORITY_HOST",
                "AZURE_TENANT_ID",
                "AZURE_FEDERATED_TOKEN_FILE"
            )
        }
        if let selection = Self.appWithoutEndpoint(environment) { return selection }
        let facts = facts()
        if facts.hasArcAgent {
            let host = ManagedIdentityHost(kind: .azureArc, evidence: ["\(HostFacts.arcAgent) is there"])
            return HostSelection(.azureArc(endpoint: Self.arcEndpoint), host)
        }
        return Self.metadata(environment, facts: facts)
    }

    private static func identityEndpoint(_ environment: EnvironmentVariables) -> HostSelection? {
        guard let endpoint = environment["IDENTITY_ENDPOINT"] else { return nil }
        if let header = environment["IDENTITY_HEADER"] {
            if let thumbprint = environment["IDENTITY_SERVER_THUMBPRINT"] {
                return HostSelection(
                    .serviceFabric(endpoint: endpoint, header: header, thumbprint: thumbprint),
                    .serviceFabric,
                    set: "IDENTITY_ENDPOINT",
                    "IDENTITY_HEADER",
                    "IDENTITY_SERVER_THUMBPRINT"
                )
            }
            return HostSelection(
                .appService(endpoint: endpoint, header: header), .appService, set: "IDENTITY_ENDPOINT", "IDENTITY_HEADER")
        }
        if environment["IMDS_ENDPOINT"] != nil {
            return HostSelection(.azureArc(endpoint: endpoint), .azureArc, set: "IDENTITY_ENDPOINT", "IMDS_ENDPOINT")
        }
        if let selection = Self.appWithoutEndpoint(environment) { return selection }
        let message = """
            No managed identity endpoint found. IDENTITY_ENDPOINT is set alone, without IDENTITY_HEADER (App Service, Service Fabric) \
            or IMDS_ENDPOINT (Azure Arc), so the Azure platform could not be determined.
            """
        return Self.nothing(.g30, message, evidence: ["IDENTITY_ENDPOINT is set"])
    }

    private static func managedServiceEndpoint(_ environment: EnvironmentVariables) -> HostSelection? {
        guard let endpoint = environment["MSI_ENDPOINT"] else { return nil }
        guard let secret = environment["MSI_SECRET"] else {
            return HostSelection(.cloudShell(endpoint: endpoint), .cloudShell, set: "MSI_ENDPOINT")
        }
        if let sign = Self.sign(of: environment) {
            return HostSelection(
                .appService2017(endpoint: endpoint, secret: secret), .appService2017, set: "MSI_ENDPOINT", "MSI_SECRET", sign)
        }
        return HostSelection(
            .azureMachineLearning(
                endpoint: endpoint, secret: secret, defaultClientID: environment["DEFAULT_IDENTITY_CLIENT_ID"]),
            .azureMachineLearning,
            set: "MSI_ENDPOINT",
            "MSI_SECRET"
        )
    }

    /// An app that lacks one of the variables by which its identity is reached (row G28).
    private static func appWithoutEndpoint(_ environment: EnvironmentVariables) -> HostSelection? {
        guard let sign = Self.sign(of: environment) else { return nil }
        let missing = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"].filter { environment[$0] == nil }
        let message = """
            ManagedIdentityCredential authentication unavailable. This looks like App Service, Functions or Container Apps \
            (\(sign) is set), but \(missing.joined(separator: " and ")) \(missing.count > 1 ? "are" : "is") not: the app has no managed \
            identity, or was started before it had one.
            """
        return Self.nothing(.g28, message, evidence: ["\(sign) is set"] + missing.map { "\($0) is missing" })
    }

    /// A variable that speaks for an app. The image of Functions sets one of them wherever it runs, in a cluster of Kubernetes too.
    private static func sign(of environment: EnvironmentVariables) -> String? {
        let isCluster = environment["KUBERNETES_SERVICE_HOST"] != nil
        return Self.appSigns.first { environment[$0] != nil && !(isCluster && $0 == "FUNCTIONS_WORKER_RUNTIME") }
    }

    private static func nothing(_ row: GuideRow, _ message: String, evidence: [String]) -> HostSelection {
        HostSelection(
            .none(row, message: message),
            ManagedIdentityHost(kind: nil, evidence: evidence, problem: message)
        )
    }

    private static func metadata(_ environment: EnvironmentVariables, facts: HostFacts) -> HostSelection {
        let isPod = environment["KUBERNETES_SERVICE_HOST"] != nil
        let isNamed = environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] != nil
        var evidence = isPod ? ["KUBERNETES_SERVICE_HOST is set"] : []
        if isNamed { evidence.append("AZURE_POD_IDENTITY_AUTHORITY_HOST is set") }
        let likelihood = AzureLikelihood(facts)
        evidence += likelihood.evidence
        var selection = HostSelection(
            .metadata(host: environment.metadataHost, isPod: isPod),
            ManagedIdentityHost(
                kind: isPod ? .podIdentity : .virtualMachine,
                evidence: evidence,
                isCertain: isNamed || likelihood.isLikely
            )
        )
        selection.likelihood = likelihood
        return selection
    }
}

extension HostSelection.Source {
    /// What tells one host's tokens from another's, secrets included.
    var parts: [String] {
        switch self {
        case .serviceFabric(let endpoint, let header, let thumbprint): ["service-fabric", endpoint, header, thumbprint]
        case .appService(let endpoint, let header): ["app-service", endpoint, header]
        case .azureArc(let endpoint): ["azure-arc", endpoint]
        case .appService2017(let endpoint, let secret): ["app-service-2017", endpoint, secret]
        case .azureMachineLearning(let endpoint, let secret, let id): ["azure-ml", endpoint, secret, id ?? ""]
        case .cloudShell(let endpoint): ["cloud-shell", endpoint]
        case .metadata(let host, let isPod): ["metadata", host, "\(isPod)"]
        case .workloadIdentity: ["workload"]
        case .none: ["none"]
        }
    }
}

/// Whether a machine is one of Azure's, by what its files tell. Pure.
struct AzureLikelihood: Sendable, Hashable {
    /// The asset tag of all virtual machines of Azure; what cloud-init goes by.
    private static let assetTag = "7783-7084-3265-9085-8269-3286-77"

    /// Whether something speaks for Azure.
    let isLikely: Bool
    /// Whether something speaks against it, and nothing for it.
    let isUnlikely: Bool
    /// What speaks for or against it, in a few words each.
    let evidence: [String]

    init(_ facts: HostFacts) {
        var evidence: [String] = []
        let isTagged = facts.chassisAssetTag == Self.assetTag
        if isTagged { evidence.append("the chassis has Azure's asset tag") }
        let cloud = facts.cloudID?.lowercased()
        let isAzureCloud = cloud.map { $0.contains("azure") } ?? false
        if let cloud { evidence.append("cloud-init says \(cloud)") }
        if facts.isContainer { evidence.append("this is a container") }
        if let vendor = facts.vendor { evidence.append("the firmware says \(vendor)\(facts.product.map { " \($0)" } ?? "")") }
        // Hyper-V machines have Microsoft's name without being in Azure; hardware of other makers, and other clouds, don't have it.
        let isForeign = facts.vendor.map { !$0.lowercased().hasPrefix("microsoft") } ?? false
        self.isLikely = isTagged || isAzureCloud
        // In a container, anything may have been set up to answer in the metadata service's place.
        self.isUnlikely = !self.isLikely && isForeign && !facts.isContainer
        self.evidence = evidence
    }
}
