// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A small resource manager: it says what the cloud is made of, and lists the tenant and the subscriptions of whoever asks.
struct ResourceManagerEndpoint {
    let core: EmulatorCore
    let exchange: EmulatorExchange

    func response(_ route: ResourceManagerRoute) -> EmulatorResponse {
        do throws(ResourceManagerRefusal) {
            let answer = try self.answer(route)
            return self.exchange.response(answer, isCacheable: route == .endpoints)
        } catch {
            return Self.response(error, tenant: self.subscription(of: route)?.tenantID, self.exchange)
        }
    }

    /// A refusal in the form of Azure Resource Manager.
    static func response(
        _ refusal: ResourceManagerRefusal,
        tenant: String? = nil,
        _ exchange: EmulatorExchange
    ) -> EmulatorResponse {
        let error = EmulatorJSON.object(["code": .string(refusal.code), "message": .string(refusal.message)])
        var response = exchange.response(status: refusal.status, .object(["error": error]))
        if let challenge = refusal.challenge {
            let authority = exchange.url("/\(tenant ?? "")")
            let (error, claims) =
                refusal.claims.map { ("insufficient_claims", ", claims=\"\(Base64URL.encode($0.utf8))\"") } ?? (
                    "invalid_token", ""
                )
            response.headers.append(
                name: "WWW-Authenticate",
                value: """
                    Bearer authorization_uri="\(authority)", error="\(error)", error_description="\(challenge)"\(claims)
                    """
            )
        }
        if let allowed = refusal.allowed { response.headers.append(name: "Allow", value: allowed) }
        return response
    }

    private func answer(_ route: ResourceManagerRoute) throws(ResourceManagerRefusal) -> EmulatorJSON {
        guard self.exchange.request.method == "GET" else { throw .wrongMethod }
        try self.checkQuery(route)
        if route == .endpoints { return self.endpoints }
        let tenant = try self.tenant()
        switch route {
        case .endpoints: return self.endpoints
        case .tenants: return Self.list([Self.json(tenant)])
        case .subscriptions:
            return Self.list(self.core.configuration.subscriptions.filter { $0.tenantID == tenant.id }.map(Self.json))
        case .subscription(let id):
            guard let subscription = self.subscription(of: route) else { throw .unknownSubscription(id) }
            guard subscription.tenantID == tenant.id else {
                throw .wrongTenant(tenant.id, expected: subscription.tenantID)
            }
            return Self.json(subscription)
        }
    }

    /// The audiences of the public cloud's resource manager, which are taken besides the emulator's own address.
    private static let publicAudiences = [
        "https://management.core.windows.net/", "https://management.core.windows.net", "https://management.azure.com/",
        "https://management.azure.com",
    ]

    /// The tenant that has issued the request's token.
    private func tenant() throws(ResourceManagerRefusal) -> EmulatorConfiguration.Tenant {
        let audiences = Self.publicAudiences + [self.exchange.url("/"), self.exchange.url("")]
        do throws(ServiceToken.Problem) {
            return try ServiceToken(self.exchange, self.core, audiences: audiences).tenant
        } catch {
            switch error {
            case .missing: throw .missingToken
            case .wrongScheme: throw .wrongScheme
            case .invalid: throw .invalidToken
            case .expired(let expiry): throw .expiredToken(expiry, now: self.exchange.date)
            case .wrongAudience(let audience): throw .wrongAudience(audience, allowed: audiences)
            case .insufficientClaims(let claims): throw .insufficientClaims(claims)
            }
        }
    }

    private func checkQuery(_ route: ResourceManagerRoute) throws(ResourceManagerRefusal) {
        guard let query = FormBody(self.exchange.request.query.utf8), query.firstDuplicate == nil,
            query.pairs.allSatisfy({ $0.name == "api-version" })
        else { throw .malformedQuery }
        guard let version = query.values["api-version"], !version.isEmpty else { throw .missingVersion }
        guard route.versions.contains(version) else { throw .wrongVersion(version, supported: route.versions) }
    }

    private func subscription(of route: ResourceManagerRoute) -> EmulatorConfiguration.Subscription? {
        guard case .subscription(let id) = route else { return nil }
        return self.core.configuration.subscriptions.first { $0.id.lowercased() == id.lowercased() }
    }

    // MARK: Answers

    /// What tools register the cloud by. All of it leads back to the emulator, so that they ask nobody else.
    private var endpoints: EmulatorJSON {
        let address = self.exchange.url("")
        return .object([
            "name": "emulator",
            "authentication": .object([
                "loginEndpoint": .string(address),
                "audiences": [.string(address + "/")],
                "tenant": "common",
                "identityProvider": "AAD",
            ]),
            "resourceManager": .string(address),
            "graphAudience": .string(address + "/"),
            "microsoftGraphResourceId": .string(address + "/"),
            "suffixes": .object([]),
        ])
    }

    private static func list(_ elements: [EmulatorJSON]) -> EmulatorJSON {
        .object(["value": .array(elements), "count": .object(["type": "Total", "value": .integer(elements.count)])])
    }

    private static func json(_ tenant: EmulatorConfiguration.Tenant) -> EmulatorJSON {
        .object([
            "id": "/tenants/\(tenant.id)",
            "tenantId": .string(tenant.id),
            "displayName": .string(tenant.domains.first ?? tenant.id),
            "defaultDomain": tenant.domains.first.map { .string($0) },
            "domains": .array(tenant.domains.map { .string($0) }),
            "tenantCategory": "Home",
            "tenantType": "AAD",
        ])
    }

    private static func json(_ subscription: EmulatorConfiguration.Subscription) -> EmulatorJSON {
        .object([
            "id": "/subscriptions/\(subscription.id)",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": .string(subscription.id),
            "tenantId": .string(subscription.tenantID),
            "displayName": .string(subscription.name),
            "state": .string(subscription.state.rawValue),
            "subscriptionPolicies": .object([
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": "EnterpriseAgreement_2014-09-01",
                "spendingLimit": "Off",
            ]),
        ])
    }
}
