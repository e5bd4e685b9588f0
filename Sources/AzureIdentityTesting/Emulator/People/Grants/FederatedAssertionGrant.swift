// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client asks with the SAML assertion that the server of federated users has given it.
struct FederatedAssertionGrant: EmulatorGrant {
    static let all: [any EmulatorGrant] = EmulatorConfiguration.FederationServer.AssertionVersion.allCases.map {
        Self(version: $0)
    }

    let version: EmulatorConfiguration.FederationServer.AssertionVersion

    var type: String {
        switch self.version {
        case .saml11: "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
        case .saml2: "urn:ietf:params:oauth:grant-type:saml2-bearer"
        }
    }

    let requiredParameters = ["assertion", "scope"]
    /// One library sends the name and the password once more; they are passed over.
    let optionalParameters = EmulatorGrantRequest.userParameters + ["username", "password"]

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        guard let entry = self.entry(parameters, core) else { throw .wrongFederatedAssertion }
        return core.configuration.person(named: entry.userName, in: nil)?.tenant
    }

    /// The assertion as it was issued: base64url, or the standard alphabet with its padding, of exactly the same bytes.
    private func entry(_ parameters: [String: String], _ core: EmulatorCore) -> PeopleLedger.FederatedAssertion? {
        let text = parameters["assertion"] ?? ""
        guard text.utf8.count <= 64 << 10 else { return nil }
        let isURLSafe = !text.utf8.contains { "+/=".utf8.contains($0) }
        let bytes = isURLSafe ? Base64URL.decodeExactly(text) : Data(base64Encoded: text).map(Array.init)
        guard let bytes else { return nil }
        let assertion = String(decoding: bytes, as: UTF8.self)
        guard assertion.contains(self.version.namespace) else { return nil }
        return core.people.withState { $0.assertions[assertion] }
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let scopes = try UserScopes(request.parameters["scope"] ?? "")
        try request.authenticateIfConfidential()
        guard let entry = self.entry(request.parameters, request.core), entry.expiresAt > request.exchange.date else {
            throw .wrongFederatedAssertion
        }
        guard let person = request.core.configuration.person(named: entry.userName, in: request.tenant) else {
            throw .unknownUser(request.tenant.id)
        }
        let session = request.core.people.session(for: person, at: request.exchange.date)
        return try UserTokenIssuer(request: request, person: person, session: session, scopes: scopes).answer(.silent)
    }
}
