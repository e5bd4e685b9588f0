// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the emulator in memory is at an address, and whether it can prove that to a client. Pure.
struct MemoryPlace: Sendable {
    private static let endpoints = EmulatorEndpoints.inMemory

    let listener: EmulatorListener
    /// The host in lower case, with the port if it is not the usual one.
    let host: String
    private let name: String

    /// Finds the place of an address.
    init(_ url: URL) throws(TransportError) {
        guard let name = url.host()?.lowercased(), !name.isEmpty else {
            throw TransportError(.refused, message: "The address has no host.")
        }
        let scheme = url.scheme?.lowercased()
        let port = url.port.flatMap { $0 == (scheme == "http" ? 80 : 443) ? nil : ":\($0)" } ?? ""
        self.name = name
        self.host = name + port
        switch (scheme, self.host) {
        case ("https", Self.authority(Self.endpoints.serviceFabric)): self.listener = .serviceFabric
        case ("https", Self.authority(Self.endpoints.identityBinding)): self.listener = .identityBinding
        case ("https", _): self.listener = .entra
        case ("http", Self.authority(Self.endpoints.plain)), ("http", EmulatorCore.metadataHost): self.listener = .plain
        case ("http", let host) where EmulatorDestination.arcHosts.contains(host): self.listener = .plain
        default: throw TransportError(.refused, message: "The emulator has nothing at this address over plain http.")
        }
    }

    /// Whether this is the real address of the metadata service.
    var isMetadataService: Bool { self.listener == .plain && self.host == EmulatorCore.metadataHost }

    /// Fails as the TLS handshake would if the server is not the one that the client wants to see.
    func check(_ proof: ServerProof?) throws(TransportError) {
        let isGood =
            switch (self.listener, proof) {
            case (.plain, nil), (.entra, nil): true
            case (.entra, .named(let serverName, nil)): (serverName?.lowercased() ?? self.name) == self.name
            case (.serviceFabric, .thumbprint(let thumbprint)): thumbprint == Self.endpoints.serviceFabricThumbprint
            case (.identityBinding, .named(let serverName, let authorities?)):
                (serverName?.lowercased() ?? self.name) == Self.endpoints.identityBindingServerName
                    && Self.hasAuthority(String(decoding: authorities, as: UTF8.self))
            default: false
            }
        guard isGood else {
            throw TransportError(.tls, message: "The server's certificate is not the one that was wanted.")
        }
    }

    /// Whether a text has the authority of identity binding.
    private static func hasAuthority(_ pem: String) -> Bool {
        let own = PEMText.blocks("CERTIFICATE", in: Self.endpoints.identityBindingCAPEM)?.first
        return own.map { PEMText.blocks("CERTIFICATE", in: pem)?.contains($0) ?? false } ?? false
    }

    /// The host and port of an address of the endpoints.
    private static func authority(_ address: String) -> String {
        String(address.split(separator: "/").dropFirst().first ?? "")
    }
}
