// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

/// The variables that point a program at the emulator.
struct EmulatorVariables {
    /// Names and values, in the order in which they are shown.
    var values: [(name: String, value: String)] = []
    /// The names of variables that would point the program elsewhere.
    var unwanted: [String] = []

    /// Variables for Microsoft Entra ID, with which `azid token` can be tried out.
    static func entra(_ server: EmulatorServer, caFile: String, certificate: String?) -> EmulatorVariables {
        var variables = EmulatorVariables()
        func add(_ name: String, _ value: String) { variables.values.append((name, value)) }
        add("AZURE_AUTHORITY_HOST", server.url)
        add("SSL_CERT_FILE", caFile)
        guard let tenant = server.emulator.configuration.tenants.first, let application = tenant.applications.first else {
            return variables
        }
        add("AZURE_TENANT_ID", tenant.id)
        add("AZURE_CLIENT_ID", application.clientID)
        if let secret = application.secrets.first { add("AZURE_CLIENT_SECRET", secret.value) }
        if let certificate { add("AZURE_CLIENT_CERTIFICATE_PATH", certificate) }
        // The first vault answers at the server's own address.
        if !server.emulator.configuration.vaults.isEmpty { add("VAULT_URL", server.url) }
        return variables
    }

    /// Variables for a host, and the authority's file if the host has to do with Microsoft Entra ID too. Writes the host's files.
    static func host(_ host: EmulatedHost, _ server: EmulatorServer, caFile: String) throws -> EmulatorVariables {
        var values = try server.environment(for: host).dictionary
        if values.values.contains(where: { $0 == server.url || $0.hasPrefix(server.url + "/") }) {
            values["SSL_CERT_FILE"] = caFile
        }
        var unwanted: Set<String> = []
        for other in EmulatedHost.allCases where other != host {
            unwanted.formUnion(server.emulator.environment(for: other, endpoints: server.endpoints).dictionary.keys)
        }
        // These choose no host, and an identity may be chosen with them.
        unwanted.subtract(["AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"])
        unwanted.subtract(values.keys)
        return EmulatorVariables(
            values: values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            unwanted: unwanted.sorted()
        )
    }

    /// Lines for a shell, ready for `eval`.
    var lines: [String] {
        let unset = self.unwanted.isEmpty ? [] : ["unset " + self.unwanted.joined(separator: " ")]
        return unset + self.values.map { "export \($0.name)=\(ShellWord.quoted($0.value))" }
    }
}
#endif
