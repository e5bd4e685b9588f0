// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.UUID
#else
public import struct Foundation.UUID
#endif

/// What a token is asked for: the scopes, and what distinguishes one request from another.
public struct TokenRequestContext: Sendable, Hashable {
    /// The scopes the token must be good for. For app tokens exactly one, ending in `/.default`.
    public var scopes: [String]

    /// A claims challenge from a service, as decoded JSON text; skips the kept token, and the answer replaces it.
    public var claims: String?

    /// The tenant to get the token from, instead of the credential's own. Must be allowed by the credential's options.
    public var tenantID: String?

    /// Whether the caller can handle claims challenges of continuous access evaluation (CAE).
    ///
    /// Tokens asked for with and without CAE are kept apart.
    public var isCAEEnabled: Bool

    /// The HTTP request that the token is to be bound to. `nil`: a bearer token.
    ///
    /// For credentials that ask the system's broker; the others throw ``AuthenticationError/Code-swift.struct/invalidConfiguration``.
    public var proofOfPossession: ProofOfPossession?

    /// The least remaining lifetime a kept token may have to be returned. `nil`: any token that has not expired.
    ///
    /// A token fresh from the network is returned whatever its lifetime is.
    public var minimumRemainingLifetime: Duration?

    /// Sent to Microsoft Entra ID as `client-request-id`, so that its logs can be matched with yours. `nil`: a random one.
    public var correlationID: UUID?

    /// How long this caller waits at most. `nil`: until the request ends, which has limits of its own.
    ///
    /// The caller alone times out, with ``AuthenticationError/Code-swift.struct/timedOut``; a request shared with others goes on.
    public var timeout: Duration?

    /// Whether bodies and unredacted headers of this operation's HTTP exchanges are logged, at debug level.
    ///
    /// > Warning: The log then holds secrets and tokens.
    public var isContentLoggingEnabled: Bool

    /// Creates a context.
    ///
    /// - Parameters:
    ///   - scopes: The scopes the token must be good for. At least one.
    ///   - claims: A claims challenge as decoded JSON text.
    ///   - tenantID: The tenant to get the token from, instead of the credential's own.
    ///   - isCAEEnabled: Whether the caller can handle claims challenges.
    ///   - minimumRemainingLifetime: The least remaining lifetime a kept token may have.
    ///   - correlationID: Sent to Microsoft Entra ID as `client-request-id`.
    ///   - timeout: How long this caller waits at most.
    ///   - isContentLoggingEnabled: Whether bodies and unredacted headers are logged.
    ///   - proofOfPossession: The HTTP request that the token is to be bound to.
    public init(
        scopes: [String],
        claims: String? = nil,
        tenantID: String? = nil,
        isCAEEnabled: Bool = false,
        minimumRemainingLifetime: Duration? = nil,
        correlationID: UUID? = nil,
        timeout: Duration? = nil,
        isContentLoggingEnabled: Bool = false,
        proofOfPossession: ProofOfPossession? = nil
    ) {
        self.scopes = scopes
        self.claims = claims
        self.tenantID = tenantID
        self.isCAEEnabled = isCAEEnabled
        self.minimumRemainingLifetime = minimumRemainingLifetime
        self.correlationID = correlationID
        self.timeout = timeout
        self.isContentLoggingEnabled = isContentLoggingEnabled
        self.proofOfPossession = proofOfPossession
    }
}

extension TokenRequestContext {
    /// The most scopes a request may name.
    package static let maximumScopeCount = 100
    /// The longest scope, in UTF-8 bytes.
    package static let maximumScopeLength = 2048
    /// The longest claims challenge, in UTF-8 bytes.
    package static let maximumClaimsLength = 32_768

    /// Checks what every credential must refuse: no scope, a blank one, or one that can't be sent; claims that are too long; a proof of
    /// possession for what is no request.
    ///
    /// A scope is one or more printable ASCII characters except space, `"` and `\` (RFC 6749, section 3.3).
    ///
    /// - Parameter credential: The name of the credential, for the error.
    /// - Throws: ``AuthenticationError`` with the code ``AuthenticationError/Code-swift.struct/invalidConfiguration``.
    public func validate(for credential: String) throws {
        func refuse(_ message: String) -> AuthenticationError {
            AuthenticationError(.invalidConfiguration, credential: credential, message: message)
        }
        guard !self.scopes.isEmpty else { throw refuse("A token request needs at least one scope.") }
        guard self.scopes.count <= Self.maximumScopeCount else {
            throw refuse("A token request takes at most \(Self.maximumScopeCount) scopes, not \(self.scopes.count).")
        }
        for scope in self.scopes where !Self.isValidScope(scope) {
            throw refuse(
                """
                The scope "\(HostileText.sanitized(scope, limit: 100))" is not valid: a scope is one word of printable ASCII \
                characters, such as https://vault.azure.net/.default.
                """
            )
        }
        guard (self.claims?.utf8.count ?? 0) <= Self.maximumClaimsLength else {
            throw refuse("The claims challenge is longer than \(Self.maximumClaimsLength) bytes.")
        }
        if let problem = self.proofOfPossession?.problem { throw refuse("The proof of possession can't be made: \(problem).") }
    }

    private static func isValidScope(_ scope: String) -> Bool {
        var length = 0
        for byte in scope.utf8 {
            length += 1
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return false }
            guard length <= Self.maximumScopeLength else { return false }
        }
        return length > 0
    }
}
