// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Host {
    /// A transport on the process-wide clients that goes by options and variables.
    static func defaultTransport(_ environment: EnvironmentVariables, network: NetworkOptions) -> (any HTTPTransport)? {
        AsyncHTTPClientTransport(network: network, environment: environment.dictionary)
    }

    /// Looks at servers by the same way as that transport.
    static func defaultServerCertificate(
        _ environment: EnvironmentVariables,
        network: NetworkOptions
    ) -> (@Sendable (URL, Duration) async -> ServerCertificate?)? {
        { await ServerCertificate.seen(at: $0, network: network, environment: environment.dictionary, within: $1) }
    }
}
#endif
