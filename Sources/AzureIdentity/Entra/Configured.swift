// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What a credential with a good configuration has, or what is wrong with the configuration.
///
/// Two members and no enumeration: a call for a kept token looks at one reference.
struct Configured<Ready: Sendable>: Sendable {
    let credential: String
    /// `nil` where the configuration is wrong.
    let ready: Ready?
    private let failure: AuthenticationError?

    /// - Parameters:
    ///   - credential: The type name of the credential.
    ///   - tenantID: The tenant, which is checked.
    ///   - clientID: The application, which is checked.
    ///   - make: Makes what there is if nothing is wrong; throws what is.
    init(_ credential: String, tenantID: String, clientID: String, make: () throws -> Ready) {
        self.credential = credential
        do {
            guard TenantID.isValid(tenantID) else { throw TenantID.invalid(tenantID, credential: credential) }
            try ClientID.check(clientID, credential: credential)
            self.ready = try make()
            self.failure = nil
        } catch let error {
            self.ready = nil
            self.failure = Self.invalid(error, credential: credential)
        }
    }

    /// What there is, or what is wrong.
    var result: Result<Ready, AuthenticationError> {
        guard let ready = self.ready else {
            return .failure(self.failure ?? Self.invalid(nil, credential: self.credential))
        }
        return .success(ready)
    }

    /// What there is.
    ///
    /// - Throws: `AuthenticationError`: what is wrong with the configuration.
    func get() throws -> Ready { try self.result.get() }

    /// Throws what is wrong with the configuration, if anything is.
    func validate() throws {
        if let failure = self.failure { throw failure }
    }

    private static func invalid(_ error: (any Error)?, credential: String) -> AuthenticationError {
        guard var failure = error as? AuthenticationError else {
            return AuthenticationError(.invalidConfiguration, credential: credential, message: "The configuration is not valid.")
        }
        failure.credential = credential
        return failure
    }
}
