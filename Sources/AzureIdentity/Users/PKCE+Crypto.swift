// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto

extension PKCE {
    /// The challenge of a verifier, by the method `S256`.
    static func challenge(for verifier: String) -> String? {
        Base64URL.encode(SHA256.hash(data: Array(verifier.utf8)))
    }
}
#endif
