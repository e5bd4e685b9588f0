// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The agent of Azure Arc: who can read a file that the agent has just written may have a token.
struct AzureArcEndpoint: IdentityEndpoint {
    let versions = ["2019-11-01", "2020-06-01", "2021-02-01"]
    let selectors: [String: IdentitySelector] = [
        "client_id": .clientID, "object_id": .objectID, "msi_res_id": .resourceID,
    ]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) { try call.checkMetadataHeader() }

    /// A request without a good secret is answered with the path of a fresh one.
    func challenge(_ call: IdentityCall) throws(IdentityProblem) -> HostRefusal? {
        let authorization = call.exchange.request.headers.values(for: "Authorization")
        if authorization.count == 1, authorization[0].hasPrefix("Basic "),
            call.core.arcKeys.redeem(String(authorization[0].dropFirst("Basic ".count)))
        {
            return nil
        }
        guard let path = call.core.arcKeys.issue(in: call.hosts.arcKeyDirectory) else {
            throw .failure("The file of the challenge could not be written")
        }
        return HostRefusal(
            status: 401,
            code: "unauthorized_client",
            message: authorization.isEmpty ? "A secret is wanted" : "The secret is wrong or was used",
            headers: ["WWW-Authenticate": "Basic realm=\(path)"]
        )
    }

    func ignoresIdentity(_ hosts: EmulatorConfiguration.Hosts) -> Bool { hosts.arcIgnoresIdentity }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let identity = configuration.defaultIdentity else { throw .unknownIdentity(isUserAssigned: false) }
        return identity
    }

    /// Confirms the identity if one was asked for, as newer agents do.
    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        guard call.selected != nil else { return token.strings([:]) }
        return token.strings([
            "client_id": .string(token.identity.clientID),
            "object_id": .string(token.identity.objectID),
            "msi_res_id": .string(token.identity.resourceID),
        ])
    }
}
