// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureHTTP

extension SecretClientOptions {
    /// A transport on the process-wide clients that goes by options and variables, as credentials have it.
    static func defaultTransport(_ network: NetworkOptions) -> (any HTTPTransport)? { AsyncHTTPClientTransport.process(network) }
}
#endif
