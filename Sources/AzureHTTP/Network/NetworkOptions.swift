// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// How requests leave the machine: by which proxy, and which certificate authorities are trusted.
///
/// By default the environment variables say: `HTTPS_PROXY`, else `ALL_PROXY`, with the exceptions of `NO_PROXY`; `SSL_CERT_FILE` and
/// `SSL_CERT_DIR`. What is set here comes before them.
///
/// Only https requests use a proxy. Requests over plain http go to the metadata services of this machine and never do, so `HTTP_PROXY`
/// is not read. Nor do requests to link-local addresses, such as 169.254.169.254, whatever the scheme.
public struct NetworkOptions: Sendable, Hashable {
    /// The authorities to trust. `nil`: those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, else the system's.
    public var trustRoots: TrustRoots?

    /// The proxy of all https requests, those to `localhost` included. `nil`: the one that the variables name.
    ///
    /// A server that is given by an address instead of a name can't be reached through a proxy: async-http-client 1.37.0 would check the
    /// certificate for the proxy's address. It is refused with an error that says so.
    ///
    /// With one set, no proxy variable is read, `NO_PROXY` neither.
    public var proxy: ProxyServer?

    /// Whether the proxy variables are read. With `false` and no ``proxy``, every request goes straight to its server.
    ///
    /// Read are `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY`, in this order; the first that isn't empty counts. Hosts in
    /// `no_proxy`, else `NO_PROXY`, are reached directly: names separated by commas or blanks, each of which stands for its subdomains
    /// too, addresses, each with a port or without; networks such as `10.0.0.0/8`; or `*` for everything. `localhost` and loopback
    /// addresses are always reached directly.
    public var usesEnvironmentProxies: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - trustRoots: The authorities to trust.
    ///   - proxy: The proxy of all https requests.
    ///   - usesEnvironmentProxies: Whether the proxy variables are read.
    public init(trustRoots: TrustRoots? = nil, proxy: ProxyServer? = nil, usesEnvironmentProxies: Bool = true) {
        self.trustRoots = trustRoots
        self.proxy = proxy
        self.usesEnvironmentProxies = usesEnvironmentProxies
    }
}
