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
    /// The host the client meant, with the port if it is not 443.
    package var host: String

    package init(
        method: String,
        path: String,
        query: String = "",
        headers: TransportHeaders = [:],
        body: [UInt8] = [],
        host: String = "localhost"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.host = host
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

/// What a path leads to. Paths are matched exactly, since the libraries build them exactly.
package enum EmulatorRoute: Sendable, Equatable {
    case token(tenant: String)
    case openIDConfiguration(tenant: String)
    case keys(tenant: String)
    case instanceDiscovery
    case unknown

    package init(path: String) {
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard segments.count < 5, let segment = FormBody.decoded(part, isForm: false) else {
                self = .unknown
                return
            }
            segments.append(segment)
        }
        let tenant = segments.first ?? ""
        switch segments.dropFirst() {
        case ["oauth2", "v2.0", "token"]: self = .token(tenant: tenant)
        case ["v2.0", ".well-known", "openid-configuration"]: self = .openIDConfiguration(tenant: tenant)
        case ["discovery", "v2.0", "keys"]: self = .keys(tenant: tenant)
        case ["discovery", "instance"] where tenant == "common": self = .instanceDiscovery
        default: self = .unknown
        }
    }

    /// The one method the route answers.
    package var method: String {
        if case .token = self { "POST" } else { "GET" }
    }
}
