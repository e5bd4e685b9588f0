// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// A credential of a developer tool, or of what such tools share: whether it is there at all is known without asking it.
protocol DeveloperToolCredential: KeepingTokenCredential {
    /// Throws what is wrong with the configuration.
    func validate() throws
    /// Looks for the tool, without running it: the error of one that isn't there.
    func locate() -> AuthenticationError?
}
