// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
public import AzureIdentity

/// An ``EntraEmulator`` on sockets, for clients that need real ones: Microsoft Entra ID over TLS, and the token endpoints of
/// emulated hosts.
///
/// ```swift
/// let server = try await EmulatorServer.start(EntraEmulator())
/// print(server.url)  // https://localhost:41234
/// try await server.stop()
/// ```
///
/// ``environment(for:)`` has the variables with which a program finds a host's endpoint.
///
/// Its certificate comes from an authority made for the occasion: clients have to trust ``certificateAuthorityPEM``.
/// Faults happen on the connection: a reset is a reset, garbage is garbage. Waits of faults take real time, whatever the
/// emulator's clock.
///
/// Needs the trait `Tools`.
public final class EmulatorServer: Sendable {
    /// The emulator that is served.
    public let emulator: EntraEmulator
    /// The port.
    public let port: Int
    /// The address of the server, to use as an authority host.
    public let url: String
    /// The certificate of the authority that clients have to trust, in PEM.
    public let certificateAuthorityPEM: String

    /// Where the emulated hosts are, for ``EntraEmulator/environment(for:endpoints:)``. The folder is made by ``environment(for:)``.
    public let endpoints: EmulatorEndpoints

    private let sockets: ServerSockets
    private let folder: ServerFolder

    /// The ports of what the emulated hosts have besides Microsoft Entra ID. 0 stands for any free one.
    public struct HostPorts: Sendable, Hashable {
        /// The metadata service and the other token endpoints over plain http.
        public var plain: Int
        /// The token service of Service Fabric, over TLS with a certificate of its own.
        public var serviceFabric: Int
        /// The token proxy of AKS identity bindings, over TLS with an authority of its own.
        public var identityBinding: Int

        /// Creates the ports, by default any free ones.
        ///
        /// - Parameters:
        ///   - plain: The metadata service and the other token endpoints over plain http.
        ///   - serviceFabric: The token service of Service Fabric.
        ///   - identityBinding: The token proxy of AKS identity bindings.
        public init(plain: Int = 0, serviceFabric: Int = 0, identityBinding: Int = 0) {
            self.plain = plain
            self.serviceFabric = serviceFabric
            self.identityBinding = identityBinding
        }
    }

    private init(
        emulator: EntraEmulator,
        port: Int,
        endpoints: EmulatorEndpoints,
        authority: EmulatorCertificateAuthority,
        sockets: ServerSockets,
        folder: ServerFolder
    ) {
        self.emulator = emulator
        self.port = port
        self.url = endpoints.entra
        self.certificateAuthorityPEM = authority.certificatePEM
        self.endpoints = endpoints
        self.sockets = sockets
        self.folder = folder
    }

