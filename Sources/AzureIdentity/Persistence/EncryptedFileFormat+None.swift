// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
/// Without the trait `Cryptography` there are no encrypted files.
enum EncryptedFileFormat {
    static let isSupported = false

    static func sealed(_ bytes: [UInt8], with key: TokenCacheKey, name: String) throws(StorageProblem) -> [UInt8] {
        throw StorageProblem(.unavailable, "this program was built without the trait Cryptography")
    }

    static func checkKey(of bytes: [UInt8], _ key: TokenCacheKey, isKeyShortLived: Bool) throws(StorageProblem) {}

    static func opened(
        _ bytes: [UInt8],
        with key: TokenCacheKey,
        name: String,
        isKeyShortLived: Bool
    ) throws(StorageProblem) -> [UInt8] {
        throw StorageProblem(.unavailable, "this program was built without the trait Cryptography")
    }
}
#endif
