// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows on developer tools and on chains of credentials.
extension GuideRow {
    /// What to do where a developer tool or a chain is concerned (rows G06, G07, G34 to G40, and G52); `nil` for other rows.
    var toolText: String? {
        switch self {
        case .g06:
            """
            Set up one of the credentials: on a developer's machine, sign in to the Azure CLI; in Azure, turn managed identity on; \
            elsewhere, set the variables of EnvironmentCredential. Logging tells more about each.
            """
        case .g07:
            """
            The service refused the identity that the chain found first. See in the log which credential gave the token; then sign out of \
            that tool, exclude its credential or name the one to use, or give that identity a role on the resource.
            """
        case .g34: "Install the Azure CLI, and see that its folder is on the PATH of this process. Then sign in."
        case .g35:
            """
            Sign in to the Azure CLI. Check with the other commands; what the last one prints holds a token: don't share it.
            """
        case .g36: "Install the Azure Developer CLI, and see that its folder is on the PATH of this process. Then sign in."
        case .g37:
            """
            Sign in to the Azure Developer CLI. Check with the other commands (before version 1.23.0: azd config list); what the last one \
            prints holds a token: don't share it.
            """
        case .g38:
            "Install PowerShell, and see that its folder is on the PATH of this process. Then install Az.Accounts and sign in."
        case .g39: "Install the module Az.Accounts, version 2.2.0 or newer, for the user of this process. Then sign in."
        case .g40:
            """
            Sign in to Azure PowerShell. Check with the other commands; what the last one gives holds a token: don't share it.
            """
        case .g52: "Use the subscription's id. This command prints it."
        default: nil
        }
    }

    /// A page that says more about a developer tool or a chain; `nil` for other rows.
    var toolLink: String? {
        switch self {
        case .g06, .g07: "https://learn.microsoft.com/azure/developer/intro/passwordless-overview"
        case .g34: "https://learn.microsoft.com/cli/azure/install-azure-cli"
        case .g35: "https://learn.microsoft.com/cli/azure/authenticate-azure-cli"
        case .g36: "https://learn.microsoft.com/azure/developer/azure-developer-cli/install-azd"
        case .g37: "https://learn.microsoft.com/azure/developer/azure-developer-cli/reference#azd-auth-login"
        case .g38: "https://learn.microsoft.com/powershell/scripting/install/installing-powershell"
        case .g39: "https://learn.microsoft.com/powershell/azure/install-azure-powershell"
        case .g40: "https://learn.microsoft.com/powershell/azure/authenticate-azureps"
        case .g52: "https://learn.microsoft.com/azure/azure-portal/get-subscription-tenant-id"
        default: nil
        }
    }
}

extension Guide {
    /// The resource by which the tools are checked, where none is known.
    private static let management = "https://management.core.windows.net"

    /// The commands of rows on developer tools: the one that helps first, then those that check. Facts that could be anything else than
    /// what they are called are left out.
    static func toolCommands(_ row: GuideRow, facts: GuideFacts) -> [[String]] {
        let tenantID = facts.tenantID.flatMap { TenantID.isValid($0) && !$0.hasPrefix("-") ? $0 : nil }
        let scope = facts.scope.flatMap { Self.isScope($0) ? $0 : nil }
        let resource = scope.map { $0.hasSuffix("/.default") ? String($0.dropLast("/.default".count)) : $0 } ?? Self.management
        let claims = facts.claims.flatMap { Self.isBase64($0) ? $0 : nil }
        func option(_ name: String, _ value: String?) -> [String] { value.map { [name, $0] } ?? [] }
        return switch row {
        case .g06: [["az", "login"]]
        case .g07: [["az", "logout"]]
        case .g34: [["az", "version"], ["az", "login"] + option("--tenant", tenantID)]
        case .g35:
            [
                ["az", "login"] + option("--claims-challenge", claims) + option("--tenant", tenantID)
                    + option("--scope", facts.isScopeNeeded ? scope : nil),
                ["az", "account", "show"],
                ["az", "account", "get-access-token", "--output", "json", "--resource", resource] + option("--tenant", tenantID),
            ]
        case .g36: [["azd", "version"], ["azd", "auth", "login"] + option("--tenant-id", tenantID)]
        case .g37:
            [
                ["azd", "auth", "login"] + option("--tenant-id", tenantID) + option("--scope", facts.isScopeNeeded ? scope : nil),
                ["azd", "auth", "status"],
                ["azd", "auth", "token", "--output", "json", "--scope", scope ?? "\(Self.management)/.default"]
                    + option("--tenant-id", tenantID),
            ]
        case .g38: [["pwsh", "-Version"]]
        case .g39: [["Install-Module", "-Name", "Az.Accounts", "-Scope", "CurrentUser", "-MinimumVersion", "2.2.0"]]
        case .g40:
            [
                ["Connect-AzAccount"] + option("-ClaimsChallenge", claims) + option("-Tenant", tenantID),
                ["Get-AzContext"],
                ["Get-AzAccessToken", "-ResourceUrl", resource] + option("-TenantId", tenantID),
            ]
        // A name that begins so would be an option, or a file's name, to az.
        case .g52:
            [
                [
                    "az", "account", "show", "--name",
                    Self.shown(facts.subscription).flatMap { $0.hasPrefix("-") || $0.hasPrefix("@") ? nil : $0 } ?? "<name>",
                    "--query",
                    "id",
                ]
            ]
        default: []
        }
    }

    /// Whether a text is a scope of letters, digits and `_-.:/`, and no option.
    private static func isScope(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && text.utf8.count <= 2048
            && text.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "_-.:/".utf8.contains($0) }
    }

    private static func isBase64(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "+/=".utf8.contains($0) }
    }

    /// A subscription's name as an argument: printable, of bounded length, and nothing that a shell or an option could be made of. Names
    /// with other characters are the very ones that row G52 is about; they are shown if quoting them is all it takes.
    private static func shown(_ name: String?) -> String? {
        guard let name, name.count <= 100, !name.hasPrefix("-"), name.contains(where: \.isLetter) else { return nil }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                ? scalar.value >= 0x20 && scalar.value < 0x7F && !"\"'`$\\%!^&|<>;*?~".unicodeScalars.contains(scalar)
                : (scalar.properties.isAlphabetic || scalar.properties.generalCategory == .dashPunctuation)
                    && !scalar.properties.isDefaultIgnorableCodePoint
        }
        return isPlain ? name : nil
    }
}
