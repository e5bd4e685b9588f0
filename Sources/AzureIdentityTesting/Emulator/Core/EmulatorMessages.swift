// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

/// A request as the emulator's core sees it, whether it came from memory or from a socket.
package struct EmulatorRequest: Sendable {
    /// The largest body that is read; a longer one is refused.
    package static let maximumBodySize = 1 << 20

    package var method: String
    /// The path, still percent-encoded.
    package var path: String
    /// The query without its question mark, still percent-encoded.
    package var query: String
    package var headers: TransportHeaders
    package var body: [UInt8]
    /// The host the client meant, with the port if it is not the usual one; `localhost` if what it sent can't be a host.
    package var host: String
    /// What the request came in through.
    package var listener: EmulatorListener

    package init(
        method: String,
        path: String,
        query: String = "",
        headers: TransportHeaders = [:],
        body: [UInt8] = [],
        host: String = "localhost",
        listener: EmulatorListener = .entra
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        // What is no host would come back in addresses, and in headers.
        self.host = Self.isHost(host) ? host : "localhost"
        self.listener = listener
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 300
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                default: "-._:[]".utf8.contains(byte)
                }
            }
    }
}

/// What the emulator's core answers.
package struct EmulatorResponse: Sendable {
    package var status: Int
    package var headers: TransportHeaders
    package var body: [UInt8]

    package init(status: Int, headers: TransportHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
