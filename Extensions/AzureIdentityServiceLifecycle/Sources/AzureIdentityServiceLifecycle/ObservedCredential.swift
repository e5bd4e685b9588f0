// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// Passes requests on, and tells what came of them: of renewals that fail while the old token is valid, nobody would hear else.
struct ObservedCredential: TokenCredential {
    let base: any TokenCredential
    let observe: @Sendable (Result<AccessToken, any Error>) -> Void

    func token(for context: TokenRequestContext) async throws -> AccessToken {
        do {
            let token = try await self.base.token(for: context)
            self.observe(.success(token))
            return token
        } catch let error {
            self.observe(.failure(error))
            throw error
        }
    }
}
