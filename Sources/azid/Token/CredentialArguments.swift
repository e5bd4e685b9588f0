// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureIdentity

/// The credentials that `--credential` names. More come with later versions.
enum CredentialName: String, CaseIterable, ExpressibleByArgument {
    case environment
    case clientSecret = "client-secret"
}

/// The flags that choose a credential and configure it; else the variables do.
struct CredentialArguments: ParsableArguments {
    /// The longest file a secret is read from, in bytes.
    private static let secretFileLimit = 16_384

    @Option(name: .long, help: "Which credential to use.")
    var credential: CredentialName = .environment

    @Option(name: .long, help: "The tenant's id or domain. Else AZURE_TENANT_ID.")
    var tenantID: String?

    @Option(name: .long, help: "The application's (client) id. Else AZURE_CLIENT_ID.")
    var clientID: String?

    @Option(name: .long, help: "A file that holds the client secret; its last line break is left out. Else AZURE_CLIENT_SECRET.")
    var clientSecretFile: String?

    @Option(name: .long, help: "Where Microsoft Entra ID is reached. Else AZURE_AUTHORITY_HOST, else the public cloud.")
    var authorityHost: String?

    @Flag(name: .long, help: "Don't ask Microsoft Entra ID whether it knows the authority host. This version never asks.")
    var disableInstanceDiscovery = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A tenant that a request may name besides the credential's own; * for any. Repeatable.", valueName: "tenant"))
    var additionallyAllowedTenant: [String] = []

    /// The credential that the flags and variables describe.
    func makeCredential(logging: LoggingOptions) throws -> any TokenCredential {
        let environment = EnvironmentVariables.process
        let options = CredentialOptions(
            authorityHost: try self.authorityHost.map { try AuthorityHost($0) },
            additionallyAllowedTenants: self.additionallyAllowedTenant.isEmpty
                ? nil : Set(self.additionallyAllowedTenant.map { TenantFilter.tenant($0) }),
            logging: logging,
            environment: try self.overlaid(environment)
        )
        switch self.credential {
        case .environment: return EnvironmentCredential(options: options)
        case .clientSecret:
            return ClientSecretCredential(
                tenantID: try self.need(options.environment, "AZURE_TENANT_ID", flag: "--tenant-id"),
                clientID: try self.need(options.environment, "AZURE_CLIENT_ID", flag: "--client-id"),
                clientSecret: Secret(try self.need(options.environment, "AZURE_CLIENT_SECRET", flag: "--client-secret-file")),
                options: options
            )
        }
    }

    /// The variables with what the flags say in their place.
    private func overlaid(_ environment: EnvironmentVariables) throws -> EnvironmentVariables {
        var values = environment.dictionary
        if let tenantID = self.tenantID { values["AZURE_TENANT_ID"] = tenantID }
        if let clientID = self.clientID { values["AZURE_CLIENT_ID"] = clientID }
        if let path = self.clientSecretFile { values["AZURE_CLIENT_SECRET"] = try Self.secret(inFile: path) }
        return EnvironmentVariables(values)
    }

    private func need(_ environment: EnvironmentVariables, _ variable: String, flag: String) throws -> String {
        if let value = environment[variable] { return value }
        throw AuthenticationError(
            .invalidConfiguration,
            credential: "ClientSecretCredential",
            message: "Give \(flag), or set \(variable)."
        )
    }

    private static func secret(inFile path: String) throws -> String {
        do {
            var bytes = try Host.contents(ofFile: path, limit: Self.secretFileLimit)
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblem(reason: "it is not UTF-8 text") }
            return text
        } catch let problem as FileProblem {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: "azid",
                message: "The file \(HostileText.sanitized(path, limit: 200)) can't be used: \(problem.reason)."
            )
        }
    }
}
#endif
