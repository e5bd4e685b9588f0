// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension TransportError {
    /// Makes a client's error into a `TransportError`; cancellation passes as it is.
    static func mapping(_ error: any Error, request: TransportRequest) -> any Error {
        if Task.isCancelled { return CancellationError() }
        let host = request.url.host() ?? "the server"
        switch error {
        case is CancellationError, is TransportError: return error
        case is NIOTooManyBytesError:
            return TransportError(
                .tooLarge,
                message: "The response of \(host) is larger than \(request.maximumResponseSize) bytes.",
                underlyingError: error
            )
        case let error as HTTPClientError: return Self.mapping(error, host: host, request: request)
        case let error as NIOConnectionError: return Self.mapping(error, host: host)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return Self.tls(error, host: host)
        case let error as IOError:
            return TransportError(.connection, message: "No connection to \(host): \(Self.reason(error))", underlyingError: error)
        case is HTTPParserError:
            return TransportError(.invalidResponse, message: "\(host) did not answer with HTTP: \(error)", underlyingError: error)
        default:
            // Not the error's text: it may hold what the server sent.
            return TransportError(
                .connection, message: "The exchange with \(host) failed: \(type(of: error))", underlyingError: error)
        }
    }

    /// A connection that couldn't be made: by any of the host's addresses.
    private static func mapping(_ error: NIOConnectionError, host: String) -> TransportError {
        let failures = error.connectionErrors.map(\.error)
        if let failure = failures.first(where: { $0 is NIOSSLError || $0 is NIOSSLExtraError || $0 is BoringSSLError }) {
            return Self.tls(failure, host: host)
        }
        let reason =
            if let failure = failures.lazy.compactMap({ $0 as? IOError }).first {
                Self.reason(failure)
            } else if failures.contains(where: { $0 is ChannelError }) {
                "the server did not answer in time"
            } else if failures.isEmpty {
                "the host's name can't be resolved"
            } else {
                "\(type(of: failures[0]))"
            }
        return TransportError(.connection, message: "No connection to \(host): \(reason)", underlyingError: error)
    }

    private static func mapping(_ error: HTTPClientError, host: String, request: TransportRequest) -> TransportError {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
            TransportError(.timeout, message: AsyncHTTPClientTransport.timeoutMessage(request), underlyingError: error)
        case .tlsHandshakeTimeout:
            TransportError(.timeout, message: "TLS with \(host) was not set up in time.", underlyingError: error)
        case .uncleanShutdown, .bodyLengthMismatch:
            TransportError(.invalidResponse, message: "The response of \(host) ended early.", underlyingError: error)
        case .emptyHost, .invalidURL, .emptyScheme:
            TransportError(.refused, message: "The URL can't be requested.", underlyingError: error)
        case .alreadyShutdown:
            TransportError(.refused, message: "The HTTP client given to the credential is shut down.", underlyingError: error)
        default:
            TransportError(.connection, message: "No answer from \(host): \(error.shortDescription)", underlyingError: error)
        }
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "the connection was refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case ENETUNREACH, EHOSTUNREACH: "the network can't be reached"
        case ETIMEDOUT: "the server did not answer in time"
        default: "input or output failed (errno \(error.errnoCode))"
        }
    }

    /// What the TLS library says, in words: its own text names places in its source.
    private static func tls(_ error: any Error, host: String) -> TransportError {
        let text = "\(error)"
        if case NIOSSLError.noSuchFilesystemObject = error {
            return TransportError(
                .configuration, message: "The file of trusted authorities (SSL_CERT_FILE) can't be found.", underlyingError: error
            )
        }
        if text.contains("NO_CERTIFICATE_OR_CRL_FOUND") || text.contains("PEM routines") {
            return TransportError(
                .configuration, message: "The file of trusted authorities (SSL_CERT_FILE) holds no certificate.",
                underlyingError: error)
        }
        let mark = "OPENSSL_internal:"
        let reason =
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                "the server's certificate is not trusted; if its authority is private, set SSL_CERT_FILE to a PEM file that holds it"
            } else if let range = text.firstRange(of: mark) {
                text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                    .lowercased().replacing("_", with: " ")
            } else {
                "the handshake ended"
            }
        return TransportError(.tls, message: "TLS with \(host) failed: \(reason).", underlyingError: error)
    }
}
#endif
