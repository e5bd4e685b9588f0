// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What speaks with a broker of sign-ins: the way there and the forms, no policy.
///
/// Each call ends by the request's deadline, and soon after its task is cancelled, which is `BrokerFailure.Kind.cancelled`. Nothing is
/// loaded, opened or asked before the first call.
package protocol BrokerClient: Sendable {
    /// What it is, for logs and errors, such as "identity broker on the session bus".
    var name: String { get }
    /// The accounts that the broker has for the application.
    func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount]
    /// A token without a person's doing; `nil`: for the operating system's default account.
    func acquireSilently(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer
    /// A token from a window that the broker shows; `nil`: the person chooses the account.
    func acquireInteractively(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer
    /// Signs the account out of the application.
    func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure)
}
