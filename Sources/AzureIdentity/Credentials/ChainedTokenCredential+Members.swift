// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension ChainMember {
    /// A credential as a member: what it can do besides giving tokens, a chain makes use of.
    ///
    /// - Parameters:
    ///   - credential: The credential.
    ///   - name: What plans and errors call it; `nil`: its own name, else its type's.
    init(_ credential: any TokenCredential, name: String? = nil) {
        self.init(name: name ?? Self.name(of: credential)) { context in try await credential.token(for: context) }
        if let credential = credential as? any KeepingTokenCredential {
            self.keptToken = { try credential.keptToken(for: $0) }
            self.removeCachedTokens = { credential.removeCachedTokens() }
        }
        self.eventSource = credential as? any TokenEventSource
        self.credentialType = "\(type(of: credential))"
        self.asksPeople = Self.asksPeople(credential)
        switch credential {
        case let credential as any BrokeredTokenCredential:
            self = ChainMember(credential.engine, name: self.name)
        case let credential as ManagedIdentityCredential: self = Self.managedIdentity(credential, name: self.name)
        case let credential as EnvironmentCredential: self.validate = { try credential.validate() }
        case let credential as VisualStudioCodeCredential:
            self.validate = { try credential.validate() }
            self.look = { credential.locate() }
            self.absence = { await credential.absence(within: $0) }
        case let credential as any DeveloperToolCredential:
            self.validate = { try credential.validate() }
            self.look = { credential.locate() }
        case let credential as any EntraCredential: self.validate = { try credential.validate() }
        case let credential as DefaultAzureCredential: self.validate = { try credential.validate() }
        case let credential as ChainedTokenCredential: self.validate = { try credential.validate() }
        default: break
        }
    }

    /// A managed identity, which is asked whether it is there first.
    ///
    /// - Parameter probes: Whether it is; if not, it is asked as patiently as without a chain.
    static func managedIdentity(_ credential: ManagedIdentityCredential, name: String, probes: Bool = true) -> ChainMember {
        var member = ChainMember(name: name) { context in
            probes ? try await credential.tokenInChain(for: context) : try await credential.token(for: context)
        }
        member.keptToken = { try credential.keptToken(for: $0) }
        member.validate = { try credential.validate() }
        member.absence = { await credential.absence(within: $0) }
        member.removeCachedTokens = { credential.removeCachedTokens() }
        member.eventSource = credential
        member.credentialType = "\(type(of: credential))"
        return member
    }

    /// A broker's engine as a member.
    ///
    /// - Parameters:
    ///   - engine: The engine.
    ///   - name: What plans and errors call it; `nil`: by the engine's credential.
    init(_ engine: BrokerEngine, name: String? = nil) {
        self.init(name: name ?? engine.credential) { context in try await engine.token(for: context) }
        self.keptToken = { try engine.keptToken(for: $0) }
        self.validate = { try engine.validate() }
        self.absence = { await engine.absence(within: $0) }
        self.removeCachedTokens = { engine.removeCachedTokens() }
        self.eventSource = engine
        self.credentialType = engine.credential
        self.asksPeople = !engine.isSilent
    }

    /// Whether a request for a token may ask a person, or uses something up. By the type: names are the caller's to choose.
    private static func asksPeople(_ credential: any TokenCredential) -> Bool {
        switch credential {
        case is InteractiveBrowserCredential, is DeviceCodeCredential, is AuthorizationCodeCredential: true
        case let credential as DefaultAzureCredential: credential.chain.members.contains { $0.asksPeople }
        case let credential as ChainedTokenCredential: credential.chain.members.contains { $0.asksPeople }
        default: false
        }
    }

    private static func name(of credential: any TokenCredential) -> String {
        switch credential {
        case let credential as ClosureTokenCredential: credential.name
        case let credential as CachingTokenCredential: credential.name
        case let credential as ChainedTokenCredential: credential.name
        default: "\(type(of: credential))"
        }
    }
}
