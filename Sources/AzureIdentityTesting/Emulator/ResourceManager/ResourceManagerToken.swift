// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds out whose token a request to the resource manager carries: one that the emulator itself has issued, for this audience, in
/// its time. Keeps nothing.
struct ResourceManagerToken {
    /// The audiences of the public cloud's resource manager, which are taken besides the emulator's own address.
    private static let publicAudiences = [
        "https://management.core.windows.net/", "https://management.core.windows.net", "https://management.azure.com/",
        "https://management.azure.com",
    ]

    /// The tenant that has issued the token.
    let tenant: EmulatorConfiguration.Tenant

    init(_ exchange: EmulatorExchange, _ core: EmulatorCore) throws(ResourceManagerRefusal) {
        let headers = exchange.request.headers.values(for: "Authorization")
        guard let header = headers.first else { throw .missingToken }
        let scheme = "bearer "
        guard headers.count == 1, header.lowercased().hasPrefix(scheme) else { throw .wrongScheme }
        let token: ClientAssertion
        do {
            token = try ClientAssertion(
                String(header.dropFirst(scheme.count)),
                isExact: true,
                isSigned: core.signer.algorithm != "none"
            )
        } catch {
            throw .invalidToken
        }
        guard core.signer.hasSigned(token) else { throw .invalidToken }
        // Assertions for other services are signed by the same key, but have no tenant or another audience.
        guard let id = token.claims["tid"]?.string, let audience = token.claims["aud"]?.string,
            let tenant = core.configuration.tenants.first(where: { !$0.isADFS && $0.id == id })
        else { throw .invalidToken }
        let audiences = Self.publicAudiences + [exchange.url("/"), exchange.url("")]
        guard audiences.contains(audience) else { throw .wrongAudience(audience, allowed: audiences) }
        try Self.checkTimes(token, at: exchange.date)
        if let claims = Self.challenge(token, in: tenant, core) { throw .insufficientClaims(claims) }
        self.tenant = tenant
    }

    /// The claims that a token of a user needs and hasn't: the session was revoked, or a policy wants an authentication context. Tokens
    /// of clients that can't handle a challenge are good until they expire.
    private static func challenge(
        _ token: ClientAssertion,
        in tenant: EmulatorConfiguration.Tenant,
        _ core: EmulatorCore
    ) -> String? {
        guard token.claims["xms_cc"]?.elements?.contains("CP1") == true,
            let person = token.claims["oid"]?.string.flatMap({ core.configuration.person(objectID: $0, in: tenant) }),
            let session = UserSession(person: person, claims: token.claims)
        else { return nil }
        if let date = core.people.revocation(of: session, person) {
            return EmulatorJSON.object([
                "access_token": .object([
                    "nbf": .object(["essential": true, "value": .string(String(EmulatorExchange.epoch(date)))])
                ])
            ]).text
        }
        let audience = token.claims["aud"]?.string ?? ""
        for policy in core.configuration.accessPolicies where policy.concerns(person, resource: audience) {
            if case .authenticationContext(let context) = policy.requirement, !session.contexts.contains(context) {
                return Admission.contextClaims(context)
            }
        }
        return nil
    }

    private static func checkTimes(_ token: ClientAssertion, at date: Date) throws(ResourceManagerRefusal) {
        // Lifetimes are anything, so a date may be further away than `time(_:isExact:)` reads.
        guard let expiry = token.claims["exp"]?.integer, let beginning = token.claims["nbf"]?.integer else { throw .invalidToken }
        guard Double(expiry) > date.timeIntervalSince1970 else {
            throw .expiredToken(Date(timeIntervalSince1970: max(0, Double(expiry))), now: date)
        }
        guard Double(beginning) <= date.timeIntervalSince1970 else { throw .invalidToken }
    }
}
