// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which certificate authorities a TLS connection trusts.
public struct TrustRoots: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case system
        case file(String)
        case directory(String)
    }

    package let kind: Kind

    /// The authorities the system trusts.
    public static let system = TrustRoots(kind: .system)

    /// The authorities of a PEM file alone; read once per process, at the first connection.
    ///
    /// - Parameter path: The file.
    /// - Returns: The roots.
    public static func file(_ path: String) -> TrustRoots { TrustRoots(kind: .file(path)) }

    /// The authorities of a directory alone, whose files have the hashed names that `openssl rehash` gives them.
    ///
    /// - Parameter path: The directory.
    /// - Returns: The roots.
    public static func directory(_ path: String) -> TrustRoots { TrustRoots(kind: .directory(path)) }

    /// The roots that OpenSSL's variables name: `SSL_CERT_FILE`, else `SSL_CERT_DIR`, else the system's. Empty values are no values.
    ///
    /// - Parameter environment: The environment variables.
    /// - Returns: The roots.
    public static func environment(_ environment: [String: String]) -> TrustRoots {
        if let file = environment["SSL_CERT_FILE"], !file.isEmpty { return .file(file) }
        if let directory = environment["SSL_CERT_DIR"], !directory.isEmpty { return .directory(directory) }
        return .system
    }
}
