// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// App Service, Functions and Container Apps, in the version of 2019.
struct AppServiceEndpoint: IdentityEndpoint {
    let versions = ["2019-08-01"]
    /// `principal_id` is the documented name of what most libraries call `object_id`.
    let selectors: [String: IdentitySelector] = [
        "client_id": .clientID, "object_id": .objectID, "principal_id": .objectID, "mi_res_id": .resourceID,
    ]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {
        try call.check(header: "X-IDENTITY-HEADER", secret: call.hosts.identityHeader)
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        .object([
            "access_token": .string(token.accessToken),
            "expires_on": .string(String(token.expiresOn)),
            "resource": .string(token.resource),
            "token_type": "Bearer",
            "client_id": .string(token.identity.clientID),
        ])
    }

    func refusal(_ problem: IdentityProblem) -> HostRefusal { Self.refusal(problem) }

    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON { Self.body(refusal, exchange) }

    /// A missing secret is as wrong as another.
    static func refusal(_ problem: IdentityProblem) -> HostRefusal {
        switch problem {
        case .missingHeader(let header):
            HostRefusal(status: 401, code: "", message: IdentityProblem.missingHeader(header).message)
        case .unknownIdentity(let isUserAssigned):
            HostRefusal(
                status: 400,
                code: "",
                message: """
                    No \(isUserAssigned ? "User Assigned or Delegated Managed Identity" : "Managed Identity") found for specified \
                    ClientId/ResourceId/PrincipalId.
                    """
            )
        default: HostRefusal(status: problem.status, code: "", message: problem.message)
        }
    }

    static func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON {
        .object([
            "statusCode": .integer(refusal.status), "message": .string(refusal.message),
            "correlationId": .string(exchange.correlationID),
        ])
    }
}
