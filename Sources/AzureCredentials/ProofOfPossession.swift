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
/// `Authorization: PoP …`. Only `BrokerCredential` can get one; the others throw
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

extension ProofOfPossession {
    /// The longest nonce and the longest address, in UTF-8 bytes.
    package static let maximumLength = 8192
    /// The longest method; none is that long.
    private static let maximumMethodLength = 32

    /// What is wrong with it; `nil`: nothing.
    package var problem: String? {
        let isMethod =
            !self.method.isEmpty && self.method.utf8.count <= Self.maximumMethodLength
            && self.method.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "-") }
        guard isMethod else { return "the method is no HTTP method in capital letters, such as GET" }
        let isNonce =
            !self.nonce.isEmpty && self.nonce.utf8.count <= Self.maximumLength
            && self.nonce.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isNonce else { return "the nonce is empty, too long, or holds blanks or control characters" }
        let host = self.url.host() ?? ""
        guard ["https", "http"].contains(self.url.scheme?.lowercased()), !host.isEmpty,
            self.url.absoluteString.utf8.count <= Self.maximumLength
        else { return "the address isn't an absolute http or https URL with a host, or is too long" }
        return nil
    }

    /// One text for all of it, for keys: none of its parts holds a line break.
    package var identity: String { "\(self.method)\n\(self.nonce)\n\(self.url.absoluteString)" }
}

extension AuthenticationError {
    /// The error of a credential that can't bind tokens to requests.
    package static func withoutProof(_ credential: String) -> AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: credential,
            message: """
                \(credential): Proof of possession isn't to be had of this credential, only of BrokerCredential, which asks the system's broker.
                """
        )
    }

    /// The error of a token that is bound to no request although it should be, or the other way round.
    package static func wrongKind(_ credential: String) -> AuthenticationError {
        AuthenticationError(
            .authenticationFailed,
            credential: credential,
            message: """
                \(credential): The token that was got isn't used: it either lacks the proof of possession that was asked for, or has one that \
                nobody asked for.
                """
        )
    }
}
