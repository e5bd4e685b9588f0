// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AsyncHTTPClientTransport {
    /// The transport of a client of a service: on the process-wide clients, as options and the process's variables say.
    package static func process(_ network: NetworkOptions) -> (any HTTPTransport)? {
        AsyncHTTPClientTransport(network: network, environment: ProcessInfo.processInfo.environment)
    }
}
#endif
