// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A request that a browser, or somebody else on this machine, makes to the address that a sign-in comes back to. Whole and bounded.
package struct RedirectRequest: Sendable {
    package var method: String
    /// As it was sent, percent signs included.
    package var path: String
    /// Without the question mark; `nil` if there is none.
    package var query: String?
    package var headers: TransportHeaders
    package var body: [UInt8]
    /// The port that it came in at.
    package var port: Int

    package init(method: String, path: String, query: String?, headers: TransportHeaders, body: [UInt8], port: Int) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.port = port
    }
}

/// Answers a request later than it came. The first answer counts. Its headers are without the length, and what there is to say about the
/// connection.
package struct RedirectReply: Sendable {
    /// Sends the answer, and waits until it is on its way; not for long, whatever the browser does.
    package let send: @Sendable (TransportResponse) async -> Void

    package init(send: @escaping @Sendable (TransportResponse) async -> Void) { self.send = send }
}

/// Answers a request at once, or keeps the reply to answer it later.
package typealias RedirectHandler = @Sendable (RedirectRequest, RedirectReply) -> TransportResponse?

/// What listens for the browser to come back. It does so until it is closed.
package protocol RedirectListening: Sendable {
    var port: Int { get }

    /// Listens no more. Answers that are on their way arrive.
    func close() async
}

/// Why nobody can listen.
package enum RedirectListenerProblem: Error, Sendable, Hashable {
    case portInUse(Int)
    case notBound(reason: String)
    /// The trait that brings the listener is off.
    case notBuilt
}
