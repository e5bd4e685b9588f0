// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

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
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return TransportError(.tls, message: "TLS with \(host) failed: \(error)", underlyingError: error)
        case is NIOConnectionError, is IOError, is ChannelError:
            return TransportError(.connection, message: "No connection to \(host): \(error)", underlyingError: error)
        case is HTTPParserError:
            return TransportError(.invalidResponse, message: "\(host) did not answer with HTTP: \(error)", underlyingError: error)
        default:
            return TransportError(.connection, message: "The exchange with \(host) failed: \(error)", underlyingError: error)
        }
    }

    private static func mapping(_ error: HTTPClientError, host: String, request: TransportRequest) -> TransportError {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
            TransportError(.timeout, message: AsyncHTTPClientTransport.timeoutMessage(request), underlyingError: error)
        case .tlsHandshakeTimeout:
            TransportError(.timeout, message: "TLS with \(host) was not set up in time.", underlyingError: error)
        case .uncleanShutdown, .invalidHeaderFieldNames([]), .bodyLengthMismatch:
            TransportError(.invalidResponse, message: "The response of \(host) ended early.", underlyingError: error)
        case .emptyHost, .invalidURL, .emptyScheme:
            TransportError(.refused, message: "The URL can't be requested.", underlyingError: error)
        case .alreadyShutdown:
            TransportError(.refused, message: "The HTTP client given to the credential is shut down.", underlyingError: error)
        default:
            TransportError(.connection, message: "No answer from \(host): \(error.shortDescription)", underlyingError: error)
        }
    }
}
#endif
