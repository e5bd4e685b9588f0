// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What is wanted of a vault, and which right that takes. Pure.
enum SecretOperation: String, Sendable {
    case get, list, set, update, delete

    /// The role that is enough for it and for the least besides.
    var role: String {
        switch self {
        case .get, .list: "Key Vault Secrets User"
        case .set, .update, .delete: "Key Vault Secrets Officer"
        }
    }

    /// The permission of an access policy.
    var permission: String { self == .update ? "set" : self.rawValue }
}

/// Says what to do about a 401 or 403 of a vault: rows G03 and G07 of the troubleshooting guide. Pure.
///
/// Nothing gets into a command without being validated: ids are GUIDs, names are letters, digits and hyphens, and the vault's resource id
/// has the characters of one.
struct SecretRefusal: Sendable {
    let operation: SecretOperation
    /// `nil`: the vault's host begins with no name.
    let vaultName: String?
    /// The name of the secret, validated. `nil`: it isn't about one.
    let secretName: String?
    /// Whether the credential chooses among others.
    let isChain: Bool

    /// The error with its remedy, if there is one.
    func explained(_ error: HTTPResponseError) -> HTTPResponseError {
        var error = error
        switch (error.status, error.innerCode) {
        case (403, "ForbiddenByFirewall"): error.remedy = self.firewallRemedy()
        case (403, "SecretDisabled"): error.remedy = self.disabledRemedy()
        case (403, "ForbiddenByPolicy"), (403, "AccessDenied"): error.remedy = self.policyRemedy(error)
        case (403, _): error.remedy = self.roleRemedy(error)
        case (401, _): error.remedy = self.tokenRemedy(error)
        default: break
        }
        return error
    }

    // MARK: Remedies

    private func roleRemedy(_ error: HTTPResponseError) -> AuthenticationError.Remedy {
        let found = Self.resourceID(in: error.message, of: self.vaultName)
        let scope =
            found ?? "/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/\(self.vault)"
        return self.remedy(
            """
            \(Self.name(of: error.identity)) was refused. To \(self.operation.rawValue) secrets takes the role \
            '\(self.operation.role)' in the vault; a new assignment takes some minutes to count.
            """,
            error,
            [
                [
                    "az", "role", "assignment", "create", "--role", self.operation.role, "--assignee-object-id",
                    Self.objectID(of: error.identity), "--scope", scope,
                ]
            ],
            link: "https://learn.microsoft.com/azure/key-vault/general/rbac-guide"
        )
    }

    private func policyRemedy(_ error: HTTPResponseError) -> AuthenticationError.Remedy {
        self.remedy(
            """
            \(Self.name(of: error.identity)) was refused. The vault goes by access policies: the permission \
            '\(self.operation.permission)' for secrets is missing.
            """,
            error,
            [
                [
                    "az", "keyvault", "set-policy", "--name", self.vault, "--object-id", Self.objectID(of: error.identity),
                    "--secret-permissions", self.operation.permission,
                ]
            ],
            link: "https://learn.microsoft.com/azure/key-vault/general/assign-access-policy"
        )
    }

    private func firewallRemedy() -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: "G03",
            text:
                "The vault's firewall refuses this machine's address, whoever asks. Add the address or the network, or use a private endpoint.",
            commands: [["az", "keyvault", "network-rule", "add", "--name", self.vault, "--ip-address", "<address>"]],
            link: "https://learn.microsoft.com/azure/key-vault/general/network-security"
        )
    }

    private func disabledRemedy() -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: "G03",
            text: "The secret is disabled, whoever asks. Enable it, or read another version.",
            commands: [
                [
                    "az", "keyvault", "secret", "set-attributes", "--vault-name", self.vault, "--name",
                    self.secretName ?? "<name>",
                    "--enabled", "true",
                ]
            ]
        )
    }

    private func tokenRemedy(_ error: HTTPResponseError) -> AuthenticationError.Remedy {
        self.remedy(
            """
            The vault didn't take the token of \(Self.name(of: error.identity)). Most often it trusts another tenant: get tokens from the \
            vault's tenant.
            """,
            error,
            [["az", "keyvault", "show", "--name", self.vault, "--query", "properties.tenantId", "--output", "tsv"]],
            link: "https://learn.microsoft.com/azure/key-vault/general/authentication"
        )
    }

    /// Row G07 if the credential chose whose token to send, which may be another's than was meant; else row G03.
    private func remedy(
        _ text: String,
        _ error: HTTPResponseError,
        _ commands: [[String]],
        link: String
    ) -> AuthenticationError.Remedy {
        guard self.isChain else { return AuthenticationError.Remedy(guide: "G03", text: text, commands: commands, link: link) }
        let chosen = error.identity.map { "\($0.credential) gave the token" } ?? "One of the chain's credentials gave the token"
        return AuthenticationError.Remedy(
            guide: "G07",
            text:
                "\(text) \(chosen): if another account was meant, sign out of that tool, exclude its credential, or name the one that is meant.",
            commands: commands,
            variables: ["AZURE_TOKEN_CREDENTIALS"],
            link: link
        )
    }

    // MARK: Names

    private var vault: String { self.vaultName ?? "<vault>" }

    /// Who was refused: the credential and the ids. No user's name.
    private static func name(of identity: AccessToken.Provenance?) -> String {
        guard let identity else { return "The caller" }
        let ids = [("tenant", identity.tenantID), ("object id", identity.objectID), ("client id", identity.clientID)]
        let shown = ids.compactMap { name, id in id.map { "\(name) \(HostileText.sanitized($0, limit: 100))" } }
        let credential = HostileText.sanitized(identity.credential, limit: 100)
        return shown.isEmpty ? credential : "\(credential) (\(shown.joined(separator: ", ")))"
    }

    private static func objectID(of identity: AccessToken.Provenance?) -> String {
        identity?.objectID.flatMap { Self.isGUID($0) ? $0 : nil } ?? "<object-id>"
    }

    private static func isGUID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { part in
                part.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                        UInt8(ascii: "A")...UInt8(ascii: "F"):
                        true
                    default: false
                    }
                }
            }
    }

    /// The id of the vault's resource, which the vault's own words have: `Resource: '/subscriptions/…/vaults/<name>/…'`.
    ///
    /// - Parameters:
    ///   - message: The vault's words.
    ///   - vaultName: The name of the vault that was asked. A role in another one would help nobody, or the wrong one; of a vault without a
    ///     name nothing is known.
    static func resourceID(in message: String, of vaultName: String?) -> String? {
        guard let vaultName, let start = message.firstRange(of: "Resource: '/subscriptions/") else { return nil }
        let text = message[start.upperBound...].prefix { $0 != "'" }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 7, isGUID(String(parts[0])), parts[1].lowercased() == "resourcegroups",
            parts[3...5].map({ $0.lowercased() }) == ["providers", "microsoft.keyvault", "vaults"],
            VaultAddress.isName(String(parts[6])), parts[6].lowercased() == vaultName.lowercased(),
            (1...90).contains(parts[2].utf8.count), parts[2].unicodeScalars.allSatisfy(Self.isGroupScalar)
        else { return nil }
        return "/subscriptions/" + parts[...6].joined(separator: "/")
    }

    /// A character of a resource group's name, as far as it is of ASCII.
    private static func isGroupScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."z", "A"..."Z", "-", "_", ".": true
        default: false
        }
    }
}
