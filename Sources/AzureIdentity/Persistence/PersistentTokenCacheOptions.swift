// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// How tokens are kept between runs of a program.
///
/// Without any option, the first of these that works here keeps them: on Linux the Secret Service, then a file encrypted with a
/// key in the kernel's key ring; on Apple's systems the Keychain; on Windows a file encrypted for the user. Then, on all of them,
/// a file encrypted with ``encryptionKey``, if there is one. None of them ever asks anybody: a keyring that is locked counts as
/// not there.
///
/// If none works, tokens are kept in memory alone, and the log says why, unless ``isRequired`` makes that an error.
public struct PersistentTokenCacheOptions: Sendable {
    /// Whether it is an error, with the code `.invalidConfiguration`, if tokens can't be kept.
    public var isRequired: Bool

    /// Whether tokens may be kept in plain text, in a file that its owner alone may read, after everything else has failed.
    public var allowsUnencryptedStorage: Bool

    /// The application's own key. It is used where the system has no place for one, in containers mostly.
    ///
    /// A file that was encrypted with another key is left alone, and the next back end is taken: delete it when you change the key for good.
    public var encryptionKey: TokenCacheKey?

    /// The directory of all files. It is made if it is missing and what it lies in is there.
    ///
    /// `nil`: `~/.IdentityService`, which other Azure Identity libraries use too, and for encrypted files
    /// `azure-identity` in `$XDG_STATE_HOME`, else in `~/.local/state`.
    public var directory: String?

    /// What to try, in order. `nil`: the order above. What is named here is used as it is: naming
    /// ``PersistentTokenCacheBackend/unencryptedFile`` allows it.
    public var backends: [PersistentTokenCacheBackend]?

    /// The environment variables: `HOME`, `XDG_STATE_HOME`, `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `LOCALAPPDATA`.
    public var environment: EnvironmentVariables

    /// Creates options.
    ///
    /// - Parameters:
    ///   - isRequired: Whether it is an error if tokens can't be kept.
    ///   - allowsUnencryptedStorage: Whether tokens may be kept in plain text after everything else has failed.
    ///   - encryptionKey: The application's own key.
    ///   - directory: The directory of all files.
    ///   - backends: What to try, in order.
    ///   - environment: The environment variables.
    public init(
        isRequired: Bool = false,
        allowsUnencryptedStorage: Bool = false,
        encryptionKey: TokenCacheKey? = nil,
        directory: String? = nil,
        backends: [PersistentTokenCacheBackend]? = nil,
        environment: EnvironmentVariables = .process
    ) {
        self.isRequired = isRequired
        self.allowsUnencryptedStorage = allowsUnencryptedStorage
        self.encryptionKey = encryptionKey
        self.directory = directory
        self.backends = backends
        self.environment = environment
    }
}

extension PersistentTokenCacheOptions {
    /// What is tried, in order.
    var order: [PersistentTokenCacheBackend] {
        if let backends = self.backends { return backends }
        var order = Self.systemOrder
        if self.encryptionKey != nil { order.append(.encryptedFile) }
        if self.allowsUnencryptedStorage { order.append(.unencryptedFile) }
        return order
    }

    /// What may keep tokens on this system, with whatever options.
    static var allBackends: [PersistentTokenCacheBackend] { Self.systemOrder + [.encryptedFile, .unencryptedFile] }

    #if os(Windows)
    private static let systemOrder: [PersistentTokenCacheBackend] = [.dataProtection]
    #elseif canImport(Security)
    private static let systemOrder: [PersistentTokenCacheBackend] = [.keychain]
    #elseif os(Linux)
    private static let systemOrder: [PersistentTokenCacheBackend] = [.secretService, .kernelKeyring]
    #else
    private static let systemOrder: [PersistentTokenCacheBackend] = []
    #endif
}
