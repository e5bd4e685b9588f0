// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Which certificate authorities a TLS connection trusts.
public struct TrustRoots: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case system
        case file(String)
        case directory(String)
        case fileAndDirectory(file: String, directory: String)
    }

    package let kind: Kind

    /// The authorities the system trusts.
    public static let system = TrustRoots(kind: .system)

    /// The authorities of a PEM file alone; read once per process, at the first connection.
    ///
    /// - Parameter path: The file.
    /// - Returns: The roots.
    public static func file(_ path: String) -> TrustRoots { TrustRoots(kind: .file(path)) }

    /// The authorities of a directory alone, whose PEM files have the hashed names that `openssl rehash` gives them; others are not
    /// looked at. Read once per process, at the first connection.
    ///
    /// - Parameter path: The directory; several are separated by colons.
    /// - Returns: The roots.
    public static func directory(_ path: String) -> TrustRoots { TrustRoots(kind: .directory(path)) }

    /// The roots that OpenSSL's variables name: those of `SSL_CERT_FILE` and those of `SSL_CERT_DIR`, else the system's. Empty values are
    /// no values.
    ///
    /// As with OpenSSL, both are trusted where both are set. Otherwise than with OpenSSL, the one that is set replaces all of the
    /// system's authorities, and a file or directory that can't be used is an error instead of being passed over.
    ///
    /// - Parameter environment: The environment variables.
    /// - Returns: The roots.
    public static func environment(_ environment: [String: String]) -> TrustRoots {
        func path(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return switch (path("SSL_CERT_FILE"), path("SSL_CERT_DIR")) {
        case (let file?, let directory?): TrustRoots(kind: .fileAndDirectory(file: file, directory: directory))
        case (let file?, nil): .file(file)
        case (nil, let directory?): .directory(directory)
        case (nil, nil): .system
        }
    }
}
