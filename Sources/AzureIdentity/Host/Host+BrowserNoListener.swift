// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !AsyncHTTPClient
import AzureHTTP

extension Host {
    /// Nobody can: the trait `AsyncHTTPClient` is off.
    package static let listenForRedirect: RedirectListen = { _, _ in throw RedirectListenerProblem.notBuilt }
}
#endif
