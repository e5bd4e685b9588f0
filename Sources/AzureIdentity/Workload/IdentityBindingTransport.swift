// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Sends token requests to the token proxy of an AKS cluster, which has to prove itself; other requests go where they go.
struct IdentityBindingTransport: NamedTransport, ServerProvingTransport {
    private let inner: any HTTPTransport
    private let binding: IdentityBinding
    private let file: AuthorityFile?
    let transportName: String

    /// - Parameters:
    ///   - inner: What sends the requests.
    ///   - innerName: A name for it that tells it from others.
    ///   - binding: The proxy.
    init(_ inner: any HTTPTransport, named innerName: String, binding: IdentityBinding) {
        self.inner = inner
        self.binding = binding
        self.file = if case .file(let path) = binding.authorities { AuthorityFile(path: path) } else { nil }
        self.transportName = "identity binding \(binding.identity) over \(innerName)"
    }

    var canProveServers: Bool { (self.inner as? any ServerProvingTransport)?.canProveServers ?? false }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        // Tokens are posted for. What else is asked, such as the machine's region, isn't the proxy's to say.
        guard request.method == .post else { return try await self.inner.send(request) }
        guard self.canProveServers else {
            throw TransportError(
                .configuration,
                message: "The transport can't hold the token proxy to its name and authorities; use AsyncHTTPClientTransport."
            )
        }
        guard let url = self.binding.address.rewritten(request.url) else {
            throw TransportError(.refused, message: "The request has no URL at the token proxy.")
        }
        var request = request
        request.url = url
        request.serverProof = .named(serverName: self.binding.serverName, authoritiesPEM: try self.authorities())
        do {
            return try await self.inner.send(request)
        } catch let error as TransportError where error.kind == .configuration {
            guard let variable = self.binding.authoritiesVariable else { throw error }
            throw TransportError(.configuration, message: "\(error.message) (\(variable))", underlyingError: error)
        }
    }

    private func authorities() throws(TransportError) -> [UInt8]? {
        switch self.binding.authorities {
        case .system: return nil
        case .data(let bytes): return bytes
        case .file(let path):
            do {
                return try self.file?.contents()
            } catch let problem {
                throw TransportError(
                    .configuration,
                    message: "The file of AZURE_KUBERNETES_CA_FILE, \"\(path)\", can't be used: \(problem.reason)."
                )
            }
        }
    }
}

extension IdentityBinding {
    /// The variable that the authorities come from, if one says.
    fileprivate var authoritiesVariable: String? {
        switch self.authorities {
        case .system: nil
        case .data: "AZURE_KUBERNETES_CA_DATA"
        case .file: "AZURE_KUBERNETES_CA_FILE"
        }
    }

    /// The options with a transport that sends token requests to the proxy.
    func applied(to options: CredentialOptions) -> CredentialOptions {
        var options = options
        let override = options.hostOverride
        options.hostOverride = { host in
            var host = override?(host) ?? host
            host.transport = host.transport.map {
                IdentityBindingTransport($0, named: TransportIdentity.name(of: $0), binding: self)
            }
            return host
        }
        return options
    }
}
