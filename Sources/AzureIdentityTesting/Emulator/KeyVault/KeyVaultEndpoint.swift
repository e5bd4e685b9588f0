// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// The secrets of a key vault.
///
/// The order of the checks is the order in which refusals win: the token comes first, so that a client without one finds out where to
/// get it, whatever it asks for.
struct KeyVaultEndpoint {
    /// The values of `api-version` that are answered. What is answered is the same for all.
    private static let versions = ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"]

    let core: EmulatorCore
    let exchange: EmulatorExchange
    let route: KeyVaultRoute

    func response() -> EmulatorResponse {
        do throws(KeyVaultRefusal) {
            guard let vault = self.route.vault.flatMap({ self.core.configuration.vault(named: $0) }) else { throw .unknownVault }
            do throws(KeyVaultRefusal) {
                let call = VaultCall(vault: vault, route: self.route, exchange: self.exchange, ledger: self.core.vaults)
                try self.admit(to: vault)
                return self.response(try call.answer(try self.query()))
            } catch {
                return Self.response(error, self.route, self.exchange, tenant: vault.tenantID)
            }
        } catch {
            return Self.response(error, self.route, self.exchange)
        }
    }

    /// `nil`: an answer without a body.
    private func response(_ answer: EmulatorJSON?) -> EmulatorResponse {
        var response = self.exchange.response(status: answer == nil ? 204 : 200, answer ?? .null)
        if answer == nil { response.body = [] }
        response.headers.append(name: "x-ms-keyvault-region", value: "westeurope")
        return response
    }

    /// A refusal in the form of Azure Key Vault.
    ///
    /// - Parameter tenant: The tenant that tokens have to come from. `nil`: a challenge doesn't say.
    static func response(
        _ refusal: KeyVaultRefusal,
        _ route: KeyVaultRoute,
        _ exchange: EmulatorExchange,
        tenant: String? = nil
    ) -> EmulatorResponse {
        let error = EmulatorJSON.object([
            "code": .string(refusal.code),
            "message": .string(refusal.message),
            "innererror": refusal.innerCode.map { .object(["code": .string($0)]) },
        ])
        var response = exchange.response(status: refusal.status, .object(["error": error]))
        response.headers.append(name: "x-ms-keyvault-region", value: "westeurope")
        if let challenge = refusal.challenge {
            let authority = (route.authority ?? exchange.url("")) + "/" + (tenant ?? "common")
            let parameters = [("authorization", authority), ("resource", route.resource)] + challenge.map { ($0.name, $0.value) }
            let text = parameters.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ", ")
            response.headers.append(name: "WWW-Authenticate", value: "Bearer " + text)
        }
        if let allowed = refusal.allowed { response.headers.append(name: "Allow", value: allowed) }
        return response
    }

    // MARK: Checks

    /// Finds out who calls, and whether they may.
    private func admit(to vault: EmulatorConfiguration.Vault) throws(KeyVaultRefusal) {
        let token = try self.token()
        guard token.tenant.id == vault.tenantID else { throw .wrongTenant(token.tenant.id, expected: vault.tenantID) }
        let caller = KeyVaultRefusal.Caller(
            clientID: token.claims["appid"]?.string ?? "",
            objectID: token.claims["oid"]?.string ?? "",
            tenantID: token.tenant.id,
            vault: vault.name
        )
        if vault.refusesAddresses { throw .refusedAddress(caller) }
        let method = self.exchange.request.method
        guard self.route.place != .nothing else { throw .nothing }
        guard self.route.methods.contains(method) else { throw .wrongMethod(method, allowed: self.route.methods) }
        let permission = KeyVaultPermission(self.route.place, method: method)
        let isGranted = vault.assignments.contains { assignment in
            let id = assignment.principalID.lowercased()
            // A client id stands for the application itself; a user who signs in to it has an object id of their own.
            let isCaller =
                id == caller.objectID.lowercased()
                || (id == caller.clientID.lowercased() && token.claims["idtyp"]?.string != "user")
            return isCaller && permission.isGranted(by: assignment.role)
        }
        guard isGranted else {
            throw vault.usesAccessPolicies
                ? .noPolicy(permission, caller) : .noRole(permission, caller, secret: self.route.secretName)
        }
    }

    private func token() throws(KeyVaultRefusal) -> ServiceToken {
        let resource = self.route.resource
        // The last one is the id of Azure Key Vault itself.
        let audiences = [resource, resource + "/", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"]
        do throws(ServiceToken.Problem) {
            return try ServiceToken(self.exchange, self.core, audiences: audiences)
        } catch {
            switch error {
            case .missing, .wrongScheme: throw .missingToken
            case .invalid: throw .invalidToken
            case .expired: throw .expiredToken
            case .wrongAudience(let audience): throw .wrongAudience(audience, expected: resource)
            case .insufficientClaims(let claims): throw .insufficientClaims(Base64URL.encode(claims.utf8))
            }
        }
    }

    /// The parameters besides the version, of which only lists have any.
    private func query() throws(KeyVaultRefusal) -> [String: String] {
        guard let query = FormBody(self.exchange.request.query.utf8), query.firstDuplicate == nil else {
            throw .badParameter("The query is malformed, or has a parameter twice")
        }
        var values = query.values
        guard let version = values.removeValue(forKey: "api-version"), !version.isEmpty else { throw .missingVersion }
        guard Self.versions.contains(version) else { throw .wrongVersion(version) }
        let known = self.route.isList ? ["maxresults", "$skiptoken"] : []
        if let unknown = values.keys.first(where: { !known.contains($0) }) {
            throw .badParameter("The parameter '\(unknown.prefix(50))' is not known here")
        }
        if let name = self.route.secretName, !KeyVaultRoute.isName(name) { throw .invalidName }
        return values
    }
}
