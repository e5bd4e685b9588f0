// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A host that gives tokens of its managed identities. Each says in its file what it sends.
protocol ManagedIdentitySource: Sendable {
    /// A token for a resource, over the network.
    ///
    /// - Throws: `AuthenticationError`, or `CancellationError`.
    func token(for resource: String, request: AcquisitionRequest) async throws -> AcquiredToken
}

/// What the resource of a scope is, for the interfaces of managed identities, which know no scopes. Pure.
enum ResourceScope {
    /// The resource: the scope without one `/.default` at its end.
    ///
    /// - Throws: `AuthenticationError` unless there is exactly one scope.
    static func resource(of scopes: [String], credential: String) throws -> String {
        guard scopes.count == 1, let scope = scopes.first else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: "This credential requires exactly one scope per token request."
            )
        }
        let suffix = "/.default"
        return scope.hasSuffix(suffix) && scope.utf8.count > suffix.utf8.count ? String(scope.dropLast(suffix.count)) : scope
    }
}

/// The address that a host's variable gives, and the requests that are made of it. Pure.
struct SourceEndpoint: Sendable, Hashable {
    private let text: String
    private let url: URL

    /// - Throws: `AuthenticationError` with `.invalidConfiguration`, which doesn't repeat the value.
    init(_ text: String, variable: String, credential: String) throws {
        let trimmed = HostileText.trimmed(text)
        guard trimmed.utf8.count <= 2048, trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !trimmed.contains("#"),
            let url = URL(string: trimmed, encodingInvalidCharacters: false), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.user() == nil, url.password() == nil,
            AuthorityHost.isValid(port: url.port, in: String(trimmed.prefix { $0 != "?" }))
        else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: credential,
                message: """
                    \(variable) is not the URL of a managed identity endpoint: http or https, with a host, without a user and without \
                    a fragment; a port is from 1 to 65535.
                    """
            )
        }
        self.text = trimmed
        self.url = url
    }

    /// The token endpoint of a metadata service.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    init(metadataHost: String, credential: String) throws {
        let variable = "AZURE_POD_IDENTITY_AUTHORITY_HOST"
        guard !metadataHost.contains("?") else {
            throw AuthenticationError(
                .invalidConfiguration, credential: credential, message: "\(variable) is a URL with a query, which can't be.")
        }
        try self.init(metadataHost + "/metadata/identity/oauth2/token", variable: variable, credential: credential)
    }

    /// Whether the connection is encrypted.
    var isSecure: Bool { self.url.scheme?.lowercased() == "https" }

    /// The address itself.
    var address: URL { self.url }

    /// The address with parameters; those it has stay.
    func url(_ parameters: [(name: String, value: String)]) -> URL {
        let query = String(decoding: FormEncoding.body(parameters), as: UTF8.self)
        let separator = !self.text.contains("?") ? "?" : self.text.hasSuffix("?") || self.text.hasSuffix("&") ? "" : "&"
        return URL(string: self.text + separator + query) ?? self.url
    }
}
