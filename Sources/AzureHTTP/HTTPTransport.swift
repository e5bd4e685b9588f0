// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
public import struct FoundationEssentials.URL
#else
public import struct Foundation.URL
#endif

/// Sends one HTTP request and returns the whole response.
///
/// This is all the library needs of an HTTP client. `AsyncHTTPClientTransport` is the usual one; conform a type of your own to
/// record, to rewrite or to answer without a network:
///
/// ```swift
/// struct Canned: HTTPTransport {
///     func send(_ request: TransportRequest) async throws -> TransportResponse {
///         TransportResponse(status: 200, body: Array(#"{"access_token":"t","expires_in":3600}"#.utf8))
///     }
/// }
/// ```
///
/// A transport must not follow redirects, must not retry, must end within ``TransportRequest/timeout`` with the body included,
/// must refuse bodies over ``TransportRequest/maximumResponseSize``, and must end early when its task is cancelled.
public protocol HTTPTransport: Sendable {
    /// Sends a request.
    ///
    /// - Parameter request: The request, with its limits.
    /// - Returns: The response, whatever its status.
    /// - Throws: ``TransportError``, or `CancellationError`. A status of 400 and above is *not* an error here.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}

/// A request for an ``HTTPTransport``.
public struct TransportRequest: Sendable {
    /// An HTTP method. More may be used.
    public struct Method: RawRepresentable, Hashable, Sendable {
        /// The method as it is sent.
        public let rawValue: String

        /// Creates a method.
        ///
        /// - Parameter rawValue: The method as it is sent.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// `GET`.
        public static let get = Method(rawValue: "GET")
        /// `POST`.
        public static let post = Method(rawValue: "POST")
    }

    /// The method.
    public var method: Method
    /// The absolute URL.
    public var url: URL
    /// The headers.
    public var headers: TransportHeaders
    /// The body. Empty: none.
    public var body: [UInt8]
    /// How long the whole exchange may take, from the connection to the last byte of the body.
    public var timeout: Duration
    /// The most bytes the response's body may have.
    public var maximumResponseSize: Int
    /// The values in it that no log may show, should a server send them back.
    package var secrets: [String] = []
    /// Whether it never goes through a proxy, whatever options and variables say.
    package var isDirect = false
    /// What the server has to prove before the request is sent; `nil`: what TLS asks of every server. A request with one never goes through
    /// a proxy, and only over a ``ServerProvingTransport``.
    package var serverProof: ServerProof?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: The absolute URL.
    ///   - headers: The headers.
    ///   - body: The body.
    ///   - timeout: How long the whole exchange may take.
    ///   - maximumResponseSize: The most bytes the response's body may have; 1 MiB by default.
    public init(
        method: Method = .get,
        url: URL,
        headers: TransportHeaders = [:],
        body: [UInt8] = [],
        timeout: Duration = .seconds(30),
        maximumResponseSize: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseSize = maximumResponseSize
    }
}

/// A response of an ``HTTPTransport``.
public struct TransportResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The headers.
    public var headers: TransportHeaders
    /// The whole body.
    public var body: [UInt8]

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - headers: The headers.
    ///   - body: The whole body.
    public init(status: Int, headers: TransportHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method, the URL with its query redacted, and the size of the body: headers and body may hold secrets.
    public var description: String {
        let place = LogRedaction(options: .init(), secrets: self.secrets).rendered(self.url)
        return "TransportRequest(\(self.method.rawValue) \(place), \(self.body.count) bytes)"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows nothing: headers and body may hold secrets.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}

extension TransportResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The status and the size of the body, which may hold a token.
    public var description: String { "TransportResponse(\(self.status), \(self.body.count) bytes)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// Shows nothing: headers and body may hold tokens.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .struct, ancestorRepresentation: .suppressed)
    }
}

/// Header fields in order, found without regard to case.
public struct TransportHeaders: Sendable, ExpressibleByDictionaryLiteral {
    /// The fields, in order. A name may occur several times.
    public private(set) var fields: [(name: String, value: String)]

    /// Creates headers from pairs.
    ///
    /// - Parameter elements: The fields.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first value of a field, or `nil`; setting replaces all of its values.
    ///
    /// - Parameter name: The name, in any case.
    public subscript(name: String) -> String? {
        get { self.fields.first { Self.isSame($0.name, name) }?.value }
        set {
            self.fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { self.fields.append((name, newValue)) }
        }
    }

    /// All values of a field, in order.
    ///
    /// - Parameter name: The name, in any case.
    /// - Returns: The values; empty if there is none.
    public func values(for name: String) -> [String] {
        self.fields.compactMap { Self.isSame($0.name, name) ? $0.value : nil }
    }

    /// Adds a field behind the others.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value.
    public mutating func append(name: String, value: String) { self.fields.append((name, value)) }

    private static func isSame(_ lhs: String, _ rhs: String) -> Bool {
        lhs.utf8.count == rhs.utf8.count
            && zip(lhs.utf8, rhs.utf8).allSatisfy { Self.lowercased($0) == Self.lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// A transport of this library whose equals are interchangeable.
package protocol NamedTransport: HTTPTransport {
    /// A name that two transports share if and only if they send requests the same way and trust the same authorities.
    var transportName: String { get }
}
