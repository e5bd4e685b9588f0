// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What an assertion is asked for.
public struct ClientAssertionContext: Sendable {
    /// The token endpoint that the assertion has to be made out to (`aud`), unless its issuer is federated: those use
    /// `api://AzureADTokenExchange`.
    public let tokenEndpoint: String
    /// The tenant that is asked.
    public let tenantID: String
    /// The application: issuer and subject (`iss`, `sub`) of an assertion that it signs itself.
    public let clientID: String
    /// The scopes of the request.
    public let scopes: [String]
    /// The claims challenge of the request, as JSON text, if there is one.
    public let claims: String?
    /// The id that the token request carries, if the caller chose one.
    public let correlationID: UUID?
    /// The time by the service's clock, as far as its answers have told: for `nbf` and `exp` where this machine's clock may be wrong.
    public let date: Date

    /// Creates a context, to call a closure of yours in a test.
    ///
    /// - Parameters:
    ///   - tokenEndpoint: The token endpoint that the assertion has to be made out to.
    ///   - tenantID: The tenant that is asked.
    ///   - clientID: The application.
    ///   - scopes: The scopes of the request.
    ///   - claims: The claims challenge of the request, as JSON text.
    ///   - correlationID: The id that the token request carries.
    ///   - date: The time by the service's clock.
    public init(
        tokenEndpoint: String,
        tenantID: String,
        clientID: String,
        scopes: [String] = [],
        claims: String? = nil,
        correlationID: UUID? = nil,
        date: Date
    ) {
        self.tokenEndpoint = tokenEndpoint
        self.tenantID = tenantID
        self.clientID = clientID
        self.scopes = scopes
        self.claims = claims
        self.correlationID = correlationID
        self.date = date
    }

    init(_ context: GrantContext, clientID: String) {
        self.init(
            tokenEndpoint: context.endpoint.audience,
            tenantID: context.request.tenantID,
            clientID: clientID,
            scopes: context.request.context.scopes,
            claims: context.request.context.claims,
            correlationID: context.request.context.correlationID,
            date: context.date
        )
    }
}
