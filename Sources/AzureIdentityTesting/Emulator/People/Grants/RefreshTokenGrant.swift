// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client asks with the refresh token of an earlier answer: for any scope, and in any tenant that the user is in.
struct RefreshTokenGrant: EmulatorGrant {
    let type = "refresh_token"
    let requiredParameters = ["refresh_token"]
    let optionalParameters = EmulatorGrantRequest.userParameters + ["scope"]

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        let token = try Self.token(parameters, core)
        return core.configuration.tenants.first { $0.id == token.tenantID && !$0.isADFS }
    }

    private static func token(
        _ parameters: [String: String],
        _ core: EmulatorCore
    ) throws(EmulatorRefusal) -> PeopleLedger.RefreshToken {
        let name = parameters["refresh_token"] ?? ""
        guard let token = core.people.withState({ $0.refreshTokens[name] }) else { throw .unknownGrant }
        return token
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let token = try Self.token(request.parameters, request.core)
        let isOwn = token.clientID.lowercased() == request.application.clientID.lowercased()
        guard isOwn || (token.familyID != nil && token.familyID == request.application.familyID) else { throw .otherClient }
        // The tokens of an AD FS and those of tenants have nothing to do with each other.
        let isADFS = request.core.configuration.adfs?.id == token.tenantID
        guard isADFS == request.tenant.isADFS else { throw .unknownGrant }
        try request.authenticateIfConfidential()
        let person = try request.person(of: token.session)
        if let date = request.core.people.revocation(of: token.session, person) {
            throw .revokedGrant(issuedAt: token.issuedAt, revokedAt: date)
        }
        let lifetime = request.core.configuration.refreshTokenLifetime
        guard request.exchange.date.timeIntervalSince(token.issuedAt) <= Double(lifetime) else {
            throw .inactiveGrant(issuedAt: token.issuedAt, lifetime: lifetime)
        }
        let issuer = UserTokenIssuer(
            request: request,
            person: person,
            session: token.session,
            scopes: try UserScopes(request.parameters["scope"] ?? token.scope),
            isRefresh: true
        )
        let answer = try issuer.answer(.silent)
        guard request.core.configuration.isRefreshTokenUsedOnce else { return answer }
        let name = request.parameters["refresh_token"] ?? ""
        let isFirst = request.core.people.withState { state in
            let isFirst = state.refreshTokens[name] != nil
            state.refreshTokens[name] = nil
            return isFirst
        }
        guard isFirst else { throw .usedRefreshToken }
        return answer
    }
}
