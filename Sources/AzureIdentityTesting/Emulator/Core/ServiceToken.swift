// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whose token a request to one of the emulated services carries: one that the emulator itself has issued, for this service, in its
/// time, and that isn't revoked.
struct ServiceToken {
    /// Why a token isn't taken.
    enum Problem: Error, Sendable {
        case missing
        case wrongScheme
        case invalid
        case expired(Date)
        case wrongAudience(String)
        /// The claims that a new token has to be asked for with, JSON.
        case insufficientClaims(String)
    }

    /// The tenant that has issued the token.
    let tenant: EmulatorConfiguration.Tenant
    let claims: EmulatorJSON

    init(_ exchange: EmulatorExchange, _ core: EmulatorCore, audiences: [String]) throws(Problem) {
        let headers = exchange.request.headers.values(for: "Authorization")
        guard let header = headers.first else { throw .missing }
        let scheme = "bearer "
        guard headers.count == 1, header.lowercased().hasPrefix(scheme) else { throw .wrongScheme }
        guard let token = core.knownTokens.token(String(header.dropFirst(scheme.count)), signer: core.signer) else {
            throw .invalid
        }
        // Assertions for other services are signed by the same key, but have no tenant or another audience.
        guard let id = token.claims["tid"]?.string, let audience = token.claims["aud"]?.string,
            let tenant = core.configuration.tenants.first(where: { !$0.isADFS && $0.id == id })
        else { throw .invalid }
        guard audiences.contains(audience) else { throw .wrongAudience(audience) }
        try Self.checkTimes(token, at: exchange.date)
        if let claims = Self.challenge(token.claims, in: tenant, core) { throw .insufficientClaims(claims) }
        self.tenant = tenant
        self.claims = token.claims
    }

    /// The claims that a token needs and hasn't: it or the user's session was revoked, or a policy wants an authentication context. Tokens
    /// of clients that can't handle a challenge are good until they expire.
    private static func challenge(
        _ claims: EmulatorJSON,
        in tenant: EmulatorConfiguration.Tenant,
        _ core: EmulatorCore
    ) -> String? {
        guard claims["xms_cc"]?.elements?.contains("CP1") == true, let objectID = claims["oid"]?.string else { return nil }
        guard let person = core.configuration.person(objectID: objectID, in: tenant),
            let session = UserSession(person: person, claims: claims)
        else {
            let id = claims["uti"]?.string ?? ""
            return core.people.revocation(ofToken: id, objectID: objectID, tenantID: tenant.id).map(Self.notBefore)
        }
        if let date = core.people.revocation(of: session, person) { return Self.notBefore(date) }
        let audience = claims["aud"]?.string ?? ""
        for policy in core.configuration.accessPolicies where policy.concerns(person, resource: audience) {
            if case .authenticationContext(let context) = policy.requirement, !session.contexts.contains(context) {
                return Admission.contextClaims(context)
            }
        }
        return nil
    }

    /// A token of this date or later is wanted.
    private static func notBefore(_ date: Date) -> String {
        EmulatorJSON.object([
            "access_token": .object([
                "nbf": .object(["essential": true, "value": .string(String(EmulatorExchange.epoch(date)))])
            ])
        ]).text
    }

    private static func checkTimes(_ token: ClientAssertion, at date: Date) throws(Problem) {
        // Lifetimes are anything, so a date may be further away than `time(_:isExact:)` reads.
        guard let expiry = token.claims["exp"]?.integer, let beginning = token.claims["nbf"]?.integer else { throw .invalid }
        guard Double(expiry) > date.timeIntervalSince1970 else {
            throw .expired(Date(timeIntervalSince1970: max(0, Double(expiry))))
        }
        guard Double(beginning) <= date.timeIntervalSince1970 else { throw .invalid }
    }
}
