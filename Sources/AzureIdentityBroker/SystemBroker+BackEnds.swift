// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

extension SystemBroker {
    /// The ways to the broker of the system that the program was built for. Making them opens and loads nothing.
    static func backEnds(_ host: Host) -> [any BrokerClient] {
        #if os(Linux)
        // The bus first: it needs no library that isn't free.
        [DBusBroker(host: host), MSALRuntimeBroker(host: host)]
        #elseif os(Windows) || os(macOS)
        [MSALRuntimeBroker(host: host)]
        #else
        []
        #endif
    }
}
