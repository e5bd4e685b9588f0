// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureHTTP

extension Host {
    /// The process-wide client that trusts what `SSL_CERT_FILE` and `SSL_CERT_DIR` say.
    static func defaultTransport(_ environment: EnvironmentVariables) -> (any HTTPTransport)? {
        let roots = TrustRoots.environment(environment.dictionary)
        return roots == .system ? AsyncHTTPClientTransport.shared : AsyncHTTPClientTransport(trustRoots: roots)
    }
}
#endif
