// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureIdentity

/// Which host a set of variables and files speaks for.
@Suite struct HostSelectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let variables: EnvironmentVariables
        var facts = HostFacts()
        var excludesWorkloadIdentity = false
        let kind: ManagedIdentityHost.Kind?
        var testDescription: String { self.name }
    }

    private static let workload: EnvironmentVariables = [
        "AZURE_AUTHORITY_HOST": "https://a", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "/f",
    ]

    private static var arcAgent: HostFacts {
        var facts = HostFacts()
        facts.hasArcAgent = true
        return facts
    }

    static let rows: [Row] = [
        Row(
            name: "Service Fabric",
            variables: ["IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h", "IDENTITY_SERVER_THUMBPRINT": "t"], kind: .serviceFabric
        ),
        Row(name: "App Service", variables: ["IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h"], kind: .appService),
        Row(
            name: "an empty thumbprint is none",
            variables: ["IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h", "IDENTITY_SERVER_THUMBPRINT": ""], kind: .appService),
        Row(
            name: "App Service before Arc and before the older variables",
            variables: [
                "IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h", "IMDS_ENDPOINT": "i", "MSI_ENDPOINT": "m", "MSI_SECRET": "s",
            ], kind: .appService),
        Row(name: "Arc", variables: ["IDENTITY_ENDPOINT": "e", "IMDS_ENDPOINT": "i"], kind: .azureArc),
        Row(name: "IDENTITY_ENDPOINT alone", variables: ["IDENTITY_ENDPOINT": "e"], kind: nil),
        Row(
            name: "IDENTITY_ENDPOINT alone, whatever else is there",
            variables: ["IDENTITY_ENDPOINT": "e", "MSI_ENDPOINT": "m", "MSI_SECRET": "s"], kind: nil),
        Row(
            name: "Azure ML", variables: ["MSI_ENDPOINT": "m", "MSI_SECRET": "s"], kind: .azureMachineLearning),
        Row(
            name: "App Service 2017",
            variables: ["MSI_ENDPOINT": "m", "MSI_SECRET": "s", "WEBSITE_SITE_NAME": "w"], kind: .appService2017),
        Row(name: "Cloud Shell", variables: ["MSI_ENDPOINT": "m"], kind: .cloudShell),
        Row(name: "workload identity", variables: Self.workload, kind: .workloadIdentity),
        Row(
            name: "workload identity before the agent of Arc", variables: Self.workload, facts: Self.arcAgent,
            kind: .workloadIdentity),
        Row(
            name: "workload identity excluded", variables: Self.workload, excludesWorkloadIdentity: true, kind: .virtualMachine),
        Row(
            name: "workload identity without its file",
            variables: ["AZURE_AUTHORITY_HOST": "https://a", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": ""],
            kind: .virtualMachine),
        Row(name: "the agent of Arc without variables", variables: [:], facts: Self.arcAgent, kind: .azureArc),
        Row(name: "an app without an endpoint", variables: ["WEBSITE_INSTANCE_ID": "w"], kind: nil),
        Row(
            name: "a container app without a header", variables: ["CONTAINER_APP_NAME": "c", "IDENTITY_ENDPOINT": "e"], kind: nil),
        Row(name: "functions without an endpoint", variables: ["FUNCTIONS_WORKER_RUNTIME": "custom"], kind: nil),
        Row(
            name: "the image of Functions in a cluster",
            variables: ["FUNCTIONS_WORKER_RUNTIME": "custom", "KUBERNETES_SERVICE_HOST": "k"], kind: .podIdentity),
        Row(name: "a header without an endpoint", variables: ["IDENTITY_HEADER": "h"], kind: nil),
        Row(name: "a pod", variables: ["KUBERNETES_SERVICE_HOST": "k"], kind: .podIdentity),
        Row(name: "nothing", variables: [:], kind: .virtualMachine),
        Row(name: "all empty", variables: ["IDENTITY_ENDPOINT": "", "MSI_ENDPOINT": ""], kind: .virtualMachine),
    ]

    @Test(arguments: rows)
    func host(row: Row) {
        let selection = HostSelection.select(
            row.variables, facts: { row.facts }, excludesWorkloadIdentity: row.excludesWorkloadIdentity)
        #expect(selection.host.kind == row.kind)
        #expect((selection.host.problem == nil) == (row.kind != nil))
    }

    @Test func evidenceHoldsNoValues() {
        let secret = "MARKED"
        let names = [
            "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "MSI_ENDPOINT", "MSI_SECRET",
            "WEBSITE_SITE_NAME",
            "AZURE_POD_IDENTITY_AUTHORITY_HOST", "KUBERNETES_SERVICE_HOST",
        ]
        for count in 1...names.count {
            for start in 0...(names.count - count) {
                let variables = EnvironmentVariables(
                    Dictionary(names[start..<(start + count)].map { ($0, secret) }) { $1 })
                let host = HostSelection.select(variables, facts: { HostFacts() }).host
                #expect(!"\(host)".contains(secret))
            }
        }
    }

    @Test func theProblemNamesWhatIsMissing() throws {
        let host = HostSelection.select(["WEBSITE_SITE_NAME": "w", "IDENTITY_ENDPOINT": "e"], facts: { HostFacts() }).host
        let problem = try #require(host.problem)
        #expect(problem.contains("IDENTITY_HEADER is not") && !problem.contains("IDENTITY_ENDPOINT"))
    }

    @Test func filesAreNotLookedAtWhereVariablesDecide() {
        let selection = HostSelection.select(
            ["MSI_ENDPOINT": "m"],
            facts: {
                Issue.record("looked")
                return HostFacts()
            })
        #expect(selection.host.kind == .cloudShell)
    }

    @Test func theDetectedHostOfVariables() {
        let host = ManagedIdentityCredential.detectedHost(environment: ["IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h"])
        #expect(host.kind == .appService && host.isCertain)
        #expect(host.evidence == ["IDENTITY_ENDPOINT is set", "IDENTITY_HEADER is set"])
    }

    @Test(
        arguments: [
            ("LENOVO", nil, nil, false, false, true),
            ("Amazon EC2", nil, nil, false, false, true),
            ("Amazon EC2", nil, nil, true, false, false),
            ("Microsoft Corporation", nil, nil, false, false, false),
            ("Microsoft Corporation", "7783-7084-3265-9085-8269-3286-77", nil, false, true, false),
            ("QEMU", nil, "azure", false, true, false),
            (nil, nil, nil, false, false, false),
            (nil, nil, "aws", false, false, false),
        ] as [(String?, String?, String?, Bool, Bool, Bool)])
    func likelihood(row: (vendor: String?, tag: String?, cloud: String?, isContainer: Bool, isLikely: Bool, isUnlikely: Bool)) {
        var facts = HostFacts()
        facts.vendor = row.vendor
        facts.chassisAssetTag = row.tag
        facts.cloudID = row.cloud
        facts.isContainer = row.isContainer
        let likelihood = AzureLikelihood(facts)
        #expect(likelihood.isLikely == row.isLikely && likelihood.isUnlikely == row.isUnlikely)
    }
}
