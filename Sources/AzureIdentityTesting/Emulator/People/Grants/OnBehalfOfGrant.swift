// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A confidential client that a user has sent an access token asks for another one on behalf of that user.
///
/// The order of the checks is the emulator's: the form, the signature, the tenant, the audience, the times, the user.
struct OnBehalfOfGrant: EmulatorGrant {
    let type = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    let requiredParameters = ["assertion", "requested_token_use", "scope"]
    let optionalParameters = EmulatorGrantRequest.userParameters

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        guard let id = try Self.assertion(parameters, core).claims["tid"]?.string else { return nil }
        return core.configuration.tenants.first { $0.id == id && !$0.isADFS }
    }

    /// The assertion; its signature is not checked.
    private static func assertion(
        _ parameters: [String: String],
        _ core: EmulatorCore
    ) throws(EmulatorRefusal) -> ClientAssertion {
        do {
            let isSigned = core.signer.algorithm != "none"
            return try ClientAssertion(parameters["assertion"] ?? "", isExact: true, isSigned: isSigned)
        } catch {
            throw .malformedUserAssertion("it has not the form of an access token")
        }
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        guard request.parameters["requested_token_use"] == "on_behalf_of" else {
            throw .malformed("requested_token_use has to be on_behalf_of")
        }
        let scopes = try UserScopes(request.parameters["scope"] ?? "")
        guard !request.application.isPublicClient else { throw .confidentialOnly }
        let assertion = try Self.assertion(request.parameters, request.core)
        try request.authenticateClient()
        let claims = assertion.claims
        guard request.core.signer.hasSigned(assertion) else { throw .wrongUserAssertion }
        guard request.tenant.isADFS || claims["tid"]?.string == request.tenant.id, let audience = claims["aud"]?.string else {
            throw .wrongUserAssertion
        }
        let clientID = request.application.clientID
        guard ["api://\(clientID)", clientID].contains(where: { $0.lowercased() == audience.lowercased() }) else {
            throw .wrongAssertionReader(audience, expected: clientID)
        }
        guard let expiry = claims["exp"]?.integer else { throw .malformedUserAssertion("the claim 'exp' is missing") }
        guard Double(expiry) > request.exchange.date.timeIntervalSince1970 else {
            throw .expiredUserAssertion(
                now: request.exchange.date, until: Date(timeIntervalSince1970: max(0, Double(expiry))))
        }
        guard claims["scp"] != nil, let objectID = claims["oid"]?.string else { throw .applicationAssertion }
        guard let person = request.core.configuration.person(objectID: objectID, in: request.tenant) else {
            throw .unknownUser(request.tenant.id)
        }
        guard let session = UserSession(person: person, claims: claims) else { throw .applicationAssertion }
        return try UserTokenIssuer(request: request, person: person, session: session, scopes: scopes).answer(.silent)
    }
}
