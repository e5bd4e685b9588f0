// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The engine of a credential whose configuration may be missing as a whole: then it is that error, and nothing else.
struct FederatedEngine: Sendable {
    private enum State: Sendable {
        case ready(EntraEngine)
        case failed(AuthenticationError)
    }

    private let credential: String
    private let clock: any MachineClock
    private let state: State

    /// - Parameters:
    ///   - credential: The type name of the credential.
    ///   - host: The machine.
    ///   - make: Makes the engine, or throws what is missing.
    init(credential: String, host: Host, make: () throws -> EntraEngine) {
        self.credential = credential
        self.clock = host.clock
        do {
            self.state = .ready(try make())
        } catch var error as AuthenticationError {
            error.credential = credential
            self.state = .failed(error)
        } catch {
            self.state = .failed(
                AuthenticationError(.invalidConfiguration, credential: credential, message: "The configuration is not valid.")
            )
        }
    }

    /// A kept token for the request, if there is one that would do.
    func keptToken(for context: TokenRequestContext) throws -> AccessToken? {
        guard case .ready(let engine) = self.state else { return nil }
        return try engine.keptToken(for: context)
    }

    /// A token for the request.
    func token(for context: TokenRequestContext) async throws -> AccessToken {
        switch self.state {
        case .ready(let engine):
            if let token = try engine.keptToken(for: context) { return token }
            return try await engine.token(for: context)
        case .failed(let error):
            try Task.checkCancellation()
            try context.validate(for: self.credential)
            throw error
        }
    }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws {
        switch self.state {
        case .ready(let engine): try engine.validate()
        case .failed(let error): throw error
        }
    }

    /// Drops the credential's tokens.
    func removeCachedTokens() {
        if case .ready(let engine) = self.state { engine.removeCachedTokens() }
    }

    /// What happens to the credential's tokens.
    var events: TokenEvents {
        guard case .ready(let engine) = self.state else { return TokenEvents(nil) }
        return engine.events
    }

    /// Waits until there is a token, as long as the errors are of the kind that passes.
    ///
    /// - Parameters:
    ///   - context: The request.
    ///   - timeout: How long to wait.
    ///   - neverCodes: AADSTS codes that don't pass here.
    ///   - onProgress: Told of each attempt that failed.
    func waitUntilReady(
        for context: TokenRequestContext,
        timeout: Duration,
        neverCodes: Set<Int> = [],
        onProgress: (@Sendable (ReadinessProgress) -> Void)?
    ) async throws {
        try await Readiness.wait(
            for: context,
            timeout: timeout,
            clock: self.clock,
            neverCodes: neverCodes,
            onProgress: onProgress,
            token: { try await self.token(for: $0) }
        )
    }
}
