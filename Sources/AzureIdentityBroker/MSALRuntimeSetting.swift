// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the library is told about a request, besides the application and the authority. Pure.
enum MSALRuntimeSetting: Sendable, Hashable {
    /// Separated by blanks.
    case scopes(String)
    case redirect(String)
    /// JSON text.
    case claims(String)
    case tokenToRenew(Secret)
    case proof(method: String, host: String, path: String, nonce: String)
    case additional(name: String, value: String)

    /// The settings of a request, in the order that they are made in.
    ///
    /// - Throws: `BrokerFailure` if the request that the token is to be bound to has no host.
    static func settings(for request: BrokerRequest, isInteractive: Bool) throws(BrokerFailure) -> [MSALRuntimeSetting] {
        var settings: [MSALRuntimeSetting] = [
            .scopes(request.scopes.joined(separator: " ")),
            .redirect(request.redirectURL),
        ]
        if let claims = request.claims { settings.append(.claims(claims)) }
        if let token = request.tokenToRenew { settings.append(.tokenToRenew(token)) }
        if let proof = request.proofOfPossession { settings.append(try Self.proof(proof)) }
        if request.isMSAPassthroughEnabled {
            settings.append(.additional(name: "msal_request_type", value: "consumer_passthrough"))
        }
        if !request.validatesAuthority { settings.append(.additional(name: "validateAuthority", value: "no")) }
        // Without a window of the program's, the library's own has a thread of its own.
        if isInteractive, request.window.handle == nil { settings.append(.additional(name: "msal_gui_thread", value: "true")) }
        return settings
    }

    private static func proof(_ proof: ProofOfPossession) throws(BrokerFailure) -> MSALRuntimeSetting {
        guard let host = proof.hostAndPort else {
            throw BrokerFailure(.configuration, context: "the address that a token is to be bound to has no host")
        }
        return .proof(
            method: proof.method,
            host: host,
            path: proof.url.path(percentEncoded: true),
            nonce: proof.nonce
        )
    }
}

extension MSALRuntimeFunctions {
    /// The handle of a request.
    func parameters(for request: BrokerRequest, isInteractive: Bool) throws(BrokerFailure) -> MSALRuntimeHandle {
        let settings = try MSALRuntimeSetting.settings(for: request, isInteractive: isInteractive)
        let clientID = try OSText.characters(request.clientID)
        let authority = try OSText.characters(request.authority)
        let create = self.parameters.create
        let handle = try self.handle(release: self.parameters.release) { place throws(BrokerFailure) in
            create(clientID, authority, place)
        }
        guard let handle else { throw BrokerFailure(.protocolError, context: "the broker library gave no handle for a request") }
        try handle.use { address throws(BrokerFailure) in
            for setting in settings { try self.check(try self.apply(setting, to: address)) }
        }
        return handle
    }

    private func apply(_ setting: MSALRuntimeSetting, to address: Address) throws(BrokerFailure) -> Address? {
        switch setting {
        case .scopes(let scopes): self.parameters.setScopes(address, try OSText.characters(scopes))
        case .redirect(let url): self.parameters.setRedirect(address, try OSText.characters(url))
        case .claims(let claims): self.parameters.setClaims(address, try OSText.characters(claims))
        case .tokenToRenew(let token): self.parameters.setTokenToRenew(address, try OSText.characters(token.revealed))
        case .proof(let method, let host, let path, let nonce):
            self.parameters.setProof(
                address,
                try OSText.characters(method),
                try OSText.characters(host),
                try OSText.characters(path),
                try OSText.characters(nonce)
            )
        case .additional(let name, let value):
            self.parameters.setAdditional(address, try OSText.characters(name), try OSText.characters(value))
        }
    }
}
