// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.URL
#else
public import struct Foundation.URL
#endif

/// The HTTP request that a token is bound to: who steals the token can send no other request with it.
///
/// Such a token is a request signed with a key that the system's broker keeps: ``AccessToken/TokenType/pop``, sent as
/// `Authorization: PoP …`. Only credentials that ask a broker can get one; the others throw
/// ``AuthenticationError/Code-swift.struct/invalidConfiguration``. It is made for one request, so it is kept nowhere.
public struct ProofOfPossession: Sendable, Hashable {
    /// What the service said in its challenge, so that no old signature is good enough.
    public var nonce: String
    /// The method of the request, such as `GET`.
    public var method: String
    /// The address of the request; its host and path are signed.
    public var url: URL

    /// Describes the request.
    ///
    /// - Parameters:
    ///   - nonce: What the service said in its challenge (`WWW-Authenticate: PoP nonce="…"`).
    ///   - method: The method of the request, such as `GET`.
    ///   - url: The address of the request: absolute, with a host.
    public init(nonce: String, method: String, url: URL) {
        self.nonce = nonce
        self.method = method
        self.url = url
    }
}
