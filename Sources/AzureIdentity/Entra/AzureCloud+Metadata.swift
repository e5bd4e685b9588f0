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
    ///   - name: The name of the cloud in a list; `nil`: the only one.
    /// - Throws: ``AuthenticationError`` with `.invalidConfiguration` if it is no such document or has no such cloud.
    public init(metadata: [UInt8], named name: String? = nil) throws {
        let data = Data(metadata)
        try self.init(try Self.documents(data), named: name, resourceManager: nil)
    }

    /// The clouds of a document; those in a list that can't be read are left out.
    private static func documents(_ data: Data) throws -> [Document] {
        let list = (try? JSONDecoder().decode([LenientDocument].self, from: data))?.compactMap(\.document)
        let documents = list ?? (try? JSONDecoder().decode(Document.self, from: data)).map { [$0] } ?? []
        guard !documents.isEmpty else { throw Self.invalid("The cloud's metadata document is no list of endpoints.") }
        return documents
    }

    private struct LenientDocument: Decodable {
        let document: Document?

        init(from decoder: any Decoder) throws { self.document = try? Document(from: decoder) }
    }

    private init(_ documents: [Document], named name: String?, resourceManager: String?) throws {
        let chosen: Document?
        if let name {
            chosen = documents.first { $0.name == name }
        } else if documents.count == 1 {
            chosen = documents[0]
        } else {
            let host = resourceManager.flatMap { URL(string: $0)?.host()?.lowercased() }
            chosen = documents.first {
                host != nil && $0.resourceManager.flatMap { URL(string: $0)?.host()?.lowercased() } == host
            }
        }
        guard let chosen else {
            let names = documents.prefix(10).compactMap(\.name).map { HostileText.sanitized($0, limit: 60) }.joined(
                separator: ", ")
            throw Self.invalid("The cloud's metadata document lists several clouds, so one has to be named: \(names).")
        }
        try self.init(chosen)
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
    ///   - name: The name of the cloud, where the resource manager lists several; `nil`: the one whose resource manager it is.
    ///   - timeout: How long it may take in all, retries included.
    ///   - options: The network, the retries and the log.
    /// - Returns: The cloud.
    /// - Throws: ``AuthenticationError``: `.invalidConfiguration` if the URL or the document can't be used, `.authenticationFailed` if
    ///   the resource manager can't be reached or refuses. Rethrows `CancellationError`.
    public static func described(
        by resourceManager: String,
        named name: String? = nil,
        timeout: Duration = .seconds(30),
        options: CredentialOptions = CredentialOptions()
    ) async throws -> AzureCloud {
        let base = resourceManager.hasSuffix("/") ? String(resourceManager.dropLast()) : resourceManager
        guard OpenIDAuthority.isPlainHTTPS(base), let url = URL(string: "\(base)/metadata/endpoints?api-version=\(Self.version)")
        else {
            throw Self.invalid(
                "\"\(AuthorityHost.shown(resourceManager))\" is not the https URL of a resource manager.")
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
            userAgent: UserAgent.value(applicationID: options.applicationID, addition: host.environment["AZURE_HTTP_USER_AGENT"])
        )
        let request = TransportRequest(method: .get, url: url, headers: ["Accept": "application/json"])
        let deadline = host.clock.now + timeout
        let response: TransportResponse
        do {
            response = try await pipeline.send(request, context: TokenRequestContext(scopes: []), deadline: deadline).response
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
        return try AzureCloud(try Self.documents(Data(response.body)), named: name, resourceManager: base)
    }

    private static func invalid(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: "AzureCloud", message: message)
    }
}
