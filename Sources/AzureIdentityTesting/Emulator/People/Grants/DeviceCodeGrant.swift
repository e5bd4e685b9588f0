// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A device asks whether its user has signed in.
struct DeviceCodeGrant: EmulatorGrant {
    /// By its own name and the one that one library has for it.
    static let all: [any EmulatorGrant] = ["urn:ietf:params:oauth:grant-type:device_code", "device_code"].map { Self(type: $0) }

    let type: String
    let requiredParameters = ["device_code"]
    /// One library sends the code twice, as `code` too.
    let optionalParameters = EmulatorGrantRequest.userParameters + ["scope", "code"]

    func tenant(of parameters: [String: String], _ core: EmulatorCore) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        guard let code = core.people.withState({ $0.deviceCodes[parameters["device_code"] ?? ""] }) else { throw .unknownDevice }
        if case .approved(_, let tenantID) = code.outcome { return try core.configuration.tenant(named: tenantID) }
        // As long as nobody has signed in, any tenant with the application will do.
        return core.configuration.tenants.first { tenant in
            !tenant.isADFS && tenant.applications.contains { $0.clientID.lowercased() == code.clientID.lowercased() }
        }
    }

    func answer(_ request: EmulatorGrantRequest) throws(EmulatorRefusal) -> EmulatorJSON {
        let name = request.parameters["device_code"] ?? ""
        if let other = request.parameters["code"], other != name { throw .malformed("code and device_code differ") }
        try request.authenticateIfConfidential()
        let people = request.core.people
        let code = try people.withState { state throws(EmulatorRefusal) in
            try Self.ask(&state, name, application: request.application, at: request.exchange.date)
        }
        let session: UserSession
        switch code.outcome {
        case .pending: throw .pendingDevice
        case .declined: throw .declinedDevice
        case .approved(let approved, let tenantID):
            guard tenantID == request.tenant.id else { throw .otherTenant }
            session = approved
        }
        let issuer = UserTokenIssuer(
            request: request,
            person: try request.person(of: session),
            session: session,
            scopes: try UserScopes(request.parameters["scope"] ?? code.scope)
        )
        let answer = try issuer.answer(.interactive)
        let isFirst = people.withState { state in
            let isFirst = state.deviceCodes[name] != nil
            state.deviceCodes[name] = nil
            return isFirst
        }
        guard isFirst else { throw .unknownDevice }
        return answer
    }

    /// Finds a code for one more question, which counts.
    private static func ask(
        _ state: inout PeopleLedger.State,
        _ name: String,
        application: EmulatorConfiguration.Application,
        at date: Date
    ) throws(EmulatorRefusal) -> PeopleLedger.DeviceCode {
        guard var code = state.deviceCodes[name] else { throw .unknownDevice }
        guard code.clientID.lowercased() == application.clientID.lowercased() else { throw .otherClient }
        guard code.expiresAt > date else { throw .expiredDevice }
        let last = code.lastAsked
        code.lastAsked = date
        defer { state.deviceCodes[name] = code }
        // Half a second for clocks that don't tick alike.
        if let last, date.timeIntervalSince(last) < Double(code.interval) - 0.5 {
            code.interval += 5
            throw .impatientDevice(interval: code.interval)
        }
        return code
    }
}

extension EmulatorCore {
    /// Letters of user codes: none that looks like a digit or makes words.
    private static let letters = Array("BCDFGHJKLMNPQRSTVWXZ")

    /// Begins the sign-in of a device.
    func deviceCode(_ target: EmulatorTokenTarget, _ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        guard Self.isForm(exchange.request.headers) else { throw .wrongContentType }
        guard let form = FormBody(exchange.request.body) else { throw .malformed("the body is not form-encoded UTF-8") }
        if let duplicate = form.firstDuplicate { throw .duplicate(duplicate) }
        if !exchange.request.query.isEmpty { throw .malformed("parameters belong into the body, not the query") }
        let tenant = try self.tenant(target)
        let parameters = form.values
        let clientID = try Self.required("client_id", in: parameters)
        let scope = try Self.required("scope", in: parameters)
        for pair in form.pairs where !["client_id", "scope", "claims", "client_info"].contains(pair.name) {
            throw .unknown(pair.name)
        }
        _ = try UserScopes(scope)
        _ = try RequestedClaims(parameters["claims"])
        try self.checkApplication(clientID, in: tenant)

        var generator = SystemRandomNumberGenerator()
        let userCode = String((0..<9).map { _ in Self.letters.randomElement(using: &generator) ?? "B" })
        let deviceCode = PeopleLedger.randomCode("")
        let entry = PeopleLedger.DeviceCode(
            userCode: userCode,
            clientID: clientID,
            tenantName: target.name,
            scope: scope,
            claims: parameters["claims"],
            expiresAt: exchange.date.addingTimeInterval(Double(self.configuration.deviceCodeLifetime)),
            interval: self.configuration.deviceCodeInterval
        )
        self.people.withState { state in
            state.deviceCodes[deviceCode] = entry
            state.userCodes[userCode] = deviceCode
        }
        let page = exchange.url("/device")
        return .object([
            "user_code": .string(userCode),
            "device_code": .string(deviceCode),
            "verification_uri": .string(page),
            "expires_in": .integer(self.configuration.deviceCodeLifetime),
            "interval": .integer(self.configuration.deviceCodeInterval),
            "message": """
            To sign in, use a web browser to open the page \(page) and enter the code \(userCode) to authenticate.
            """,
        ])
    }

    /// The tenant that a path names; `nil` for the names that stand for many.
    private func tenant(_ target: EmulatorTokenTarget) throws(EmulatorRefusal) -> EmulatorConfiguration.Tenant? {
        switch target {
        case .tenant(let name): return try self.configuration.tenant(named: name)
        case .issuer(let issuer): return try self.configuration.tenant(named: issuer.tenantID)
        case .adfs:
            guard let tenant = self.configuration.adfs else { throw .notFound }
            return tenant
        }
    }

    /// Checks that a tenant, or any of those that a name stands for, has an application.
    @discardableResult
    func checkApplication(
        _ clientID: String,
        in tenant: EmulatorConfiguration.Tenant?
    ) throws(EmulatorRefusal) -> EmulatorConfiguration.Application {
        let tenants = tenant.map { [$0] } ?? self.configuration.tenants.filter { !$0.isADFS }
        let applications = tenants.lazy.flatMap(\.applications)
        guard let found = applications.first(where: { $0.clientID.lowercased() == clientID.lowercased() }) else {
            throw .unknownApplication(clientID, tenant: tenant?.id ?? "organizations")
        }
        return found
    }
}

extension EmulatorTokenTarget {
    /// The name of the tenant in the path, in lower case.
    var name: String {
        switch self {
        case .tenant(let name): name.lowercased()
        case .issuer(let issuer): issuer.tenantID.lowercased()
        case .adfs: EmulatorConfiguration.adfsID
        }
    }
}
