// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// The identity binding of an AKS cluster, as its variables say: tokens are asked for at a proxy of the cluster. Pure.
struct IdentityBinding: Sendable, Hashable {
    /// Whom the proxy's certificate must be from.
    enum Authorities: Sendable, Hashable {
        /// An authority that the transport trusts anyway.
        case system
        /// One of these alone, in PEM.
        case data([UInt8])
        /// One of a PEM file's alone, which may be replaced.
        case file(String)
    }

    let address: TokenProxyAddress
    /// What the proxy's certificate must be for; `nil`: its host.
    let serverName: String?
    let authorities: Authorities

    /// - Parameters:
    ///   - environment: The variables.
    ///   - credential: The type name of the credential.
    /// - Returns: `nil` if none of the variables is set.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if they don't go together.
    init?(environment: EnvironmentVariables, credential: String) throws {
        func invalid(_ problem: String) -> AuthenticationError {
            AuthenticationError(.invalidConfiguration, credential: credential, message: "\(credential): \(problem)")
        }
        let serverName = environment["AZURE_KUBERNETES_SNI_NAME"]
        let file = environment["AZURE_KUBERNETES_CA_FILE"]
        let data = environment["AZURE_KUBERNETES_CA_DATA"]
        guard let text = environment[TokenProxyAddress.variable] else {
            guard serverName == nil, file == nil, data == nil else {
                throw invalid(
                    "AZURE_KUBERNETES_TOKEN_PROXY is not set but other custom endpoint-related environment variables are present."
                )
            }
            return nil
        }
        guard file == nil || data == nil else {
            throw invalid("Both AZURE_KUBERNETES_CA_FILE and AZURE_KUBERNETES_CA_DATA are set. Only one should be set.")
        }
        if let serverName, !Self.isName(serverName) {
            throw invalid(
                "AZURE_KUBERNETES_SNI_NAME, \"\(HostileText.sanitized(serverName, limit: 100))\", is no name of a server.")
        }
        self.address = try TokenProxyAddress(text, credential: credential)
        self.serverName = serverName
        if let file {
            self.authorities = .file(file)
        } else if let data {
            guard AuthorityFile.isWhole(Array(data.utf8)) else {
                throw invalid("AZURE_KUBERNETES_CA_DATA holds no certificate in PEM.")
            }
            self.authorities = .data(Array(data.utf8))
        } else {
            self.authorities = .system
        }
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 253 && !text.hasPrefix(".")
            && text.utf8.allSatisfy {
                TenantID.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
            }
            // No address: names end in a label that isn't a number.
            && !(text.split(separator: ".").last ?? "").utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// What tells two bindings apart.
    var identity: [String] {
        let authorities =
            switch self.authorities {
            case .system: ["system"]
            case .data(let bytes): ["data", String(decoding: bytes, as: UTF8.self)]
            case .file(let path): ["file", path]
            }
        return [self.address.identity, self.serverName ?? ""] + authorities
    }
}
