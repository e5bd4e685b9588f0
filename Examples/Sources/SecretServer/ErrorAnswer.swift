// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureKeyVaultSecrets

/// What a caller of the service is told when a secret can't be read. Pure.
///
/// A caller learns whose turn it is: theirs (400, 404), nobody's but time's (503, with `Retry-After`), or the operator's (500, 502). What exactly
/// is wrong with the service's own identity is the operator's business, so it goes to the log alone.
package struct ErrorAnswer: Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// A word for programs.
    package var code: String
    /// A sentence for people.
    package var message: String
    /// After how many seconds to try again, if that can help.
    package var retryAfter: Int?
    /// What goes to the log: as much as is known. `nil`: it is no failure of the service's.
    package var logLine: String?

    /// The answer to an error.
    ///
    /// - Parameter error: What reading a secret has thrown.
    package init(_ error: any Error) {
        switch error {
        case let error as AuthenticationError: self.init(authentication: error)
        case let error as HTTPResponseError: self.init(vault: error)
        case let error as SecretClientError where error.code == .invalidArgument:
            self.init(status: 400, code: "invalidName", message: error.message)
        case let error as TransportError:
            self.init(
                status: 503,
                code: "vaultUnreachable",
                message: "The vault can't be reached. Try again later.",
                retryAfter: 1,
                logLine: "\(error)"
            )
        default:
            // Of an error of unknown type the name alone: its text may hold anything.
            self.init(status: 500, code: "failed", message: "Something went wrong here.", logLine: "\(type(of: error))")
        }
    }

    private init(authentication error: AuthenticationError) {
        if error.isRetryable || error.code == .timedOut {
            self.init(
                status: 503,
                code: "signInDelayed",
                message: "The service can't sign in at the moment. Try again later.",
                retryAfter: Self.seconds(error.retryAfter),
                logLine: error.summaryWithoutAccounts
            )
        } else {
            // The remedy is in the description, over several lines.
            self.init(
                status: 500,
                code: "signInFailed",
                message: "The service can't sign in, which its operator has to mend.",
                logLine: "\(error)"
            )
        }
    }

    private init(vault error: HTTPResponseError) {
        switch error.status {
        case 404: self.init(status: 404, code: "notFound", message: "There is no such secret.")
        case _ where error.isRetryable:
            self.init(
                status: 503,
                code: "vaultBusy",
                message: "The vault is busy. Try again later.",
                retryAfter: Self.seconds(error.retryAfter),
                logLine: "\(error)"
            )
        default:
            self.init(
                status: 502,
                code: "vaultRefused",
                message: "The vault refuses this service, which its operator has to mend.",
                logLine: "\(error)"
            )
        }
    }

    private init(status: Int, code: String, message: String, retryAfter: Int? = nil, logLine: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.logLine = logLine
    }

    /// In whole seconds, at least one.
    private static func seconds(_ duration: Duration?) -> Int {
        guard let duration else { return 1 }
        let (seconds, attoseconds) = duration.components
        return max(1, Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0))
    }
}
