// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Azure Machine Learning, which speaks as App Service of 2017 but for its refusals.
struct MachineLearningEndpoint: IdentityEndpoint {
    let versions = ["2017-09-01"]
    let selectors: [String: IdentitySelector] = ["clientid": .clientID]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {
        try call.check(header: "Secret", secret: call.hosts.msiSecret)
    }

    func identity(of configuration: EmulatorConfiguration) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let identity = configuration.defaultIdentity else { throw .unknownIdentity(isUserAssigned: false) }
        return identity
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        AppService2017Endpoint.answer(token, call.hosts.machineLearningExpiry)
    }

    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON { self.nested(refusal, exchange) }
}
