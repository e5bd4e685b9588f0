// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// One way to ask the token endpoint for a token.
///
/// To add one, conform a type in a file of its own and list it in ``EmulatorGrants``.
package protocol EmulatorGrant: Sendable {
    /// The value of `grant_type`.
    var type: String { get }
    /// The parameters that must be there, besides `client_id` and `grant_type`.
    var requiredParameters: [String] { get }
    /// The parameters that may be there as well.
    var optionalParameters: [String] { get }
    /// Finds the tenant of a request to one of the names that stand for many tenants, such as `organizations`, by what it brings
    /// along. Its parameters have been checked against the two lists.
    ///
    /// - Returns: `nil` if that says nothing.
    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant?
    /// Answers a request whose parameters have been checked against the two lists, and whose tenant and application exist.
    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON
}

extension EmulatorGrant {
    /// Nothing says anything.
    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        nil
    }
}

/// The grants the emulator knows.
package enum EmulatorGrants {
    package static let all: [any EmulatorGrant] =
        [ClientCredentialsGrant(), AuthorizationCodeGrant(), RefreshTokenGrant(), PasswordGrant(), OnBehalfOfGrant()]
        + DeviceCodeGrant.all + FederatedAssertionGrant.all
}

/// What a grant decides by. No value in `parameters` is empty.
package struct EmulatorGrantRequest: Sendable {
    package var parameters: [String: String]
    package var tenant: EmulatorConfiguration.Tenant
    package var application: EmulatorConfiguration.Application
    package var authority: EmulatorAuthority
    package var exchange: EmulatorExchange
    package var core: EmulatorCore

    /// Whether the client says that it can handle claims challenges: `CP1` in `claims`, in any case.
    package func isCAECapable() throws(EmulatorRefusal) -> Bool { try RequestedClaims(self.parameters["claims"]).isCAECapable }

    /// Whether the client asks for `client_info`.
    func wantsClientInfo() throws(EmulatorRefusal) -> Bool {
        guard let info = self.parameters["client_info"] else { return false }
        guard info == "1" else { throw .malformed("client_info has to be 1") }
        return true
    }
}

/// How a token request finds its tenant.
package enum EmulatorTokenTarget: Sendable {
    /// By the name in the path.
    case tenant(String)
    case adfs
    case issuer(EmulatorConfiguration.OpenIDIssuer)
}

extension EmulatorCore {
    /// Answers a token request. The order of the checks is the order in which refusals win.
    func token(_ target: EmulatorTokenTarget, _ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        guard Self.isForm(exchange.request.headers) else { throw .wrongContentType }
        guard let form = FormBody(exchange.request.body) else { throw .malformed("the body is not form-encoded UTF-8") }
        if let duplicate = form.firstDuplicate { throw .duplicate(duplicate) }
        if !exchange.request.query.isEmpty { throw .malformed("parameters belong into the body, not the query") }

        let found = try self.find(target, exchange)
        let parameters = form.values
        let grantType = try Self.required("grant_type", in: parameters)
        guard let grant = self.grants.first(where: { $0.type == grantType }) else { throw .unsupportedGrant(grantType) }
        let clientID = try Self.required("client_id", in: parameters)
        for name in grant.requiredParameters { _ = try Self.required(name, in: parameters) }
        let allowed = ["grant_type", "client_id"] + grant.requiredParameters + grant.optionalParameters
        for pair in form.pairs {
            guard allowed.contains(pair.name) else { throw .unknown(pair.name) }
            if pair.value.isEmpty { throw .missing(pair.name) }
        }

        let place: (EmulatorConfiguration.Tenant, EmulatorAuthority)?
        if let found { place = found } else { place = try self.findByParameters(target, grant, parameters, exchange) }
        guard let (tenant, authority) = place else { throw .noTenant }
        let application = tenant.applications.first { $0.clientID.lowercased() == clientID.lowercased() }
        guard let application else { throw .unknownApplication(clientID, tenant: tenant.id) }
        return try grant.answer(
            EmulatorGrantRequest(
                parameters: parameters,
                tenant: tenant,
                application: application,
                authority: authority,
                exchange: exchange,
                core: self
            )
        )
    }

    /// `nil` for the names that stand for many tenants.
    private func find(
        _ target: EmulatorTokenTarget,
        _ exchange: EmulatorExchange
    ) throws(EmulatorRefusal) -> (EmulatorConfiguration.Tenant, EmulatorAuthority)? {
        switch target {
        case .tenant(let name):
            guard let tenant = try self.configuration.tenant(named: name) else { return nil }
            let isExact = self.configuration.assertionRules.isExact
            return (tenant, EmulatorAuthority(tenant: tenant, name: name, exchange: exchange, isExact: isExact))
        case .adfs:
            guard let tenant = self.configuration.adfs else { throw .notFound }
            return (tenant, EmulatorAuthority(adfs: exchange))
        case .issuer(let issuer):
            guard let tenant = try self.configuration.tenant(named: issuer.tenantID) else { return nil }
            return (tenant, EmulatorAuthority(issuer, exchange: exchange))
        }
    }

    /// For the names that stand for many tenants of organizations.
    private func findByParameters(
        _ target: EmulatorTokenTarget,
        _ grant: any EmulatorGrant,
        _ parameters: [String: String],
        _ exchange: EmulatorExchange
    ) throws(EmulatorRefusal) -> (EmulatorConfiguration.Tenant, EmulatorAuthority)? {
        guard case .tenant(let name) = target, name.lowercased() != "consumers",
            let tenant = try grant.tenant(of: parameters, self)
        else { return nil }
        let isExact = self.configuration.assertionRules.isExact
        return (tenant, EmulatorAuthority(tenant: tenant, name: name, exchange: exchange, isExact: isExact))
    }

    static func required(_ name: String, in parameters: [String: String]) throws(EmulatorRefusal) -> String {
        guard let value = parameters[name], !value.isEmpty else { throw .missing(name) }
        return value
    }

    static func isForm(_ headers: TransportHeaders) -> Bool {
        let values = headers.values(for: "Content-Type")
        let mediaType = values.first?.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).first
        return values.count == 1
            && mediaType.map { $0.filter { $0 != " " }.lowercased() } == "application/x-www-form-urlencoded"
    }
}
