// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a remedy is made for.
struct GuideFacts: Sendable {
    /// How the client proves who it is.
    enum Proof: Sendable {
        case secret, certificate, assertion, workloadIdentity, pipelines
        /// Not at all: a person signs in to a public client, by a browser or a code.
        case person
        /// Not at all: a public client has a person's password.
        case password
    }

    var clientID: String?
    var proof: Proof?
    var variables: [String] = []
    var code: Int?
    /// The tenant that a tool was asked for. Like all that gets into commands, it is left out unless it has the right characters.
    var tenantID: String?
    /// The subscription that a tool was asked for: its id, or its name in row G52.
    var subscription: String?
    /// What the token was to be for.
    var scope: String?
    /// Whether a sign-in has to name it, because more is asked of who uses it.
    var isScopeNeeded = false
    /// The claims that a sign-in has to satisfy, in base64.
    var claims: String?
}

/// The troubleshooting guide as data: which row an error leads to, and what it says. Pure.
enum Guide {
    /// The remedy of an error that carries none yet.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - facts: The application and how it proves who it is. A client id that is no GUID is left out of commands.
    static func remedy(for error: AuthenticationError, facts: GuideFacts) -> AuthenticationError.Remedy? {
        let isOutOfTime = error.serviceError?.codes.contains { $0 == 700_024 || $0 == 500_133 } ?? false
        if isOutOfTime, facts.proof == .assertion { return Self.assertionTimeRemedy }
        if let remedy = Self.peopleRemedy(for: error, facts: facts) { return remedy }
        if let row = error.serviceError?.codes.lazy.compactMap({ GuideRow.row(code: $0, proof: facts.proof) }).first {
            var facts = facts
            facts.clientID = facts.clientID.flatMap { UUID(uuidString: $0) == nil ? nil : $0 }
            return Self.remedy(row, facts: facts)
        }
        if let service = error.serviceError { return Self.refusalRemedy(service.codes) }
        if error.code == .credentialUnavailable { return Self.remedy(.g02) }
        return nil
    }

    /// The remedy of a refusal that no row is about (row G04): what the code means, if that is known.
    private static func refusalRemedy(_ codes: [Int]) -> AuthenticationError.Remedy {
        let known = codes.lazy.compactMap { CodeFact.fact($0) }.first { $0.ownAdvice != nil }
        var remedy = Self.remedy(.g04, facts: GuideFacts(code: known?.number ?? codes.first))
        if let advice = known?.ownAdvice { remedy.text = advice }
        return remedy
    }

    /// The service's page about a code.
    static func link(code: Int) -> String { "https://login.microsoftonline.com/error?code=\(code)" }

    /// A row's remedy.
    static func remedy(_ row: GuideRow, facts: GuideFacts = GuideFacts()) -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: row.rawValue,
            text: row.text,
            commands: Self.commands(row, facts: facts),
            variables: Self.variables(row, facts: facts),
            link: facts.code.map(Self.link(code:)) ?? row.link
        )
    }

    /// The remedy of a chain in which nothing is set up (row G06). Where there is no Azure CLI, it can't be signed in to.
    ///
    /// - Parameter remedies: Those of the chain's members.
    static func chainRemedy(_ remedies: [AuthenticationError.Remedy]) -> AuthenticationError.Remedy {
        var remedy = Self.remedy(.g06)
        guard remedies.contains(where: { $0.guide == GuideRow.g34.rawValue }) else { return remedy }
        remedy.text = remedy.text.replacing("sign in to the Azure CLI", with: "install the Azure CLI and run az login")
        remedy.commands = []
        return remedy
    }

    /// The remedy of a certificate file that can't be used.
    static var certificateFileRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g08.rawValue,
            text: """
                Name a PEM or PKCS#12 file that this process can read, with a certificate and its private key; if it is encrypted, give its \
                password too.
                """,
            commands: [],
            variables: ["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
            link: GuideRow.g08.link
        )
    }

    /// The remedy of a client assertion that is out of its valid time range although this machine's clock is right.
    private static var assertionTimeRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g04.rawValue,
            text: "Make a new assertion for each call, valid from now on and for five to ten minutes.",
            commands: [],
            variables: [],
            link: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
        )
    }

    /// The remedy of a host outside of pods that sets the one variable without the other.
    static var lonelyEndpointRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g30.rawValue,
            text: """
                Beside IDENTITY_ENDPOINT, App Service sets IDENTITY_HEADER and Azure Arc IMDS_ENDPOINT: pass on both of a pair, or \
                unset this one.
                """,
            commands: [],
            variables: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT"],
            link: GuideRow.g28.link
        )
    }

    /// The remedy of a refusal by a service whose clock differs from this machine's.
    static var clockRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g04.rawValue,
            text: "Set this machine's clock right, best by the network's time (NTP).",
            commands: [["timedatectl", "set-ntp", "true"]],
            variables: [],
            link: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
        )
    }

    private static func commands(_ row: GuideRow, facts: GuideFacts) -> [[String]] {
        switch row {
        case .g09, .g10: [["az", "ad", "app", "credential", "reset", "--append", "--id", facts.clientID ?? "<client-id>"]]
        case .g11, .g13: [["az", "ad", "sp", "show", "--id", facts.clientID ?? "<client-id>"]]
        case .g12:
            [
                [
                    "az", "ad", "app", "credential", "reset", "--append", "--id", facts.clientID ?? "<client-id>", "--cert",
                    "@<certificate.pem>",
                ]
            ]
        case .g03: [["az", "role", "assignment", "list", "--all", "--assignee", "<object-id>"]]
        case .g51: [["azid", "doctor", "--json"]]
        case .g23: [["az", "vm", "identity", "show", "--resource-group", "<group>", "--name", "<vm>"]]
        case .g25, .g26, .g27: [Self.metadataCommand()]
        case .g28: [["az", "webapp", "identity", "assign", "--resource-group", "<group>", "--name", "<app>"]]
        case .g29: [Self.appServiceCommand]
        default: Self.toolCommands(row, facts: facts)
        }
    }

    private static func variables(_ row: GuideRow, facts: GuideFacts) -> [String] {
        switch row {
        case .g02, .g08, .g41: facts.variables
        case .g34, .g36, .g38: ["PATH"]
        case .g18, .g28, .g29: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"]
        case .g42: ["AZURE_TENANT_ID"]
        case .g43: ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"]
        case .g44: ["SYSTEM_ACCESSTOKEN"]
        case .g46: ["SYSTEM_OIDCREQUESTURI"]
        case .g47: ["AZURE_CLIENT_ID"]
        case .g53: ["AZURE_KUBERNETES_TOKEN_PROXY", "AZURE_KUBERNETES_SNI_NAME", "AZURE_KUBERNETES_CA_FILE"]
        case .g09, .g10: ["AZURE_CLIENT_SECRET"]
        case .g12: ["AZURE_CLIENT_CERTIFICATE_PATH"]
        case .g17: ["AZURE_USERNAME", "AZURE_PASSWORD"]
        case .g11, .g13: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"]
        case .g48: ["AZURE_ADDITIONALLY_ALLOWED_TENANTS"]
        default: []
        }
    }
}
