// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Scenario {
    /// The emulator's configuration: the sample with the scenario's changes, the words' secrets and its certificates.
    package func configuration(_ words: ScenarioWords) throws -> EmulatorConfiguration {
        var configuration = EmulatorConfiguration.sample
        if let patch = self.emulator {
            let sample = try JSONDecoder().decode(EmulatorJSON.self, from: JSONEncoder().encode(configuration))
            configuration = try EmulatorConfiguration(json: sample.merging(patch).bytes)
        }
        let certificates = try (self.registers ?? []).map { try Self.registration($0) }
        for tenant in configuration.tenants.indices {
            if !configuration.tenants[tenant].applications.isEmpty {
                configuration.tenants[tenant].applications[0].certificates = certificates
                for index in configuration.tenants[tenant].applications[0].secrets.indices {
                    let isExpired = configuration.tenants[tenant].applications[0].secrets[index].expiresOn != nil
                    configuration.tenants[tenant].applications[0].secrets[index].value =
                        words[isExpired ? "expiredSecret" : "secret"]
                }
            }
            for user in configuration.tenants[tenant].users.indices {
                configuration.tenants[tenant].users[user].password = words["password"]
            }
        }
        configuration.hosts.identityHeader = words["identityHeader"]
        configuration.hosts.msiSecret = words["msiSecret"]
        configuration.hosts.systemAccessToken = words["systemAccessToken"]
        configuration.hosts.gitHubRequestToken = words["gitHubRequestToken"]
        configuration.hosts.arcKeyDirectory = words["folder"] + "/keys"
        return configuration
    }

    private static func registration(_ name: String) throws -> EmulatorConfiguration.ClientCertificateRegistration {
        let path = "\(ScenarioLibrary.tests)/Fixtures/certificates/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else { throw ScenarioProblem("There is no \(path).") }
        return try .init(pem: String(decoding: data, as: UTF8.self))
    }
}

extension EmulatorJSON {
    /// This value with a merge patch (RFC 7396): members of objects are replaced one by one, those that are null there are taken out, and
    /// everything else is replaced as a whole.
    package func merging(_ patch: EmulatorJSON) -> EmulatorJSON {
        guard case .object(let changes) = patch else { return patch }
        var members: [Member] = []
        if case .object(let own) = self { members = own }
        for change in changes {
            let index = members.firstIndex { $0.name == change.name }
            guard change.value != .null else {
                if let index { members.remove(at: index) }
                continue
            }
            let value = (index.map { members[$0].value } ?? .null).merging(change.value)
            if let index { members[index].value = value } else { members.append(.init(name: change.name, value: value)) }
        }
        return .object(members)
    }
}
#endif
