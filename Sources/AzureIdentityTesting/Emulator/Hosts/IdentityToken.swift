// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A managed identity's token and what answers say about it.
struct IdentityToken: Sendable {
    var accessToken: String
    var identity: EmulatorConfiguration.ManagedIdentity
    /// The resource as it was asked for.
    var resource: String
    /// In seconds since 1970.
    var issuedAt: Int
    /// In seconds since 1970.
    var expiresOn: Int
    /// In seconds.
    var lifetime: Int
    /// In seconds. `nil`: doesn't say.
    var refreshIn: Int?

    /// The time of expiry in one of the forms that hosts write.
    func expiry(_ form: EmulatorConfiguration.Hosts.ExpiryForm) -> EmulatorJSON {
        switch form {
        case .number: return .integer(self.expiresOn)
        case .numericString: return .string(String(self.expiresOn))
        case .linuxDate, .windowsDate: break
        }
        // Dates end with the year 9999.
        let (days, rest) = min(max(self.expiresOn, 0), 253_402_300_799).quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate.civil(daysSinceEpoch: days)
        let hour = rest / 3600
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = "\(two(rest / 60 % 60)):\(two(rest % 60))"
        if form == .linuxDate {
            return .string("\(two(date.month))/\(two(date.day))/\(date.year) \(two(hour)):\(minutes) +00:00")
        }
        let half = hour % 12 == 0 ? 12 : hour % 12
        return .string("\(date.month)/\(date.day)/\(date.year) \(half):\(minutes) \(hour < 12 ? "AM" : "PM") +00:00")
    }

    /// The answer of the metadata service: all values are strings.
    func strings(_ more: KeyValuePairs<String, EmulatorJSON?>) -> EmulatorJSON {
        let usual = EmulatorJSON.object([
            "access_token": .string(self.accessToken),
            "expires_in": .string(String(self.lifetime)),
            "expires_on": .string(String(self.expiresOn)),
            "ext_expires_in": .string(String(self.lifetime)),
            "not_before": .string(String(self.issuedAt)),
            "refresh_in": self.refreshIn.map { .string(String($0)) },
            "resource": .string(self.resource),
            "token_type": "Bearer",
        ])
        guard case .object(let members) = usual, case .object(let others) = EmulatorJSON.object(more) else { return usual }
        return .object(members + others)
    }
}

extension EmulatorCore {
    /// Answers a request for a managed identity's token. The order of the checks is the order in which refusals win.
    func identityResponse(_ endpoint: any IdentityEndpoint, _ exchange: EmulatorExchange) -> EmulatorResponse {
        var call = IdentityCall(exchange: exchange, core: self)
        do throws(IdentityProblem) {
            guard exchange.request.method == endpoint.method else { throw .wrongMethod(allowed: endpoint.method) }
            try endpoint.authenticate(call)
            let resource = try Self.parameters(endpoint, &call)
            if endpoint.ignoresIdentity(call.hosts) { call.selected = nil }
            if let challenge = try endpoint.challenge(call) { return Self.response(challenge, endpoint, exchange) }
            let identity = try self.identity(endpoint, call)
            return exchange.response(endpoint.answer(try self.token(identity, resource: resource, exchange), call))
        } catch {
            var refusal = endpoint.refusal(error)
            if case .wrongMethod(let allowed) = error { refusal.headers["Allow"] = allowed }
            return Self.response(refusal, endpoint, exchange)
        }
    }

    static func response(
        _ refusal: HostRefusal,
        _ endpoint: any IdentityEndpoint,
        _ exchange: EmulatorExchange
    ) -> EmulatorResponse {
        var response = exchange.response(status: refusal.status, endpoint.body(refusal, exchange))
        for header in refusal.headers.fields { response.headers.append(name: header.name, value: header.value) }
        return response
    }

    /// Checks the parameters, and finds the identity that they name.
    ///
    /// - Returns: The resource.
    private static func parameters(_ endpoint: any IdentityEndpoint, _ call: inout IdentityCall) throws(IdentityProblem) -> String
    {
        let request = call.exchange.request
        let isForm = endpoint.method == "POST"
        if isForm {
            guard Self.isForm(request.headers) else { throw .wrongContentType }
            guard request.query.isEmpty else { throw .malformed }
        }
        guard request.body.count <= EmulatorRequest.maximumBodySize,
            let form = isForm ? FormBody(request.body) : FormBody(request.query.utf8)
        else { throw .malformed }
        if let duplicate = form.firstDuplicate { throw .duplicate(duplicate) }
        let values = form.values
        if !endpoint.versions.isEmpty {
            guard endpoint.versions.contains(values["api-version", default: ""]) else { throw .wrongVersion }
        }
        let usual = (endpoint.versions.isEmpty ? [] : ["api-version"]) + ["resource"]
        for (name, value) in form.pairs {
            if let selector = endpoint.selectors[name] {
                guard call.selected == nil else { throw .twoIdentities }
                call.selected = SelectedIdentity(selector: selector, id: value)
            } else if !usual.contains(name), !endpoint.others.contains(name) {
                throw .unknown(name)
            }
            if value.isEmpty, name != "resource" { throw .empty(name) }
        }
        guard let resource = values["resource"], !resource.isEmpty else { throw .missingResource }
        guard !resource.hasSuffix("/.default"), !resource.contains(" ") else { throw .wrongResource(resource) }
        return resource
    }

    private func identity(
        _ endpoint: any IdentityEndpoint,
        _ call: IdentityCall
    ) throws(IdentityProblem) -> EmulatorConfiguration.ManagedIdentity {
        guard let selected = call.selected else { return try endpoint.identity(of: self.configuration) }
        let found = self.configuration.managedIdentities.first { selected.selector.matches($0, selected.id) }
        guard let found else { throw .unknownIdentity(isUserAssigned: true) }
        return found
    }

    private func token(
        _ identity: EmulatorConfiguration.ManagedIdentity,
        resource: String,
        _ exchange: EmulatorExchange
    ) throws(IdentityProblem) -> IdentityToken {
        let now = exchange.epoch
        let lifetime = self.configuration.tokenLifetime
        let (expiry, isOverflow) = now.addingReportingOverflow(lifetime)
        let claims = EmulatorJSON.object([
            "aud": .string(resource),
            "iss": .string(identity.issuer),
            "iat": .integer(now),
            "nbf": .integer(now),
            "exp": .integer(isOverflow ? .max : expiry),
            "appid": .string(identity.clientID),
            "azp": .string(identity.clientID),
            "idtyp": "app",
            "oid": .string(identity.objectID),
            "roles": identity.roles.isEmpty ? nil : .array(identity.roles.map { .string($0) }),
            "sub": .string(identity.objectID),
            "tid": .string(identity.tenantID),
            "uti": .string(EmulatorTokenIssuer.randomID()),
            "ver": "2.0",
            "xms_mirid": .string(identity.resourceID),
        ])
        do {
            return IdentityToken(
                accessToken: try self.signed(claims),
                identity: identity,
                resource: resource,
                issuedAt: now,
                expiresOn: isOverflow ? .max : expiry,
                lifetime: lifetime,
                refreshIn: self.configuration.refreshIn
            )
        } catch {
            throw .failure("The emulator could not sign the token")
        }
    }
}
