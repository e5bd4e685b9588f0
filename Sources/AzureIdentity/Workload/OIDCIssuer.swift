// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// A build service that gives out identity tokens, and how it does.
enum OIDCIssuer: Sendable {
    case azurePipelines
    case gitHubActions

    /// The member of its answer that holds the token.
    var member: String {
        switch self {
        case .azurePipelines: "oidcToken"
        case .gitHubActions: "value"
        }
    }

    var method: TransportRequest.Method {
        switch self {
        case .azurePipelines: .post
        case .gitHubActions: .get
        }
    }

    /// The headers of a request, apart from who asks.
    var headers: TransportHeaders {
        switch self {
        case .azurePipelines:
            // Without the last one, a bad token leads to a page to sign in at, not to a status of 401.
            ["Content-Type": "application/json", "Accept": "application/json", "X-TFS-FedAuthRedirect": "Suppress"]
        case .gitHubActions: ["Accept": "application/json; api-version=2.0"]
        }
    }

    /// The row of an answer without a token.
    ///
    /// - Parameters:
    ///   - isSignIn: Whether the service didn't take who asked.
    ///   - message: What the service says.
    func row(isSignIn: Bool, message: String?) -> GuideRow? {
        guard self == .azurePipelines else { return isSignIn ? .g02 : nil }
        if message?.contains("No service connection found with identifier") ?? false { return .g43 }
        return isSignIn ? .g44 : .g45
    }
}
