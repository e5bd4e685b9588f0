// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Makes the answers of grants for users: an access token, and what the scopes ask for besides.
struct UserTokenIssuer {
    let request: EmulatorGrantRequest
    let person: Person
    let session: UserSession
    let scopes: UserScopes
    /// The nonce of the request that the user has answered.
    var nonce: String?
    /// Whether there is a refresh token whatever the scopes say.
    var isRefresh = false

    private var isADFS: Bool { self.request.authority.kind == .adfs }
    private var now: Int { self.request.exchange.epoch }

    func answer(_ kind: Admission.Kind) throws(EmulatorRefusal) -> EmulatorJSON {
        let claims = try RequestedClaims(self.request.parameters["claims"])
        let wantsClientInfo = try self.request.wantsClientInfo()
        let admission = Admission(
            kind: kind,
            person: self.person,
            session: self.session,
            application: self.request.application,
            resource: self.scopes.resource,
            claims: claims
        )
        if let obstacle = admission.obstacle(self.request.core, at: self.request.exchange.date) { throw obstacle.refusal }
        let configuration = self.request.core.configuration
        let hasRefreshToken = self.isRefresh || self.scopes.isOffline
        let idToken = self.scopes.isOpenID ? try self.request.core.signed(self.idClaims) : nil
        let accessToken = try self.request.core.signed(self.accessClaims(isCAECapable: claims.isCAECapable))
        return .object([
            "token_type": self.isADFS ? "bearer" : "Bearer",
            "scope": .string(self.scopes.answer),
            "expires_in": .integer(configuration.tokenLifetime),
            "ext_expires_in": self.isADFS ? nil : .integer(configuration.tokenLifetime),
            "refresh_in": self.isADFS ? nil : configuration.refreshIn.map { .integer($0) },
            "access_token": .string(accessToken),
            "refresh_token": hasRefreshToken ? .string(self.refreshToken()) : nil,
            "foci": hasRefreshToken ? self.request.application.familyID.map { .string($0) } : nil,
            "id_token": idToken.map { .string($0) },
            "client_info": wantsClientInfo && !self.isADFS
                ? .string(Base64URL.encode(self.person.clientInfo.bytes)) : nil,
        ])
    }

    private func refreshToken() -> String {
        let token = PeopleLedger.randomCode("1.")
        let entry = PeopleLedger.RefreshToken(
            clientID: self.request.application.clientID,
            familyID: self.request.application.familyID,
            session: self.session,
            tenantID: self.request.tenant.id,
            scope: (self.scopes.signIn + self.scopes.permissions.map { "\(self.scopes.resource)/\($0)" }).joined(separator: " "),
            issuedAt: self.request.exchange.date
        )
        self.request.core.people.withState { $0.refreshTokens[token] = entry }
        return token
    }

    // MARK: Claims

    private var expiry: EmulatorJSON {
        let (expiry, isOverflow) = self.now.addingReportingOverflow(self.request.core.configuration.tokenLifetime)
        return .integer(isOverflow ? .max : expiry)
    }

    /// The user's identifier for one application alone.
    private var subject: EmulatorJSON {
        let text = "\(self.person.tenant.id) \(self.person.account.objectID) \(self.request.application.clientID)".lowercased()
        return .string(Base64URL.encode(PlainSHA256.digest(text.utf8)))
    }

    private func accessClaims(isCAECapable: Bool) -> EmulatorJSON {
        let application = self.request.application
        let name = EmulatorJSON.string(self.person.home.userPrincipalName)
        return .object([
            "aud": .string(self.scopes.resource),
            "iss": .string(self.request.authority.issuer),
            "iat": .integer(self.now),
            "nbf": .integer(self.now),
            "exp": self.expiry,
            "acr": "1",
            "acrs": self.session.contexts.isEmpty ? nil : .array(self.session.contexts.map { .string($0) }),
            "amr": .array(self.session.methods),
            "appid": .string(application.clientID),
            "appidacr": application.isPublicClient ? "0" : "1",
            "auth_time": .integer(EmulatorExchange.epoch(self.session.signedInAt)),
            "azp": .string(application.clientID),
            "azpacr": application.isPublicClient ? "0" : "1",
            "idtyp": "user",
            "name": .string(self.person.account.displayName),
            "oid": .string(self.person.account.objectID),
            "preferred_username": self.isADFS ? nil : name,
            "scp": .string(self.scopes.granted.joined(separator: " ")),
            "sid": .string(self.session.id),
            "sub": self.subject,
            "tid": self.isADFS ? nil : .string(self.request.tenant.id),
            "unique_name": name,
            "upn": name,
            "uti": .string(EmulatorTokenIssuer.randomID()),
            "ver": self.isADFS ? "1.0" : "2.0",
            "xms_cc": isCAECapable ? ["CP1"] : nil,
        ])
    }

    private var idClaims: EmulatorJSON {
        let name = EmulatorJSON.string(self.person.home.userPrincipalName)
        let hasProfile = self.scopes.signIn.contains("profile")
        return .object([
            "aud": .string(self.request.application.clientID),
            "iss": .string(self.isADFS ? self.request.exchange.url("/adfs") : self.request.authority.issuer),
            "iat": .integer(self.now),
            "nbf": .integer(self.now),
            "exp": self.expiry,
            "auth_time": self.isADFS ? .integer(EmulatorExchange.epoch(self.session.signedInAt)) : nil,
            "email": self.scopes.signIn.contains("email") ? name : nil,
            "name": hasProfile ? .string(self.person.account.displayName) : nil,
            "nonce": self.nonce.map { .string($0) },
            "oid": hasProfile && !self.isADFS ? .string(self.person.account.objectID) : nil,
            "preferred_username": hasProfile && !self.isADFS ? name : nil,
            "sid": .string(self.session.id),
            "sub": self.subject,
            "tid": self.isADFS ? nil : .string(self.request.tenant.id),
            "unique_name": self.isADFS ? name : nil,
            "upn": self.isADFS ? name : nil,
            "uti": .string(EmulatorTokenIssuer.randomID()),
            "ver": self.isADFS ? "1.0" : "2.0",
        ])
    }
}

extension EmulatorGrantRequest {
    /// The parameters that all grants for users may have.
    static let userParameters = clientAuthenticationParameters + ["claims", "client_info"]

    /// The user of a session, as the tenant of the request sees them.
    func person(of session: UserSession) throws(EmulatorRefusal) -> Person {
        let configuration = self.core.configuration
        if let person = configuration.person(of: session, in: self.tenant) { return person }
        guard configuration.person(of: session, in: nil) != nil else { throw .unknownUser(self.tenant.id) }
        throw .userNotInTenant(self.tenant.id)
    }
}
