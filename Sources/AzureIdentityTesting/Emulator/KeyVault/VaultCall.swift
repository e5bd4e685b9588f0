// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// One operation on a vault, whose caller may call it.
struct VaultCall {
    /// How long a deleted secret can be recovered, in days.
    private static let recoverableDays = 90

    let vault: EmulatorConfiguration.Vault
    let route: KeyVaultRoute
    let exchange: EmulatorExchange
    let ledger: VaultLedger

    private var epoch: Int { self.exchange.epoch }
    private var body: [UInt8] { self.exchange.request.body }

    /// - Parameter query: The parameters of a list.
    /// - Returns: `nil`: an answer without a body.
    func answer(_ query: [String: String]) throws(KeyVaultRefusal) -> EmulatorJSON? {
        try self.ledger.with(self.vault, at: self.epoch) { contents throws(KeyVaultRefusal) in
            switch (self.route.place, self.exchange.request.method) {
            case (.secrets, _):
                let secrets = contents.list(areDeleted: false)
                return try self.page(secrets.map { ($0.name.lowercased(), self.item($0)) }, query)
            case (.deletedSecrets, _):
                let secrets = contents.list(areDeleted: true)
                return try self.page(secrets.map { ($0.name.lowercased(), self.deleted(self.item($0), $0)) }, query)
            case (.versions(let name), _):
                let stored = try contents.secret(name)
                return try self.page(
                    stored.versions.map { ($0.id, self.json(stored, $0, isWhole: false)) }.sorted { $0.0 < $1.0 }, query)
            case (.secret(let name, let version), let method): return try self.secret(name, version, method, &contents)
            case (.backup(let name), _): return .object(["value": .string(try contents.backUp(name))])
            case (.deletedSecret(let name), "DELETE"):
                try contents.purge(name)
                return nil
            case (.deletedSecret(let name), _):
                let stored = try contents.deletedSecret(name)
                return self.deleted(self.latest(stored), stored)
            case (.recovery(let name), _): return self.latest(try contents.recover(name))
            case (.nothing, _): throw .nothing
            }
        }
    }

    private func secret(
        _ name: String,
        _ id: String?,
        _ method: String,
        _ contents: inout VaultContents
    ) throws(KeyVaultRefusal) -> EmulatorJSON {
        switch method {
        case "PUT":
            let wish = try SecretWish(self.body, hasValue: true)
            var version = VaultContents.Version(value: wish.value ?? "", at: self.epoch)
            wish.apply(to: &version)
            return self.json(try contents.set(name, version), version, isWhole: true)
        case "PATCH":
            let wish = try SecretWish(self.body, hasValue: false)
            let (stored, version) = try contents.update(name, id) { version in
                wish.apply(to: &version)
                version.updated = self.epoch
            }
            return self.json(stored, version, isWhole: false)
        case "DELETE":
            let stored = try contents.delete(name, at: self.epoch)
            return self.deleted(self.latest(stored), stored)
        case "POST": return self.latest(try contents.restore(try SecretWish.text("value", in: self.body)))
        default:
            let (stored, version) = try contents.version(name, id)
            guard version.isEnabled else { throw .disabledSecret }
            return self.json(stored, version, isWhole: true)
        }
    }

    // MARK: Lists

    /// The elements behind the one that the token of the query names, and a link to the rest.
    private func page(
        _ elements: [(key: String, json: EmulatorJSON)],
        _ query: [String: String]
    ) throws(KeyVaultRefusal) -> EmulatorJSON {
        var size = self.vault.pageSize
        if let text = query["maxresults"] {
            guard let wanted = Int(text), (1...25).contains(wanted) else {
                throw .badParameter("invalid maxresults: it has to be a number from 1 to 25")
            }
            size = min(size, wanted)
        }
        var rest = elements[...]
        if let token = query["$skiptoken"] {
            guard let bytes = Base64URL.decodeExactly(token[...]) else { throw .badParameter("invalid $skiptoken") }
            let last = String(decoding: bytes, as: UTF8.self)
            rest = rest.drop { $0.key <= last }
        }
        let page = rest.prefix(size)
        var link: EmulatorJSON?
        if rest.count > page.count, let last = page.last {
            link = .string(self.link(after: last.key, query))
        }
        return .object(["value": .array(page.map(\.json)), "nextLink": link ?? .null])
    }

    /// The link to the next page, which has a port even where that is the usual one.
    private func link(after key: String, _ query: [String: String]) -> String {
        let host = self.exchange.request.host
        let address = CloudHosts.withoutPort(host) == host ? "https://\(host):443" : "https://\(host)"
        let version = FormBody(self.exchange.request.query.utf8)?.values["api-version"] ?? ""
        let size = query["maxresults"].map { "&maxresults=\($0)" } ?? ""
        return "\(address)\(self.exchange.request.path)?api-version=\(version)&$skiptoken=\(Base64URL.encode(key.utf8))\(size)"
    }

    // MARK: JSON

    private func item(_ stored: VaultContents.Stored) -> EmulatorJSON {
        guard let version = stored.versions.last else { return .null }
        return self.json(stored, version, isWhole: false, hasVersion: false)
    }

    private func latest(_ stored: VaultContents.Stored) -> EmulatorJSON {
        stored.versions.last.map { self.json(stored, $0, isWhole: false) } ?? .null
    }

    private func json(
        _ stored: VaultContents.Stored,
        _ version: VaultContents.Version,
        isWhole: Bool,
        hasVersion: Bool = true
    ) -> EmulatorJSON {
        .object([
            "value": isWhole ? .string(version.value) : nil,
            "contentType": version.contentType.map { .string($0) },
            "id": .string(self.exchange.url("/secrets/\(stored.name)\(hasVersion ? "/\(version.id)" : "")")),
            "attributes": .object([
                "enabled": .bool(version.isEnabled),
                "nbf": version.notBefore.map { .integer($0) },
                "exp": version.expiry.map { .integer($0) },
                "created": .integer(version.created),
                "updated": .integer(version.updated),
                "recoveryLevel": "Recoverable+Purgeable",
                "recoverableDays": .integer(Self.recoverableDays),
            ]),
            "tags": .object(version.tags.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .string($0.value)) }),
        ])
    }

    /// What is said of a secret, with what is said of a deleted one besides.
    private func deleted(_ json: EmulatorJSON, _ stored: VaultContents.Stored) -> EmulatorJSON {
        guard case .object(let members) = json, let date = stored.deleted,
            case .object(let more) = EmulatorJSON.object([
                "recoveryId": .string(self.exchange.url("/deletedsecrets/\(stored.name)")),
                "deletedDate": .integer(date),
                "scheduledPurgeDate": .integer(date + Self.recoverableDays * 86_400),
            ])
        else { return json }
        return .object(more + members)
    }
}
