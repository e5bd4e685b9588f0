// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity

extension BrokeredSignIn {
    /// The broker of this system: Web Account Manager on Windows, Company Portal on macOS, an identity broker on Linux.
    ///
    /// On Linux the broker on the session bus is asked directly; where no bus or no broker is on it, and everywhere else, through Microsoft's
    /// broker library, if it is installed. Nothing is loaded or opened before a token is asked for. Systems without brokers have none, so
    /// credentials that need one are unavailable there.
    public static let system = BrokeredSignIn(
        client: { SystemBroker(backEnds: SystemBroker.backEnds($0)) },
        platform: BrokerPlatform.current ?? .linux,
        identity: "system"
    )
}
