// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Testing

@testable import AzureIdentityServiceLifecycle

/// What the log and time-outs say of a failure.
@Suite struct KeptTokenTests {
    private struct OwnError: Error {
        let text = "ada@contoso.example"
    }

    @Test func failuresNameNoUser() {
        let error = AuthenticationError(.authenticationFailed, credential: "X", message: "ada@contoso.example is locked.")
        #expect(KeptToken.summary(of: error).contains("<account> is locked."))
        #expect(!KeptToken.summary(of: error).contains("ada@"))
        #expect(KeptToken.summary(of: OwnError()) == "OwnError")
    }
}
