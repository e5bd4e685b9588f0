// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A place where programs run and get tokens without secrets, as the emulator plays it.
///
/// `EntraEmulator.environment(for:endpoints:)` has the variables that point a program at one.
public enum EmulatedHost: String, CaseIterable, Sendable, Hashable, Codable {
    /// App Service, Functions and Container Apps.
    case appService = "app-service"
    /// App Service with its first protocol, of 2017.
    case appService2017 = "app-service-2017"
    /// Azure Machine Learning.
    case azureMachineLearning = "azure-ml"
    /// Azure Cloud Shell.
    case cloudShell = "cloud-shell"
    /// A machine elsewhere with the agent of Azure Arc.
    case azureArc = "azure-arc"
    /// Service Fabric, over TLS with a certificate of its own.
    case serviceFabric = "service-fabric"
    /// A virtual machine, with the instance metadata service.
    case virtualMachine = "imds"
    /// Azure Kubernetes Service with pod identity, which is retired.
    case podIdentity = "pod-identity"
    /// Kubernetes with workload identity.
    case workloadIdentity = "workload-identity"
    /// Azure Kubernetes Service with identity binding: workload identity by way of a proxy in the cluster.
    case identityBinding = "identity-binding"
    /// Azure Pipelines.
    case azurePipelines = "azure-pipelines"
    /// GitHub Actions.
    case gitHubActions = "github-actions"
}

/// What a request came in through: each one is a socket of its own where the emulator is served on sockets.
public enum EmulatorListener: String, CaseIterable, Sendable, Hashable, Codable {
    /// Microsoft Entra ID and the issuers of Azure Pipelines and GitHub, over TLS.
    case entra
    /// The identity endpoints that are reached over plain http.
    case plain
    /// Service Fabric, over TLS with a certificate of its own.
    case serviceFabric
    /// The proxy of identity binding, over TLS with an authority of its own.
    case identityBinding
}
