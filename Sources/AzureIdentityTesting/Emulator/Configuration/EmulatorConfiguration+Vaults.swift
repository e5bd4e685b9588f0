// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// A key vault, with its secrets and who may do what with them. Only secrets: there are no keys and no certificates.
    ///
    /// In memory it is at `https://<name>.vault.azure.net`. Served on a socket, the first vault is at the address of the server
    /// itself, `https://localhost:8443`, and each one at a host that begins with its name, `contoso-vault.localhost`, where such
    /// names can be found.
    public struct Vault: Sendable, Hashable {
        /// The vault's name: 3 to 24 letters, digits and hyphens.
        public var name: String
        /// The id of the tenant that it trusts.
        public var tenantID: String
        /// The secrets that it holds when the emulator starts. What clients do to them isn't seen here.
        public var secrets: [VaultSecret]
        /// Who may do what with the secrets.
        public var assignments: [VaultAssignment]
        /// Whether it goes by access policies, which older vaults do, in place of roles. The assignments hold for both; refusals differ.
        public var usesAccessPolicies: Bool
        /// Whether its firewall refuses everyone.
        public var refusesAddresses: Bool
        /// The most elements of a page of a list, 1 to 25.
        public var pageSize: Int

        /// Creates a vault.
        ///
        /// - Parameters:
        ///   - name: The vault's name.
        ///   - tenantID: The id of the tenant that it trusts.
        ///   - secrets: The secrets that it holds when the emulator starts.
        ///   - assignments: Who may do what with the secrets.
        ///   - usesAccessPolicies: Whether it goes by access policies in place of roles.
        ///   - refusesAddresses: Whether its firewall refuses everyone.
        ///   - pageSize: The most elements of a page of a list.
        public init(
            name: String,
            tenantID: String,
            secrets: [VaultSecret] = [],
            assignments: [VaultAssignment] = [],
            usesAccessPolicies: Bool = false,
            refusesAddresses: Bool = false,
            pageSize: Int = 25
        ) {
            self.name = name
            self.tenantID = tenantID
            self.secrets = secrets
            self.assignments = assignments
            self.usesAccessPolicies = usesAccessPolicies
            self.refusesAddresses = refusesAddresses
            self.pageSize = pageSize
        }
    }

    /// A secret of a vault. Its value doesn't show in ``description`` or a dump.
    public struct VaultSecret: Sendable, Hashable {
        /// The name: 1 to 127 letters, digits and hyphens.
        public var name: String
        /// The value. Use one that is good for nothing else.
        public var value: String
        /// What the value is, such as `text/plain`. `nil`: doesn't say.
        public var contentType: String?
        /// What else is known of it.
        public var tags: [String: String]
        /// Whether its value can be read.
        public var isEnabled: Bool

        /// Creates a secret.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The value. Use one that is good for nothing else.
        ///   - contentType: What the value is.
        ///   - tags: What else is known of it.
        ///   - isEnabled: Whether its value can be read.
        public init(
            name: String,
            value: String,
            contentType: String? = nil,
            tags: [String: String] = [:],
            isEnabled: Bool = true
        ) {
            self.name = name
            self.value = value
            self.contentType = contentType
            self.tags = tags
            self.isEnabled = isEnabled
        }
    }

    /// A role that somebody has in a vault.
    public struct VaultAssignment: Sendable, Hashable {
        /// Who: the object id of a user, service principal or managed identity, or the client id of an application.
        public var principalID: String
        /// What they may do.
        public var role: VaultRole

        /// Creates an assignment.
        ///
        /// - Parameters:
        ///   - principalID: The object id of somebody, or the client id of an application.
        ///   - role: What they may do.
        public init(principalID: String, role: VaultRole) {
            self.principalID = principalID
            self.role = role
        }
    }

    /// A built-in role, as far as it is about secrets.
    public enum VaultRole: String, Sendable, Hashable, Codable, CaseIterable {
        /// Lists secrets; their values can't be read.
        case reader = "Key Vault Reader"
        /// Lists secrets and reads their values.
        case secretsUser = "Key Vault Secrets User"
        /// Does anything with secrets.
        case secretsOfficer = "Key Vault Secrets Officer"
        /// Does anything.
        case administrator = "Key Vault Administrator"
    }

    /// Checks the vaults.
    func validateVaults() throws(EmulatorConfigurationError) {
        var names: Set<String> = []
        for vault in self.vaults {
            let name = "the vault \"\(vault.name)\""
            guard (3...24).contains(vault.name.utf8.count), KeyVaultRoute.isName(vault.name) else {
                throw .invalid("\(name) needs a name of 3 to 24 letters, digits and hyphens.")
            }
            guard names.insert(vault.name.lowercased()).inserted else { throw .invalid("\(name) is there twice.") }
            guard self.tenants.contains(where: { $0.id == vault.tenantID && !$0.isADFS }) else {
                throw .invalid("\"\(vault.tenantID)\" of \(name) is the id of no tenant.")
            }
            guard (1...25).contains(vault.pageSize) else { throw .invalid("a page of \(name) has 1 to 25 elements.") }
            var secrets: Set<String> = []
            for secret in vault.secrets {
                guard KeyVaultRoute.isName(secret.name) else {
                    throw .invalid("\"\(secret.name)\" in \(name) is not 1 to 127 letters, digits and hyphens.")
                }
                guard secrets.insert(secret.name.lowercased()).inserted else {
                    throw .invalid("the secret \"\(secret.name)\" is twice in \(name).")
                }
            }
            for assignment in vault.assignments where !GUID.isValid(assignment.principalID) {
                throw .invalid("\"\(assignment.principalID)\", to whom a role of \(name) is assigned, is not a GUID.")
            }
        }
    }
}

extension EmulatorConfiguration.VaultSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name; never the value.
    public var description: String { "VaultSecret(\(self.name), <redacted>)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows the name.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": self.name], displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}
