// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// App Service in the version of 2017, which knows identities by their client id alone and writes dates.
struct AppService2017Endpoint: IdentityEndpoint {
    let versions = ["2017-09-01"]
    let selectors: [String: IdentitySelector] = ["clientid": .clientID]

    func authenticate(_ call: IdentityCall) throws(IdentityProblem) {
        try call.check(header: "Secret", secret: call.hosts.msiSecret)
    }

    func answer(_ token: IdentityToken, _ call: IdentityCall) -> EmulatorJSON {
        Self.answer(token, call.hosts.appService2017Expiry)
    }

    func refusal(_ problem: IdentityProblem) -> HostRefusal { AppServiceEndpoint.refusal(problem) }

    func body(_ refusal: HostRefusal, _ exchange: EmulatorExchange) -> EmulatorJSON { AppServiceEndpoint.body(refusal, exchange) }

    static func answer(_ token: IdentityToken, _ form: EmulatorConfiguration.Hosts.ExpiryForm) -> EmulatorJSON {
        .object([
            "access_token": .string(token.accessToken),
            "expires_on": token.expiry(form),
            "resource": .string(token.resource),
            "token_type": "Bearer",
        ])
    }
}
