// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Service Fabric. Which identity an application has is set in the cluster, so none can be asked for.
struct ServiceFabricEndpoint: IdentityEndpoint {
    let versions = ["2019-07-01-preview", "2020-05-01"]
    let selectors: [String: IdentitySelector] = [:]
    let others = ["token_sha256_to_refresh", "xms_cc"]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {
        try call.check(header: "Secret", secret: call.hosts.identityHeader)
    }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let identity = configuration.defaultIdentity else { throw .unknownIdentity(isUserAssigned: false) }
        return identity
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        .object([
            "token_type": "Bearer",
            "access_token": .string(token.accessToken),
            "expires_on": .integer(token.expiresOn),
            "resource": .string(token.resource),
        ])
    }

    func refusal(_ problem: IdentityProblem) -> HostRefusal {
        let (status, code): (Int, String) =
            switch problem {
            case .missingHeader, .wrongSecret: (400, "SecretHeaderNotFound")
            case .unknownIdentity: (404, "ManagedIdentityNotFound")
            case .wrongVersion: (400, "InvalidApiVersion")
            case .missingResource, .empty: (400, "ArgumentNullOrEmpty")
            case .failure: (500, "InternalServerError")
            default: (problem.status, "BadRequest")
            }
        return HostRefusal(status: status, code: code, message: problem.message)
    }

    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON { self.nested(refusal, exchange) }
}
