// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The instance metadata service of virtual machines.
struct VirtualMachineEndpoint: IdentityEndpoint {
    let versions = ["2018-02-01", "2019-08-01"]
    let selectors: [String: IdentitySelector] = [
        "client_id": .clientID, "object_id": .objectID, "msi_res_id": .resourceID,
    ]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {
        try call.checkMetadataHeader()
        guard call.exchange.request.headers.values(for: "X-Forwarded-For").isEmpty else { throw .forwarded }
    }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        try Self.only(of: configuration)
    }

    /// The system-assigned identity, else the only one.
    static func only(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        let identities = configuration.managedIdentities
        if let identity = identities.first(where: { $0.isSystemAssigned }) { return identity }
        guard let first = identities.first else { throw .unknownIdentity(isUserAssigned: false) }
        guard identities.count == 1 else { throw .ambiguousIdentity }
        return first
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        token.strings(["client_id": .string(token.identity.clientID)])
    }
}
