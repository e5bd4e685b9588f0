// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// Tokens in a cache that outlives the process: encrypted or not at all, and for this run of this machine alone, since a home directory or a
/// store may be shared by machines whose identities differ.
extension ManagedIdentityEngine {
    /// - Throws: `AuthenticationError` with `.invalidConfiguration` if the cache doesn't outlive the process, or is required and can't be
    ///   used here.
    static func keeper(
        _ source: HostSelection.Source,
        identity: ManagedIdentityID,
        credential: String,
        options: CredentialOptions,
        host: Host
    ) throws -> TokenKeeper? {
        let vault = options.tokenCache.vault
        func problem(_ text: String) -> AuthenticationError {
            AuthenticationError(.invalidConfiguration, credential: credential, message: "\(credential): \(text)")
        }
        guard vault.isPersistent else {
            throw problem(
                "persistsTokens needs a token cache that outlives the process: TokenCache.persistent or TokenCache.custom.")
        }
        let account = host.runID().map { [credential, $0, "\(identity.kind)"] + source.parts }
        guard !source.isShared, let account, let proof = StableDigest.text(account) else {
            let text = "Tokens of managed identities can't be told from another machine's here, so they are not kept."
            if vault.isRequired { throw problem(text) }
            (options.logging.logger ?? .current).notice("\(text)", metadata: ["azure.credential": "\(credential)"])
            return nil
        }
        let owner = TokenKeeper.Owner(
            environments: [credential.lowercased()], clientID: credential, subject: .application(proof: proof))
        return TokenKeeper(
            vault: vault,
            part: {
                VaultPart(subject: .other("\(credential) \(proof)"), isCAEEnabled: $0.context.isCAEEnabled, needsEncryption: true)
            },
            owner: { _ in owner },
            clock: host.clock,
            credential: credential,
            logger: options.logging.logger
        )
    }
}

extension HostSelection.Source {
    /// Whether several identities may be behind it that nothing tells apart: pods whose identities something on the node assigns.
    fileprivate var isShared: Bool {
        if case .metadata(host: _, isPod: true) = self { true } else { false }
    }
}
