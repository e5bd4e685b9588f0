// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Something that has happened to the tokens of a credential; see ``TokenEventSource/events``. Never holds a token.
public struct TokenEvent: Sendable {
    /// What has happened.
    public enum Kind: Sendable {
        /// Another token has taken the place of one that was got before: early, behind the callers' backs; after that one had expired; or in
        /// answer to a claims challenge. The first token is no renewal, and neither is the same token again.
        case renewed(expiresOn: Date)
        /// A token that was to take the place of an older one couldn't be got. While the old one is valid, callers get it and see nothing of
        /// this; afterwards it is what they get.
        case renewalFailed(AuthenticationError)
        /// The new token is another tenant's, user's, service principal's or managed identity's than the one before for the same request, by
        /// what the two say of themselves. Comes before the ``renewed(expiresOn:)`` of the same token.
        case identityChanged(from: AccessToken.Provenance, to: AccessToken.Provenance)
    }

    /// What has happened.
    public let kind: Kind
    /// The type name of the credential whose request it was, such as `ClientSecretCredential`; of a chain, the member's.
    public let credential: String
    /// The tenant that was asked for the token; `nil` where the credential names none, as a managed identity.
    public let tenantID: String?
    /// The scopes of the token, sorted.
    public let scopes: [String]
}

extension TokenEvent: CustomStringConvertible {
    /// One line: the credential, what has happened, and to whose token. Names no person, but where the message of an error does.
    public var description: String {
        let place = "\(self.credential), \(self.scopes.joined(separator: " "))\(self.tenantID.map { ", tenant \($0)" } ?? "")"
        return switch self.kind {
        case .renewed(let expiresOn): "Renewed until \(expiresOn.ISO8601Format()) (\(place))"
        case .renewalFailed(let error): "Renewal failed (\(place)): \(error.summary)"
        case .identityChanged(let former, let new): "Identity changed (\(place)) from \(former) to \(new)"
        }
    }
}

/// A credential that tells what happens to its tokens: all of this library's do.
///
/// ```swift
/// if let source = credential as? any TokenEventSource {
///     Task { for await event in source.events { print(event) } }
/// }
/// ```
public protocol TokenEventSource: TokenCredential {
    /// What happens to the credential's tokens from now on; see ``TokenEvents``.
    var events: TokenEvents { get }
}
