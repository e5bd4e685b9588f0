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

/// What a resource manager says of its cloud, at `/metadata/endpoints`.
extension AzureCloud {
    private struct Document: Decodable {
        struct Authentication: Decodable {
            let loginEndpoint: String
            let audiences: [String]?
        }

        let name: String?
        let authentication: Authentication
        let resourceManager: String?
        let microsoftGraphResourceId: String?
        let graph: String?
        let graphEndpoint: String?
    }

    /// The version of the document that is asked for.
    private static let version = "2022-09-01"

    /// Reads the document that a resource manager publishes at `/metadata/endpoints`: one cloud, or a list of them.
    ///
    /// - Parameters:
    ///   - metadata: The document, as JSON.
    ///   - name: The name of the cloud in a list; `nil`: the first one.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if it is no such document or has no such cloud.
    public init(metadata: [UInt8], named name: String? = nil) throws {
        let data = Data(metadata)
        let documents =
            (try? JSONDecoder().decode([Document].self, from: data))
            ?? (try? JSONDecoder().decode(Document.self, from: data)).map { [$0] } ?? []
        guard let document = name.map({ name in documents.first { $0.name == name } }) ?? documents.first else {
            let problem = documents.isEmpty ? "is no list of endpoints" : "has no cloud of that name"
            throw Self.invalid("The cloud's metadata document \(problem).")
        }
        try self.init(document)
    }

    private init(_ document: Document) throws {
        // Azure Stack with AD FS names its authority with the path that stands for the tenant.
        var login = document.authentication.loginEndpoint[...]
        while login.hasSuffix("/") { login = login.dropLast() }
        if login.lowercased().hasSuffix("/adfs") { login = login.dropLast("/adfs".count) }
        let host = try AuthorityHost(String(login))
        let resources =
            (document.authentication.audiences ?? []).prefix(100)
            + [document.resourceManager, document.microsoftGraphResourceId, document.graph, document.graphEndpoint].compactMap(
                \.self)
        self.init(
            name: HostileText.sanitized(document.name ?? host.name, limit: 100),
            authorityHost: host,
            resourceManager: document.resourceManager.map { HostileText.sanitized($0, limit: 300) },
            audiences: resources.filter { $0.utf8.count <= 300 }
        )
    }

    /// Asks a resource manager for its cloud, for Azure Stack Hub and clouds this library doesn't know.
    ///
    /// - Parameters:
    ///   - resourceManager: The resource manager's https URL, such as `https://management.local.azurestack.external`.
    ///   - name: The name of the cloud, where the resource manager lists several; `nil`: the first one.
    ///   - options: The network, the retries and the log.
    /// - Returns: The cloud.
    /// - Throws: ``AuthenticationError``: `.invalidConfiguration` if the URL or the document can't be used, `.authenticationFailed` if
    ///   the resource manager can't be reached or refuses. Rethrows `CancellationError`.
    public static func described(
        by resourceManager: String,
        named name: String? = nil,
        options: CredentialOptions = CredentialOptions()
    ) async throws -> AzureCloud {
        let base = resourceManager.hasSuffix("/") ? String(resourceManager.dropLast()) : resourceManager
        guard OpenIDAuthority.isPlainHTTPS(base), let url = URL(string: "\(base)/metadata/endpoints?api-version=\(Self.version)")
        else {
            throw Self.invalid(
                "\"\(HostileText.sanitized(resourceManager, limit: 100))\" is not the https URL of a resource manager.")
        }
        let host = options.host
        guard let transport = host.transport else {
            throw Self.invalid("There is no HTTP transport: the trait AsyncHTTPClient is off, so the options must hold one.")
        }
        let pipeline = HTTPPipeline(
            transport: transport,
            clock: host.clock,
            retry: options.retry,
            logging: options.logging,
            userAgent: UserAgent.value(applicationID: options.applicationID, addition: nil)
        )
        let request = TransportRequest(method: .get, url: url, headers: ["Accept": "application/json"])
        let response: TransportResponse
        do {
            response = try await pipeline.send(request, context: TokenRequestContext(scopes: []), deadline: nil).response
        } catch let error as TransportError {
            throw AuthenticationError(
                error.kind == .configuration ? .invalidConfiguration : .authenticationFailed,
                credential: "AzureCloud",
                message: error.message,
                isRetryable: error.isRetryable,
                underlyingError: error
            )
        }
        guard response.status == 200 else {
            throw AuthenticationError(
                .authenticationFailed,
                credential: "AzureCloud",
                message: "The resource manager \(base) answered with status \(response.status).",
                isRetryable: RetryOptions.default.statusCodes.contains(response.status)
            )
        }
        return try AzureCloud(metadata: response.body, named: name)
    }

    private static func invalid(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "AzureCloud", message: message)
    }
}