    deinit {
        self.sockets.abandon()
        self.folder.remove()
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - emulator: The emulator to serve. It may be served several times, and be used in memory as well.
    ///   - host: The address to listen at; the loopback by default. Whoever reaches it gets tokens, worthless as they are.
    ///   - port: The port. 0: any free one.
    ///   - certificateAuthority: The authority that vouches for the server. `nil`: a new one.
    ///   - hostPorts: The ports of the emulated hosts' other endpoints, at the same address.
    ///   - isServiceFabricCertificateExpired: Whether the certificate of Service Fabric's token service expired a month ago.
    /// - Returns: The server, ready. It runs until ``stop()``, or until it is released.
    /// - Throws: An error of SwiftNIO if the address can't be bound.
    public static func start(
        _ emulator: EntraEmulator,
        host: String = "127.0.0.1",
        port: Int = 0,
        certificateAuthority: EmulatorCertificateAuthority? = nil,
        hostPorts: HostPorts = HostPorts(),
        isServiceFabricCertificateExpired: Bool = false
    ) async throws -> EmulatorServer {
        let authority = try certificateAuthority ?? EmulatorCertificateAuthority()
        let fabric = try ServiceFabricCertificate(isExpired: isServiceFabricCertificateExpired)
        let binding = try EmulatorCertificateAuthority()
        _ = try emulator.engine.signer.keyID()  // Makes the key now, rather than on an event loop.
        let folder = ServerFolder()
        let sockets = ServerSockets(engine: emulator.engine, host: host)
        do {
            let entra = try await sockets.listen(.entra, port: port, tls: try authority.serverConfiguration(host: host))
            let address = Self.address(host)
            var endpoints = EmulatorEndpoints.inMemory
            let plain = try await sockets.listen(.plain, port: hostPorts.plain, tls: nil)
            let fabricPort = try await sockets.listen(
                .serviceFabric, port: hostPorts.serviceFabric, tls: try fabric.configuration())
            let bindingPort = try await sockets.listen(
                .identityBinding,
                port: hostPorts.identityBinding,
                tls: try binding.serverConfiguration(onlyFor: endpoints.identityBindingServerName)
            )
            endpoints.entra = "https://\(Self.name(host)):\(entra)"
            endpoints.plain = "http://\(address):\(plain)"
            endpoints.serviceFabric = "https://\(address):\(fabricPort)"
            endpoints.serviceFabricThumbprint = fabric.thumbprint
            endpoints.identityBinding = "https://\(address):\(bindingPort)/binding"
            endpoints.identityBindingCAPEM = binding.certificatePEM
            endpoints.folder = folder.path
            return EmulatorServer(
                emulator: emulator,
                port: entra,
                endpoints: endpoints,
                authority: authority,
                sockets: sockets,
                folder: folder
            )
        } catch let error {
            try? await sockets.stop()
            throw error
        }
    }

    /// The name by which clients reach the TLS port, as its certificate has it.
    private static func name(_ host: String) -> String {
        ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"].contains(host) ? "localhost" : Self.bracketed(host)
    }

    /// The address by which clients reach the other ports.
    private static func address(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: Self.bracketed(host)
        }
    }

    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// The variables of a program that runs on an emulated host. Files that they name are written anew, to a folder that this
    /// user alone can read.
    ///
    /// The Entra part is trusted by whoever trusts ``certificateAuthorityPEM``; how to tell a program that is up to you.
    ///
    /// - Parameter host: The host.
    /// - Returns: The variables.
    /// - Throws: An error of the file system, or of the emulator's signing key.
    public func environment(for host: EmulatedHost) throws -> EnvironmentVariables {
        let variables = self.emulator.environment(for: host, endpoints: self.endpoints)
        if let path = variables["AZURE_FEDERATED_TOKEN_FILE"] {
            try self.folder.write(try self.serviceAccountToken(for: host), to: path)
        }
        if let path = variables["AZURE_KUBERNETES_CA_FILE"] {
            try self.folder.write(self.endpoints.identityBindingCAPEM, to: path)
        }
        return variables
    }

    /// A token for the audience that the cluster asks for on the pod's behalf.
    private func serviceAccountToken(for host: EmulatedHost) throws -> String {
        try host == .identityBinding
            ? self.emulator.serviceAccountToken(audience: "api://AKSIdentityBinding") : self.emulator.serviceAccountToken()
    }

    /// Stops listening, closes all connections and removes the files. Does nothing the second time.
    ///
    /// - Throws: An error of SwiftNIO if a socket can't be closed.
    public func stop() async throws {
        self.folder.remove()
        try await self.sockets.stop()
    }
}

/// Serves an emulator while a closure runs.
///
/// Needs the trait `Tools`.
///
/// - Parameters:
///   - emulator: The emulator to serve.
///   - body: What to do with the server. When it ends, in whatever way, the server is stopped.
/// - Returns: What the closure returns.
/// - Throws: What the closure throws, or an error of SwiftNIO.
public func withEmulatorServer<Result>(
    _ emulator: EntraEmulator,
    body: (EmulatorServer) async throws -> Result
) async throws -> Result {
    let server = try await EmulatorServer.start(emulator)
    let result: Result
    do {
        result = try await body(server)
    } catch {
        try? await server.stop()
        throw error
    }
    try await server.stop()
    return result
}
#endif
