// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials

/// What the tool's exit status says. Part of its contract.
enum ExitStatus {
    /// The status for a failure of `token`.
    static func code(for error: any Error) -> ExitCode {
        guard let error = error as? AuthenticationError else { return ExitCode(error is CancellationError ? 130 : 1) }
        return switch error.code {
        case .credentialUnavailable: ExitCode(2)
        case .authenticationRequired: ExitCode(3)
        case .invalidConfiguration: ExitCode(4)
        default: ExitCode(1)
        }
    }
}
#endif
