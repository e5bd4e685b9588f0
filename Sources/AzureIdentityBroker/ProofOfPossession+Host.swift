// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ProofOfPossession {
    /// The host of the request, with its port if the address has one, as it is signed and as the `Host` header has it; `nil`: there is none.
    var hostAndPort: String? {
        guard let host = self.url.host(percentEncoded: true), !host.isEmpty else { return nil }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return self.url.port.map { "\(name):\($0)" } ?? name
    }
}
