// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// The credential that is examined, as its members.
struct DoctorSubject: Sendable {
    /// Its type name.
    let name: String
    /// Whether it asks its members in order.
    let isChain: Bool
    /// The members; the credential itself, if it is no chain.
    let members: [ChainMember]
    /// Why it can't ask anyone.
    var problem: AuthenticationError?

    init(_ chain: CredentialChain) {
        self.name = chain.policy.name
        self.isChain = true
        self.members = chain.members
        do { try chain.validate() } catch let error { self.problem = error as? AuthenticationError }
    }

    /// - Parameters:
    ///   - credential: The credential.
    ///   - name: What it is called; `nil`: by its type.
    init(_ credential: any TokenCredential, name: String?) {
        switch credential {
        case let credential as DefaultAzureCredential: self.init(credential.chain)
        case let credential as ChainedTokenCredential: self.init(credential.chain)
        case let credential as ManagedIdentityCredential:
            // Alone, it is asked at once, with the patience of the credential alone.
            self.init(.managedIdentity(credential, name: name ?? "ManagedIdentityCredential", probes: false))
        default: self.init(ChainMember(credential, name: name))
        }
    }

    /// A credential that couldn't even be made.
    init(failure: AuthenticationError, name: String) {
        var member = ChainMember(name: name) { _ in throw failure }
        member.validate = { throw failure }
        self.init(member)
    }

    private init(_ member: ChainMember) {
        self.name = member.name
        self.isChain = false
        self.members = [member]
    }

    /// The type names of the members' credentials.
    var types: Set<String> { Set(self.members.map(\.credentialType)) }

    /// Those whose credentials are of a type, by their names.
    func names(ofType type: String) -> [String] { self.members.filter { $0.credentialType == type }.map(\.name) }

    /// Whether a member with a credential of a type may be asked.
    func asks(_ type: String) -> Bool { self.members.contains { $0.credentialType == type && $0.skipped == nil } }
}
