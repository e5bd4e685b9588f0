// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Azure Cloud Shell. A real one gives tokens of the user; this one those of the first managed identity.
struct CloudShellEndpoint: IdentityEndpoint {
    let method = "POST"
    let versions: [String] = []
    let selectors: [String: IdentitySelector] = [:]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) { try call.checkMetadataHeader() }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let identity = configuration.defaultIdentity else { throw .unknownIdentity(isUserAssigned: false) }
        return identity
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON { token.strings(["refresh_token": ""]) }

    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON { self.nested(refusal, exchange) }
}
