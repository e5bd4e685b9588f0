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
            return TransportError(.tls, message: "TLS with \(host) failed: \(Self.tlsReason(error))", underlyingError: error)
        case let error as IOError:
            return TransportError(.connection, message: "No connection to \(host): \(Self.reason(error))", underlyingError: error)
        case is HTTPParserError:
            return TransportError(.invalidResponse, message: "\(host) did not answer with HTTP: \(error)", underlyingError: error)
        default:
            return TransportError(.connection, message: "The exchange with \(host) failed: \(error)", underlyingError: error)
        }
    }

    /// A connection that couldn't be made: by any of the host's addresses.
    private static func mapping(_ error: NIOConnectionError, host: String) -> TransportError {
        let failures = error.connectionErrors.map(\.error)
        if let failure = failures.first(where: { $0 is NIOSSLError || $0 is NIOSSLExtraError || $0 is BoringSSLError }) {
            return TransportError(.tls, message: "TLS with \(host) failed: \(Self.tlsReason(failure))", underlyingError: error)
        }
        let reason =
            if let failure = failures.lazy.compactMap({ $0 as? IOError }).first {
                Self.reason(failure)
            } else if failures.contains(where: { $0 is ChannelError }) {
                "the server did not answer in time"
            } else if failures.isEmpty {
                "the host's name can't be resolved"
            } else {
                "\(failures[0])"
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

    /// What the TLS library says, without the places in its source that it adds.
    private static func tlsReason(_ error: any Error) -> String {
        if case NIOSSLError.noSuchFilesystemObject = error { return "the file of trusted authorities can't be found" }
        let text = "\(error)"
        if text.contains("NO_CERTIFICATE_OR_CRL_FOUND") { return "the file of trusted authorities holds no certificate" }
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the server's certificate is not trusted" }
        return text.split(separator: " at /").first.map(String.init) ?? text
    }
}
#endif
