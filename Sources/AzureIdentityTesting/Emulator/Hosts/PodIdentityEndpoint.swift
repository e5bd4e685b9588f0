// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Pod identity of Azure Kubernetes Service: a proxy before the metadata service, which needs no header.
///
/// That an identity is not yet bound (404) is for a fault to play.
struct PodIdentityEndpoint: IdentityEndpoint {
    let versions = VirtualMachineEndpoint().versions
    let selectors = VirtualMachineEndpoint().selectors

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {}

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        try VirtualMachineEndpoint.only(of: configuration)
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON { VirtualMachineEndpoint().answer(token, call) }
}
