// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A refusal in the terms of Microsoft Entra ID.
///
/// `status` is 400 or above. Codes that are marked as guesses are not documented for their situation. The refusals are in files by
/// their matter: the request, the directory, the client, its assertion.
package struct EmulatorRefusal: Error, Sendable {
    package var status: Int = 400
    package var error: String
    package var code: Int?
    package var message: String
    /// What the error is about more exactly.
    package var suberror: String? = nil
    /// The claims that a new request has to ask for, JSON.
    package var claims: String? = nil
    /// What is said in `error_additional_info`.
    package var additionalInfo: [String] = []
    /// Sent besides the usual headers.
    package var headers: [(name: String, value: String)] = []

    /// Text from the request as it may be quoted in a message.
    static func quoted(_ text: String) -> String { "'\(text.prefix(200))'" }

    /// What a fault of this status says, if it doesn't bring its own text.
    static func unavailable(status: Int) -> EmulatorRefusal {
        EmulatorRefusal(
            status: status,
            error: "temporarily_unavailable",
            code: status == 429 ? 90055 : 90033,
            message: status == 429 ? "The tenant is throttled." : "A transient error has occurred. Please try again."
        )
    }

    static let signingFailed = EmulatorRefusal(
        status: 500,
        error: "server_error",
        code: 90033,
        message: "The emulator could not sign the token."
    )
}
