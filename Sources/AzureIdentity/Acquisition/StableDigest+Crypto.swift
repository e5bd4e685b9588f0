// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
import Crypto

/// A name for a list of texts that is the same in every process and tells nothing of them, unless they can be guessed: SHA-256.
enum StableDigest {
    /// The digest in base64url; each part is preceded by its length, so that no two lists of parts are alike.
    static func text(_ parts: [String]) -> String? {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(part.utf8))
        }
        return Base64URL.encode(Array(hash.finalize()))
    }
}
#endif
