// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureIdentityTesting

/// The words in braces that scenarios are written with, and what stands in their place: identifiers, places and secrets.
package struct ScenarioWords: Sendable {
    package private(set) var values: [String: String]

    private typealias Sample = EmulatorConfiguration.Sample

    /// The sample's own values. Places are added by whoever runs a scenario.
    package init() {
        self.values = [
            "tenant": Sample.tenantID, "domain": Sample.domain, "otherTenant": Sample.otherTenantID,
            "emptyTenant": Sample.emptyTenantID, "client": Sample.clientID, "publicClient": Sample.publicClientID,
            "systemAssigned": Sample.systemAssignedClientID, "userAssigned": Sample.userAssignedClientID,
            "userAssignedObject": Sample.userAssignedObjectID, "userAssignedResource": Sample.userAssignedResourceID,
            "connection": Sample.serviceConnectionID, "user": Sample.userName,
        ]
        for secret in ConfiguredSecret.allCases { self.values[secret.rawValue] = secret.usual }
    }

    package subscript(_ name: String) -> String {
        get { self.values[name] ?? "" }
        set { self.values[name] = newValue }
    }

    /// A text with its words replaced. Other braces stay.
    package func fill(_ text: String) -> String {
        guard text.contains("{") else { return text }
        return self.values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// A JSON value with the words of its strings replaced.
    package func fill(_ json: EmulatorJSON) -> EmulatorJSON {
        switch json {
        case .string(let text): .string(self.fill(text))
        case .array(let elements): .array(elements.map(self.fill))
        case .object(let members): .object(members.map { .init(name: $0.name, value: self.fill($0.value)) })
        default: json
        }
    }
}

/// The secrets that scenarios are configured with. A hunt for secrets gives each a text of its own that nothing else has.
package enum ConfiguredSecret: String, CaseIterable, Sendable {
    case secret, wrongSecret, expiredSecret, password, wrongPassword, certificatePassword, identityHeader, msiSecret,
        systemAccessToken,
        wrongAccessToken, gitHubRequestToken, toolToken

    /// What it is where nobody hunts.
    var usual: String {
        switch self {
        case .secret: EmulatorConfiguration.Sample.clientSecret
        case .expiredSecret: EmulatorConfiguration.Sample.expiredClientSecret
        case .password: EmulatorConfiguration.Sample.password
        case .identityHeader: EmulatorConfiguration.Sample.identityHeader
        case .msiSecret: EmulatorConfiguration.Sample.msiSecret
        case .systemAccessToken: EmulatorConfiguration.Sample.systemAccessToken
        case .gitHubRequestToken: EmulatorConfiguration.Sample.gitHubRequestToken
        // The files' own; it can't be another.
        case .certificatePassword: "fixture-password"
        default: "emulator-\(self.rawValue)"
        }
    }

    /// Whether it can be another text than the usual one.
    package var isFree: Bool { self != .certificatePassword }
}
#endif
