// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
/// A name for a list of texts that is the same in every process: there is none where the trait `Cryptography` is off, and no cache on disk.
enum StableDigest {
    static func text(_ parts: [String]) -> String? { nil }
}
#endif
