// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureCredentials
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads trusted authorities from files. What can't be used is an error that names option and variable.
///
/// Read here rather than by the TLS library, which takes an empty directory for a good one and doesn't come back from a device file.
enum TrustRootsLoader {
    private static let largestBundle = 16 << 20
    private static let largestFile = 1 << 20
    private static let mostFiles = 10_000

    /// What is being read now. A file system that hangs takes one thread, however many ask.
    private static let loads = Locked<[TrustRoots: EventLoopFuture<Result<NIOSSLTrustRoots?, TransportError>>]>([:])

    /// Reads authorities on a thread that may wait.
    ///
    /// - Returns: The authorities; `nil` for those of the system, which the TLS library finds by itself.
    /// - Throws: ``TransportError`` of the kind `configuration`, or `CancellationError`.
    static func load(_ roots: TrustRoots) async throws -> NIOSSLTrustRoots? {
        if roots == .system { return nil }
        let outcome = self.loads.withLock { loads in
            if let load = loads[roots] { return load }
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let load = NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
                defer { self.loads.withLock { $0[roots] = nil } }
                return Result { () throws(TransportError) in try Self.authorities(roots.kind) }
            }
            loads[roots] = load
            return load
        }
        // Forsaken, not waited for, when nobody wants it any more: a file system on a network may hang.
        guard let result = await outcome.value(within: .seconds(3600)) else {
            try Task.checkCancellation()
            throw TransportError(.configuration, message: "The trusted authorities can't be read.")
        }
        return try result.get()
    }

    /// Authorities that a request brings with it.
    static func certificates(ofPEM bytes: [UInt8]) throws(TransportError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw TransportError(.configuration, message: "The authorities given for the server hold no certificate in PEM.")
        }
        return certificates
    }

    private static func authorities(_ kind: TrustRoots.Kind) throws(TransportError) -> NIOSSLTrustRoots? {
        switch kind {
        case .system: nil
        case .file(let path): .certificates(try Self.certificates(ofFile: path))
        case .directory(let path): .certificates(try Self.certificates(ofDirectories: path))
        case .fileAndDirectory(let file, let directory):
            .certificates(try Self.certificates(ofFile: file) + Self.certificates(ofDirectories: directory))
        }
    }

    private static func certificates(ofFile path: String) throws(TransportError) -> [NIOSSLCertificate] {
        func problem(_ reason: String) -> TransportError {
            TransportError(
                .configuration,
                message: "The file of trusted authorities (SSL_CERT_FILE or trustRoots), \(Self.shown(path)), \(reason)."
            )
        }
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.contents(of: path, limit: Self.largestBundle)
        } catch let error {
            throw problem("can't be used: \(error.reason)")
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw problem("holds no certificate in PEM")
        }
        return certificates
    }

    private static func certificates(ofDirectories paths: String) throws(TransportError) -> [NIOSSLCertificate] {
        var certificates: [NIOSSLCertificate] = []
        for path in paths.split(separator: ":") {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: String(path)) else {
                throw Self.directoryProblem(path, "can't be read")
            }
            for name in names.lazy.filter(Self.isHashed).prefix(Self.mostFiles) {
                // A file that can't be read is passed over, as OpenSSL does: the others may be enough.
                let bytes = (try? RegularFile.contents(of: "\(path)/\(name)", limit: Self.largestFile)) ?? []
                certificates += (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []
            }
        }
        guard !certificates.isEmpty else {
            throw Self.directoryProblem(paths, "holds no certificate under a hashed name, such as `openssl rehash` makes")
        }
        return certificates
    }

    private static func directoryProblem(_ path: some StringProtocol, _ reason: String) -> TransportError {
        TransportError(
            .configuration,
            message: "The directory of trusted authorities (SSL_CERT_DIR or trustRoots), \(Self.shown(path)), \(reason)."
        )
    }

    private static func shown(_ path: some StringProtocol) -> String { HostileText.sanitized(path, limit: 120) }

    /// Whether a name is like `5ed36f99.0`.
    private static func isHashed(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        return parts.count == 2 && parts[0].count == 8 && parts[0].allSatisfy { digits.contains($0) || letters.contains($0) }
            && (1...9).contains(parts[1].count) && parts[1].allSatisfy { digits.contains($0) }
    }
}
#endif
