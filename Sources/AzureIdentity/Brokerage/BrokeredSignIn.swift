// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The way to the system's broker of sign-ins: Web Account Manager on Windows, Company Portal on macOS, an identity broker on Linux.
///
/// The product `AzureIdentityBroker` has the one there is, `BrokeredSignIn.system`. A program that links that product hands it to those of
/// this module's credentials that can use it; a program that doesn't has no code of a broker in it. Nothing is loaded or opened before a
/// token is asked for.
public struct BrokeredSignIn: Sendable {
    /// Makes what speaks with the broker.
    let client: @Sendable (Host) -> any BrokerClient
    /// The system.
    let platform: BrokerPlatform
    /// Its kind and, where it has one, the path of what is asked: two that differ may have other accounts, and share no tokens.
    package let identity: String

    package init(
        client: @escaping @Sendable (Host) -> any BrokerClient,
        platform: BrokerPlatform,
        identity: String = "broker"
    ) {
        self.client = client
        self.platform = platform
        self.identity = identity
    }
}
