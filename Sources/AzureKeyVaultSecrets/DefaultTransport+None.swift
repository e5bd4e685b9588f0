// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !AsyncHTTPClient
import AzureHTTP

extension SecretClientOptions {
    /// None: the trait `AsyncHTTPClient` is off, so the options must hold a transport.
    static func defaultTransport(_ network: NetworkOptions) -> (any HTTPTransport)? { nil }
}
#endif
