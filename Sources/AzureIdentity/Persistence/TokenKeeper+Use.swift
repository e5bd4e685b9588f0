// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

extension TokenKeeper {
    /// A token from the vault, else a new one, which is kept; and where the service can't be reached, an older one that is still valid.
    func token(
        for request: AcquisitionRequest,
        otherwise acquire: () async throws -> AcquiredToken
    ) async throws -> AcquiredToken {
        if let kept = try await self.token(for: request) { return kept }
        do {
            let token = try await acquire()
            try await self.keep(token, for: request)
            return token
        } catch let error as AuthenticationError where error.isRetryable {
            if let last = try await self.token(for: request, isLastResort: true) { return last }
            throw error
        }
    }
}
