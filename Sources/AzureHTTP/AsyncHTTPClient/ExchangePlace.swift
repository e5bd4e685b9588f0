// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AsyncHTTPClient
import AzureCredentials
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

/// Where an exchange goes, for what its errors say.
struct ExchangePlace: Sendable {
    let host: String
    let port: Int
    let proxy: ProxyServer?
    /// The name by which TLS asks for the server and that its certificate has to be for, in lower case; `nil`: the host.
    let serverName: String?
    /// Whether only authorities count that were given with the request.
    let hasOwnAuthorities: Bool
    /// Whether the server is given by a name that its certificate has to be for.
    let isNameChecked: Bool
    private let timeLimit: Duration
    private let sizeLimit: Int

    init(_ request: TransportRequest, proxy: ProxyServer?) {
        self.host = request.url.host() ?? "the server"
        self.port = request.url.port ?? 443
        self.proxy = proxy
        if case .named(let name, let authorities)? = request.serverProof {
            let name = name.map { ($0.hasSuffix(".") ? String($0.dropLast()) : $0).lowercased() }
            self.serverName = name == self.host.lowercased() ? nil : name
            self.hasOwnAuthorities = authorities != nil
        } else {
            self.serverName = nil
            self.hasOwnAuthorities = false
        }
        let isHTTPS = request.url.scheme?.lowercased() == "https"
        self.isNameChecked = isHTTPS && (self.serverName != nil || NetworkAddress(self.host) == nil)
        self.timeLimit = request.timeout
        self.sizeLimit = request.maximumResponseSize
    }

    /// Whether the host is this machine by its name, whose certificates are mostly for its addresses too.
    var isLoopbackName: Bool {
        let name = self.host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost")
    }

    /// The host as a connection wants it: an address of IPv6 without brackets.
    var unbracketedHost: String {
        self.host.hasPrefix("[") && self.host.hasSuffix("]") ? String(self.host.dropFirst().dropLast()) : self.host
    }

    /// The value of the header `Host` for https.
    var hostHeader: String {
        let host = self.unbracketedHost.contains(":") ? "[\(self.unbracketedHost)]" : self.unbracketedHost
        return self.port == 443 ? host : "\(host):\(self.port)"
    }

    /// Whether the server is given by an address of this link alone.
    var isLinkLocal: Bool { NetworkAddress(self.host)?.isLinkLocal ?? false }

    /// What the server's certificate has to be for.
    var certificateName: String { self.serverName ?? self.host }

    /// What to do about a certificate that isn't trusted.
    var certificateRemedy: String {
        self.hasOwnAuthorities ? "only the authorities given for this server count" : CertificateRefusal.remedy
    }

    /// The place as errors of TLS name it.
    var nameInTLS: String { self.serverName.map { "\(self.name) by the name \($0)" } ?? self.name }

    /// The host, and the proxy before it.
    var name: String { self.proxy.map { "\(self.host) by way of the proxy \($0.address)" } ?? self.host }

    func timeout(_ error: (any Error)? = nil) -> TransportError {
        TransportError(
            .timeout,
            message: "No response from \(self.name) within \(self.timeLimit.wholeSeconds) s.",
            underlyingError: error
        )
    }

