// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Cryptography
extension PKCE {
    /// None: the trait `Cryptography` is off, and the method `plain` would show the verifier to whoever sees the browser's address bar.
    static func challenge(for verifier: String) -> String? { nil }
}
#endif
