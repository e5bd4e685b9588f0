// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension Guide {
    /// The fixed address of the instance metadata service.
    static let metadataHost = "http://169.254.169.254"

    /// How the instance metadata service is asked by hand (row G27). A program that runs it must not show what it prints: it holds a token.
    ///
    /// - Parameter host: The service's address, without a slash at the end.
    static func metadataCommand(host: String = Guide.metadataHost) -> [String] {
        [
            "curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "5", "--header", "Metadata: true",
            "\(host)/metadata/identity/oauth2/token?resource=https%3A%2F%2Fmanagement.core.windows.net&api-version=2018-02-01",
        ]
    }

    /// The remedy of a row about the metadata service (rows G23 to G27, and G30), for the address that was asked.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - host: The address. One that could be more than an address gets into no command.
    static func metadataRemedy(_ row: GuideRow, host: String) -> AuthenticationError.Remedy {
        var remedy = Self.remedy(row)
        guard host != Self.metadataHost, [.g24, .g25, .g26, .g27].contains(row) else { return remedy }
        remedy.variables = ["AZURE_POD_IDENTITY_AUTHORITY_HOST"]
        guard Self.isPlainAddress(host) else {
            remedy.text = remedy.text.replacing("\(Self.metadataHost)/", with: "that address")
            remedy.text += " AZURE_POD_IDENTITY_AUTHORITY_HOST says where the service is asked."
            if !remedy.commands.isEmpty { remedy.commands = [Self.metadataCommand(host: "<address>")] }
            return remedy
        }
        remedy.text = remedy.text.replacing("\(Self.metadataHost)/", with: "\(host)/")
        remedy.text += " AZURE_POD_IDENTITY_AUTHORITY_HOST says that the service is asked at \(host)."
        if !remedy.commands.isEmpty { remedy.commands = [Self.metadataCommand(host: host)] }
        return remedy
    }

    /// Whether a text is a scheme, a host, a port and a path, and nothing else: no name or password, no query.
    private static func isPlainAddress(_ text: String) -> Bool {
        (text.hasPrefix("http://") || text.hasPrefix("https://")) && text.utf8.count <= 300
            && text.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "_-.:/[]".utf8.contains($0) }
    }

    /// How App Service is asked by hand (row G29), by a shell that has the app's variables: the guide itself prints the command of row G27
    /// here, which an app can't reach. The header's value is the shell's to fill in, so that no secret is in the arguments shown.
    static let appServiceCommand = [
        "sh", "-c",
        #"printf 'header = "X-IDENTITY-HEADER: %s"\n' "$IDENTITY_HEADER" | "#
            + #"curl --silent --show-error --noproxy '*' --max-time 5 --config - "#
            + #""$IDENTITY_ENDPOINT?resource=https%3A%2F%2Fmanagement.core.windows.net&api-version=2019-08-01""#,
    ]

    /// The commands of a row that show how things are, and change nothing.
    static func checks(_ row: GuideRow) -> [TroubleshootingGuide.Check] {
        let commands = Self.remedy(row).commands
        switch row {
        case .g03, .g11, .g13, .g23, .g34, .g36, .g38, .g51, .g52:
            return commands.prefix(1).map { .init(command: $0, printsToken: false) }
        case .g24, .g25, .g26, .g27, .g29: return commands.map { .init(command: $0, printsToken: true) }
        case .g22: return [.init(command: Self.metadataCommand(), printsToken: true)]
        case .g18, .g28: return [.init(command: Self.appServiceCommand, printsToken: true)]
        case .g35, .g37, .g40:
            let last = commands.indices.last
            return commands.indices.dropFirst().map { .init(command: commands[$0], printsToken: $0 == last) }
        case .g39: return [.init(command: ["Get-Module", "-ListAvailable", "-Name", "Az.Accounts"], printsToken: false)]
        default: return []
        }
    }
}
