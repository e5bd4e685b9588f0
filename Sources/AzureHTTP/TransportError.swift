// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Why an exchange came to no response.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More may be added.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind; a bounded set, fit for a metric's label.
        public let description: String

        /// No connection: name resolution, routing, a refused or reset connection.
        public static let connection = Kind(description: "connection")
        /// The server's certificate or the TLS handshake was refused.
        public static let tls = Kind(description: "tls")
        /// The whole exchange took longer than it may.
        public static let timeout = Kind(description: "timeout")
        /// The response was larger than it may be.
        public static let tooLarge = Kind(description: "tooLarge")
        /// What came back is not HTTP, or ended early.
        public static let invalidResponse = Kind(description: "invalidResponse")
        /// What the transport was set up with can't be used, such as a file of trusted authorities that isn't there.
        public static let configuration = Kind(description: "configuration")
        /// The request may not be sent, such as one over plain http.
        public static let refused = Kind(description: "refused")
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What happened, in one line. Never holds a header's value or a body.
    public var message: String
    /// The client library's error.
    public var underlyingError: (any Error)?
    /// Whether the server itself refused the connection, at one of its addresses at least: nothing listens there, or not yet.
    package var isConnectionRefused = false

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - kind: What kind of failure it is.
    ///   - message: What happened. It is cleaned and shortened.
    ///   - underlyingError: The client library's error.
    public init(_ kind: Kind, message: String, underlyingError: (any Error)? = nil) {
        self.kind = kind
        self.message = HostileText.sanitized(message, limit: 400)
        self.underlyingError = underlyingError
    }

    /// Whether sending the same request again may help.
    public var isRetryable: Bool {
        self.kind == .connection || self.kind == .timeout || self.kind == .invalidResponse
    }

    /// What happened, in one line.
    public var description: String { self.message }
}
