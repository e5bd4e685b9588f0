// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
package import struct FoundationEssentials.Date
#else
package import struct Foundation.Date
#endif

/// The service without its transport and its faults: from a configuration, a request and a date to a response.
///
/// Keeps nothing between requests but the ids of assertions, what people have done and what vaults hold, in its ledgers, the tokens
/// it knows, and the files of Arc's challenges. Pure but for that and for the random ids and signatures in what it answers.
package struct EmulatorCore: Sendable {
    package var configuration: EmulatorConfiguration
    package var signer: any TokenSigner
    package var grants: [any EmulatorGrant]
    package var ledger: AssertionLedger
    package var people: PeopleLedger
    package var arcKeys: ArcKeyFiles
    package var vaults: VaultLedger
    package var knownTokens: KnownTokens

    package init(
        configuration: EmulatorConfiguration,
        signer: any TokenSigner,
        grants: [any EmulatorGrant] = EmulatorGrants.all,
        ledger: AssertionLedger = AssertionLedger(),
        people: PeopleLedger = PeopleLedger(),
        arcKeys: ArcKeyFiles = ArcKeyFiles(),
        vaults: VaultLedger = VaultLedger(),
        knownTokens: KnownTokens = KnownTokens()
    ) {
        self.configuration = configuration
        self.signer = signer
        self.grants = grants
        self.ledger = ledger
        self.people = people
        self.arcKeys = arcKeys
        self.vaults = vaults
        self.knownTokens = knownTokens
    }

    /// Answers a request.
    package func response(to request: EmulatorRequest, at date: Date) -> EmulatorResponse {
        self.response(to: EmulatorDestination(request, configuration: self.configuration), at: date)
    }

    /// Answers a request whose destination is known.
    package func response(to destination: EmulatorDestination, at date: Date) -> EmulatorResponse {
        let exchange = EmulatorExchange(request: destination.request, date: date)
        switch destination.part {
        case .entra(let route):
            do throws(EmulatorRefusal) {
                return try self.answer(exchange, route)
            } catch {
                if route.isPage { return exchange.pageResponse(error) }
                return route.isADFS ? exchange.adfsResponse(error) : exchange.response(error)
            }
        case .resourceManager(let route): return ResourceManagerEndpoint(core: self, exchange: exchange).response(route)
        case .keyVault(let route): return KeyVaultEndpoint(core: self, exchange: exchange, route: route).response()
        case .identity:
            guard let endpoint = destination.host.identityEndpoint else { return Self.nothing(exchange) }
            return self.identityResponse(endpoint, exchange)
        case .issuer: return self.issuerResponse(destination.host, exchange)
        case .compute: return self.metadata(exchange)
        case .nothing: return Self.nothing(exchange)
        }
    }

    private static func nothing(_ exchange: EmulatorExchange) -> EmulatorResponse {
        exchange.response(status: 404, .object(["error": "Not found"]))
    }

    private func answer(_ exchange: EmulatorExchange, _ route: EmulatorRoute) throws(EmulatorRefusal) -> EmulatorResponse {
        let request = exchange.request
        guard route != .unknown else { throw .notFound }
        guard route.methods.contains(request.method) else {
            throw .wrongMethod(request.method, allowed: route.methods.joined(separator: ", "))
        }
        guard request.body.count <= EmulatorRequest.maximumBodySize else { throw .bodyTooLarge }
        switch route {
        case .token(let tenant): return exchange.response(try self.token(.tenant(tenant), exchange))
        case .adfsToken: return exchange.response(try self.token(.adfs, exchange))
        case .issuerToken(let issuer): return exchange.response(try self.token(.issuer(issuer), exchange))
        case .openIDConfiguration(let tenant):
            return exchange.response(try self.openIDConfiguration(tenant: tenant, exchange), isCacheable: true)
        case .issuerConfiguration(let issuer):
            return exchange.response(self.openIDConfiguration(issuer, exchange), isCacheable: true)
        case .adfsConfiguration: return exchange.response(self.adfsConfiguration(exchange), isCacheable: true)
        case .keys(let tenant): return exchange.response(try self.keys(tenant: tenant), isCacheable: true)
        case .adfsKeys: return exchange.response(try self.keys(), isCacheable: true)
        case .instanceDiscovery: return exchange.response(try self.instanceDiscovery(exchange), isCacheable: true)
        case .authorize(let tenant): return try AuthorizeEndpoint(core: self, exchange: exchange).response(tenant: tenant)
        case .adfsAuthorize: return try AuthorizeEndpoint(core: self, exchange: exchange).response(tenant: nil)
        case .deviceCode(let tenant): return exchange.response(try self.deviceCode(.tenant(tenant), exchange))
        case .adfsDeviceCode: return exchange.response(try self.deviceCode(.adfs, exchange))
        case .device: return try DeviceEndpoint(core: self, exchange: exchange).response()
        case .userRealm(let name): return exchange.response(try self.userRealm(name, exchange))
        case .federationMetadata: return self.federationMetadata(exchange)
        case .trust(let version): return TrustEndpoint(core: self, exchange: exchange, version: version).response()
        case .unknown: throw .notFound
        }
    }
}

extension EmulatorConfiguration {
    /// Finds a tenant by its id or one of its domains, without regard to case.
    ///
    /// - Returns: `nil` for the names that stand for many tenants, such as `common`.
    func tenant(named name: String) throws(EmulatorRefusal) -> Tenant? {
        let wanted = name.lowercased()
        if ["common", "organizations", "consumers"].contains(wanted) { return nil }
        let found = self.tenants.first { tenant in
            !tenant.isADFS && tenant.id.lowercased() == wanted || tenant.domains.contains { $0.lowercased() == wanted }
        }
        if let found { return found }
        throw GUID.isValid(name) || Self.isDomain(wanted) ? .unknownTenant(name) : .malformedTenant(name)
    }

    /// Whether a text has the form of a domain name: two labels or more.
    static func isDomain(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.count)
                    && label.allSatisfy { $0 == UInt8(ascii: "-") || ASCII.isAlphanumeric($0) }
            }
    }
}

/// Tests on ASCII bytes. Pure.
enum ASCII {
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
