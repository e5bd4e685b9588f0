// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureIdentityTesting

/// An emulated host by its name.
struct HostArgument: ExpressibleByArgument {
    let host: EmulatedHost

    init?(argument: String) {
        guard let host = EmulatedHost(rawValue: argument) else { return nil }
        self.host = host
    }

    static var allValueStrings: [String] { EmulatedHost.allCases.map(\.rawValue) }
}

extension EmulatedHost {
    /// What `azid token --credential` takes for the host's credential.
    var credential: String {
        switch self {
        case .workloadIdentity: "workload-identity"
        case .identityBinding: "workload-identity --enable-azure-proxy"
        case .azurePipelines: "azure-pipelines"
        case .gitHubActions: "github-actions"
        default: "managed-identity"
        }
    }
}
#endif
