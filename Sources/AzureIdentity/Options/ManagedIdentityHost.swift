// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The kind of host a process runs on, as far as managed identities are concerned, and what speaks for it.
///
/// Found out without a request, by ``ManagedIdentityCredential/detectedHost(environment:)``.
public struct ManagedIdentityHost: Sendable, Hashable {
    /// A kind of host. More may be added, so a `switch` needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind, such as `App Service`.
        public let description: String

        /// App Service, Functions, Container Apps or Automation (API version 2019-08-01).
        public static let appService = Kind(description: "App Service")
        /// App Service with the interface of 2017-09-01.
        public static let appService2017 = Kind(description: "App Service (2017-09-01)")
        /// A machine outside of Azure with the agent of Azure Arc.
        public static let azureArc = Kind(description: "Azure Arc")
        /// A compute of Azure Machine Learning.
        public static let azureMachineLearning = Kind(description: "Azure Machine Learning")
        /// Cloud Shell, which gives tokens of the user.
        public static let cloudShell = Kind(description: "Cloud Shell")
        /// A cluster of Service Fabric.
        public static let serviceFabric = Kind(description: "Service Fabric")
        /// A pod with workload identity, which serves the managed identity too.
        public static let workloadIdentity = Kind(description: "workload identity")
        /// A pod of AKS, whose requests the node's metadata service or pod identity (NMI) answers.
        public static let podIdentity = Kind(description: "AKS pod")
        /// A virtual machine or scale set: the instance metadata service (IMDS). Also what is assumed where nothing speaks for another host.
        public static let virtualMachine = Kind(description: "virtual machine (IMDS)")
    }

    /// The kind; `nil` if the variables contradict each other, so that no token can be had: see ``problem``.
    public var kind: Kind?
    /// What speaks for it, each in a few words: the variables and files that decided. Holds no values of variables.
    public var evidence: [String]
    /// What is wrong, if the host can't serve tokens as it is.
    public var problem: String?
    /// Whether something speaks for the kind; `false` if it is what remains.
    public var isCertain: Bool

    package init(kind: Kind?, evidence: [String], problem: String? = nil, isCertain: Bool = true) {
        self.kind = kind
        self.evidence = evidence
        self.problem = problem
        self.isCertain = isCertain
    }
}

extension ManagedIdentityHost: CustomStringConvertible {
    /// The kind and the evidence in one line.
    public var description: String {
        let kind = self.kind?.description ?? "no host of managed identities"
        let evidence = self.evidence.isEmpty ? "" : " (\(self.evidence.joined(separator: "; ")))"
        return kind + evidence + (self.problem.map { ": \($0)" } ?? "")
    }
}
