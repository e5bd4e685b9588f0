// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends requests, and notes where those with a token go.
final class WatchedTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let state = Mutex<(requests: Int, redirects: Int, tokensTo: [String: Int])>((0, 0, [:]))

    init(_ base: any HTTPTransport) { self.base = base }

    /// How many requests with a token went to each server.
    var tokensTo: [String: Int] { self.state.withLock { $0.tokensTo } }
    /// How many answers pointed elsewhere.
    var redirectCount: Int { self.state.withLock { $0.redirects } }
    /// How many requests there were.
    var requestCount: Int { self.state.withLock { $0.requests } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let server = "\(request.url.scheme ?? "")://\(request.url.host() ?? ""):\(request.url.port ?? 443)"
        self.state.withLock { state in
            state.requests += 1
            if request.headers["Authorization"] != nil { state.tokensTo[server, default: 0] += 1 }
        }
        let response = try await self.base.send(request)
        if (300..<400).contains(response.status) { self.state.withLock { $0.redirects += 1 } }
        return response
    }
}
