// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !AsyncHTTPClient
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Host {
    /// None: the trait `AsyncHTTPClient` is off, so the options must hold a transport.
    static func defaultTransport(_ environment: EnvironmentVariables, network: NetworkOptions) -> (any HTTPTransport)? { nil }

    /// None either.
    static func defaultServerCertificate(
        _ environment: EnvironmentVariables,
        network: NetworkOptions
    ) -> (@Sendable (URL, Duration) async -> ServerCertificate?)? { nil }
}
#endif
