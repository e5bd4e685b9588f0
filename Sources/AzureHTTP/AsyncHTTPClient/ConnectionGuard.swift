// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import Crypto
import NIOCore
import NIOSSL

/// What a new connection of this library's clients has to pass before a byte of a request is sent over it.
enum ConnectionGuard {
    /// Checks the server's certificate, and puts the ``StatusGuard`` into its place. A connection that doesn't pass is closed.
    static func install(on channel: any Channel, for key: ClientRegistry.Key) -> EventLoopFuture<Void> {
        let check =
            if case .thumbprint(let thumbprint)? = key.proof {
                ThumbprintGuard.check(channel, thumbprint: thumbprint)
            } else {
                NameGuard.check(channel, names: key.names)
            }
        let result = check.flatMap { StatusGuard.install(on: channel) }
        // async-http-client 1.37.0 forgets the connection, but leaves it open. Closed once the client knows of the failure, not before.
        result.whenFailure { _ in channel.eventLoop.execute { Self.closeBelowTLS(channel) } }
        return result
    }

    /// Closes without the goodbyes of TLS, which wait for the server's. On the channel's event loop.
    static func closeBelowTLS(_ channel: any Channel) {
        if let context = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self) {
            context.close(promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }
}

/// A server that shows another certificate than it must.
struct WrongThumbprint: Error {
    let expected: String
    let found: String
}

/// Holds a server to one certificate, whatever it says.
enum ThumbprintGuard {
    /// Fails if the connection's certificate doesn't have the thumbprint.
    static func check(_ channel: any Channel, thumbprint: String) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate() else {
                throw TransportError(.tls, message: "TLS failed: the server shows no certificate.")
            }
            let found = Self.thumbprint(der: try certificate.toDERBytes())
            guard Self.isSame(found, thumbprint) else {
                throw WrongThumbprint(expected: thumbprint, found: found)
            }
        }
    }

    /// The SHA-1 digest of a certificate in lower-case hexadecimal digits. Names a certificate, as Service Fabric does; SHA-1 is no good
    /// for anything else.
    static func thumbprint(der: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = Insecure.SHA1.hash(data: der).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Compares in a time that doesn't depend on where the texts differ.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        return one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
#endif
