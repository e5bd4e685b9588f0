// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// Begins a session with a user's token. Without one, the session has to be there.
struct OnBehalfOfFlow: SignInFlow {
    let exchange: OnBehalfOfExchange
    let assertion: Secret?

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        guard let assertion = self.assertion else {
            throw AuthenticationError(
                .authenticationRequired,
                credential: desk.credential,
                message: """
                    \(desk.credential): There is no session under this key, or it has ended: the user has to call again, and their token \
                    begins a new one.
                    """
            )
        }
        let exchange = self.exchange
        do {
            return try await desk.token(for: request) { context in
                try await OnBehalfOfExchange.grant(assertion, for: exchange, context: context, scopes: .withSignInScopes)
            }
        } catch let error as AuthenticationError {
            throw OnBehalfOfExchange.interpreted(error, request: request)
        }
    }
}
