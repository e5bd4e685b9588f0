// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A client asks with the name and the password of a user.
struct PasswordGrant: EmulatorGrant {
    let type = "password"
    let requiredParameters = ["username", "password", "scope"]
    let optionalParameters = EmulatorGrantRequest.userParameters

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        guard let person = core.configuration.person(named: parameters["username"] ?? "", in: nil) else {
            throw .unknownUser("organizations")
        }
        return person.tenant
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let scopes = try UserScopes(request.parameters["scope"] ?? "")
        try request.authenticateIfConfidential()
        guard let person = request.core.configuration.person(named: request.parameters["username"] ?? "", in: request.tenant)
        else {
            throw .unknownUser(request.tenant.id)
        }
        // Their passwords are known elsewhere.
        guard !person.home.isFederated else { throw .wrongPassword }
        try person.check(password: request.parameters["password"] ?? "")
        let session = request.core.people.session(for: person, at: request.exchange.date)
        return try UserTokenIssuer(request: request, person: person, session: session, scopes: scopes).answer(.silent)
    }
}

extension Person {
    /// Checks the password, and that it opens the account.
    func check(password: String) throws(EmulatorRefusal) {
        if self.home.state == .locked { throw .lockedUser }
        guard !password.isEmpty, password == self.home.password else { throw .wrongPassword }
        if self.home.state == .disabled { throw .disabledUser }
        if self.home.state == .passwordExpired { throw .expiredPassword }
    }
}