    /// Makes a client's error into a `TransportError`; cancellation passes as it is.
    func mapping(_ error: any Error) -> any Error {
        if Task.isCancelled { return CancellationError() }
        switch error {
        case is CancellationError, is TransportError: return error
        case let error as WrongThumbprint:
            return TransportError(
                .tls,
                message:
                    "TLS with \(self.name) failed: the server's certificate has the thumbprint \(error.found), not \(error.expected)"
                    + ". Nothing was sent to it."
            )
        case is NIOTooManyBytesError:
            return TransportError(
                .tooLarge,
                message: "The response of \(self.host) is larger than \(self.sizeLimit) bytes.",
                underlyingError: error
            )
        case let error as HTTPClientError: return self.mapping(error)
        case let error as NIOConnectionError: return self.mapping(error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: return self.tls(error)
        case let error as IOError:
            var result = TransportError(
                .connection, message: "No connection to \(self.name): \(Self.reason(error))", underlyingError: error)
            result.isConnectionRefused = self.isRefusal(error)
            return result
        case is ChannelError:
            return TransportError(
                .connection, message: "The connection to \(self.name) was closed early.", underlyingError: error)
        case is HTTPParserError:
            return TransportError(
                .invalidResponse, message: "\(self.host) did not answer with HTTP: \(error)", underlyingError: error)
        default:
            // Not the error's text: it may hold what the server sent.
            return TransportError(
                .connection, message: "The exchange with \(self.name) failed: \(type(of: error))", underlyingError: error)
        }
    }

    /// A connection that couldn't be made: by any of the addresses of the host, or of the proxy if there is one.
    private func mapping(_ error: NIOConnectionError) -> TransportError {
        let failures = error.connectionErrors.map(\.error)
        if let failure = failures.first(where: { $0 is NIOSSLError || $0 is NIOSSLExtraError || $0 is BoringSSLError }) {
            return self.tls(failure)
        }
        let reason =
            if let failure = failures.lazy.compactMap({ $0 as? IOError }).first {
                Self.reason(failure)
            } else if failures.contains(where: { $0 is ChannelError }) {
                "the \(self.proxy == nil ? "server" : "proxy") did not answer in time"
            } else if failures.isEmpty {
                self.proxy == nil ? "the host's name can't be resolved" : "the proxy's name can't be resolved"
            } else {
                "\(type(of: failures[0]))"
            }
        var result = TransportError(.connection, message: "No connection to \(self.name): \(reason)", underlyingError: error)
        result.isConnectionRefused = failures.contains(where: self.isRefusal)
        return result
    }

    /// Whether the server refused a connection. A proxy's refusal says nothing of the server.
    private func isRefusal(_ error: any Error) -> Bool { self.proxy == nil && (error as? IOError)?.errnoCode == ECONNREFUSED }

    private func mapping(_ error: HTTPClientError) -> TransportError {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout: self.timeout(error)
        case .connectTimeout:
            TransportError(.timeout, message: "No connection to \(self.name) in time.", underlyingError: error)
        case .tlsHandshakeTimeout:
            TransportError(.timeout, message: "TLS with \(self.name) was not set up in time.", underlyingError: error)
        case .proxyAuthenticationRequired, .invalidProxyResponse, .httpProxyHandshakeTimeout: self.refusedByProxy(error)
        case .uncleanShutdown, .bodyLengthMismatch:
            TransportError(.invalidResponse, message: "The response of \(self.host) ended early.", underlyingError: error)
        case .emptyHost, .invalidURL, .emptyScheme:
            TransportError(.refused, message: "The URL can't be requested.", underlyingError: error)
        case .alreadyShutdown:
            TransportError(.refused, message: "The HTTP client given to the credential is shut down.", underlyingError: error)
        default:
            TransportError(.connection, message: "No answer from \(self.name): \(error.shortDescription)", underlyingError: error)
        }
    }

    /// A proxy that made no tunnel. A caller's client may have one that isn't known here.
    private func refusedByProxy(_ error: HTTPClientError) -> TransportError {
        let proxy = self.proxy.map { "The proxy \($0.address)" } ?? "The HTTP client's proxy"
        return switch error {
        case .proxyAuthenticationRequired:
            TransportError(
                .configuration,
                message: self.proxy?.credentials == nil
                    ? "\(proxy) wants credentials (407): put user and password into its URL."
                    : "\(proxy) doesn't accept the credentials in its URL (407).",
                underlyingError: error
            )
        case .httpProxyHandshakeTimeout:
            TransportError(
                .timeout, message: "\(proxy) did not connect to \(self.host) in time, or didn't answer with HTTP.",
                underlyingError: error)
        default:
            TransportError(.connection, message: "\(proxy) did not connect to \(self.host).", underlyingError: error)
        }
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "the connection was refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case ENETUNREACH, EHOSTUNREACH: "the network can't be reached"
        case ETIMEDOUT: "there was no answer in time"
        case EACCES, EPERM: "this machine doesn't allow it"
        default: "input or output failed (errno \(error.errnoCode))"
        }
    }

    /// What the TLS library says, in words: its own text names places in its source.
    private func tls(_ error: any Error) -> TransportError {
        let text = "\(error)"
        if case NIOSSLError.noSuchFilesystemObject = error {
            return TransportError(
                .configuration, message: "The file of trusted authorities can't be found.", underlyingError: error)
        }
        if text.contains("NO_CERTIFICATE_OR_CRL_FOUND") || text.contains("PEM routines") {
            return TransportError(
                .configuration, message: "The file of trusted authorities holds no certificate.", underlyingError: error)
        }
        let mark = "OPENSSL_internal:"
        let reason =
            switch CertificateRefusal(error) {
            case .untrusted?: "the server's certificate is not trusted; \(self.certificateRemedy)"
            case .wrongName?: "the server's certificate is for another name"
            case nil:
                text.firstRange(of: mark).map { range in
                    text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                        .lowercased().replacing("_", with: " ")
                } ?? "the handshake ended"
            }
        return TransportError(.tls, message: "TLS with \(self.nameInTLS) failed: \(reason).", underlyingError: error)
    }
}

/// Why the TLS library refused a server's certificate.
enum CertificateRefusal: Sendable {
    case untrusted
    case wrongName

    static let remedy = "if its authority is private, set SSL_CERT_FILE to a PEM file that holds it"

    /// Reads an error of the library, or one of several attempts to connect; `nil` if it is about something else.
    init?(within error: any Error) {
        guard let error = error as? NIOConnectionError else {
            self.init(error)
            return
        }
        guard let refusal = error.connectionErrors.lazy.compactMap({ CertificateRefusal($0.error) }).first else { return nil }
        self = refusal
    }

    /// Reads the library's error; `nil` if it is about something else.
    init?(_ error: any Error) {
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            self = .wrongName
        } else if (error is NIOSSLError || error is BoringSSLError) && "\(error)".contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted
        } else {
            return nil
        }
    }
}
#endif
