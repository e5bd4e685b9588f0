// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A confidential client asks for itself.
struct ClientCredentialsGrant: EmulatorGrant {
    let type = "client_credentials"
    let requiredParameters = ["scope"]
    let optionalParameters = EmulatorGrantRequest.clientAuthenticationParameters + ["claims", "client_info"]

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let resource = try Self.resource(request.parameters["scope"] ?? "")
        let isCAECapable = try request.isCAECapable()
        _ = try request.wantsClientInfo()
        try request.authenticateClient()
        return try EmulatorTokenIssuer(request: request).applicationToken(resource: resource, isCAECapable: isCAECapable)
    }

    /// The resource of the only scope, which has to end in `/.default`.
    private static func resource(_ scope: String) throws(EmulatorRefusal) -> String {
        let suffix = "/.default"
        let scopes = scope.split(separator: " ", omittingEmptySubsequences: false)
        guard scopes.count == 1, scope != suffix else { throw .badScope(scope) }
        guard scope.hasSuffix(suffix) else { throw .scopeWithoutDefault(scope) }
        return String(scope.dropLast(suffix.count))
    }
}
