// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The forms in which `azid token` prints a token.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case json, value, header, kubectl

    private struct TokenReport: Encodable {
        let accessToken: String
        let tokenType: String
        let expiresOn: String
        let expires_on: Int
        let refreshOn: String?
        let scopes: [String]
        let tenantId: String?
        let credential: String?
        let source: String
    }

    private struct ExecCredential: Encodable {
        struct Status: Encodable {
            let expirationTimestamp: String
            let token: String
        }
        let apiVersion = "client.authentication.k8s.io/v1"
        let kind = "ExecCredential"
        let status: Status
    }

    /// The token in this form, on one line.
    func rendered(_ token: AccessToken, scopes: [String]) throws -> String {
        switch self {
        case .value: return token.token
        case .header: return "Authorization: \(token.type.rawValue) \(token.token)"
        case .kubectl:
            let status = ExecCredential.Status(expirationTimestamp: token.expiresOn.ISO8601Format(), token: token.token)
            return try Self.encoded(ExecCredential(status: status))
        case .json:
            return try Self.encoded(
                TokenReport(
                    accessToken: token.token,
                    tokenType: token.type.rawValue,
                    expiresOn: token.expiresOn.ISO8601Format(),
                    expires_on: Int(token.expiresOn.timeIntervalSince1970),
                    refreshOn: token.refreshOn?.ISO8601Format(),
                    scopes: scopes,
                    tenantId: token.provenance?.tenantID,
                    credential: token.provenance?.credential,
                    source: token.source.description
                )
            )
        }
    }

    /// JSON on one line, with slashes as they are.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// The form in which errors are printed with `--output json`.
struct ErrorReport: Encodable {
    let error: AuthenticationError

    static func json(_ error: AuthenticationError) -> String {
        (try? OutputFormat.encoded(ErrorReport(error: error))) ?? error.description
    }
}
#endif
