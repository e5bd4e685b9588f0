// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureHTTP

extension Host {
    /// A transport on the process-wide clients that goes by options and variables.
    static func defaultTransport(_ environment: EnvironmentVariables, network: NetworkOptions) -> (any HTTPTransport)? {
        AsyncHTTPClientTransport(network: network, environment: environment.dictionary)
    }
}
#endif
