// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What keeps tokens between runs of a program. More may be added, so a `switch` needs a `default`.
public struct PersistentTokenCacheBackend: Hashable, Sendable, CustomStringConvertible {
    /// The name of the back end, such as `Secret Service`.
    public let description: String

    /// The desktop's keyring on Linux, through libsecret where that is installed. Shared with the Azure Identity library for
    /// Python.
    public static let secretService = PersistentTokenCacheBackend(description: "Secret Service")
    /// An encrypted file on Linux, whose key is in the kernel's key ring: it needs no desktop, and ends with the machine's run.
    public static let kernelKeyring = PersistentTokenCacheBackend(description: "kernel key ring")
    /// An encrypted file with the application's own key, ``PersistentTokenCacheOptions/encryptionKey``.
    public static let encryptedFile = PersistentTokenCacheBackend(description: "encrypted file")
    /// A file in plain text that its owner alone may read. Shared with the Azure Identity library for Python.
    public static let unencryptedFile = PersistentTokenCacheBackend(description: "unencrypted file")
    /// The Keychain of Apple's systems. Shared with the Azure Identity library for Python.
    public static let keychain = PersistentTokenCacheBackend(description: "Keychain")
    /// A file that Windows encrypts for the user (DPAPI). Shared with the Azure Identity library for Python.
    public static let dataProtection = PersistentTokenCacheBackend(description: "Windows data protection")
}
