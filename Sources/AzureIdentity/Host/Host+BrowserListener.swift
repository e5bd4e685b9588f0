// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import AzureHTTP

extension Host {
    /// Listens on the loopback for the browser to come back from a sign-in.
    package static let listenForRedirect: RedirectListen = { port, handler in
        try await RedirectListener.start(port: port, handler: handler)
    }
}
#endif
