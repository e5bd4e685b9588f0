// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// What the account of Visual Studio Code fails with. Pure.
enum EditorErrors {
    static let credential = "VisualStudioCodeCredential"

    /// The error where no way leads to an account (rows G31 and G54).
    ///
    /// - Parameters:
    ///   - broker: What is missing for the way of today.
    ///   - older: What is missing for the older way.
    ///   - hasEditor: Whether the editor was ever started here.
    ///   - hasRecord: Whether the extension of today has left a record.
    ///   - hasBroker: Whether the program has given the credential a broker.
    static func nobody(
        broker: EditorProblem,
        older: EditorProblem,
        hasEditor: Bool,
        hasRecord: Bool,
        hasBroker: Bool
    ) -> AuthenticationError {
        guard hasEditor, !hasRecord else {
            var error = Self.unavailable(
                """
                \(Self.credential) requires \(broker.reason). By the older way, the extension Azure Account up to 0.9.11: \(older.reason).
                """,
                row: .g54
            )
            // Who has given the credential a broker isn't told to.
            if hasBroker {
                error.remedy?.text = GuideRow.editorSignIn
            }
            return error
        }
        return Self.unavailable(
            """
            \(Self.credential) authentication unavailable. Failed To Read VS Code Credentials: \(older.reason). Authenticate via Azure Tools \
            plugin in VS Code. The extension of today, Azure Resources, needs \(broker.reason).
            """,
            row: .g31
        )
    }

    /// The error of a tenant that stands for AD FS (row G33).
    static var adfs: AuthenticationError {
        Self.unavailable("\(Self.credential) authentication unavailable. ADFS tenant not supported.", row: .g33)
    }

    /// The error of an account that has to sign in again (row G32).
    ///
    /// - Parameters:
    ///   - reason: What was said against the account, with a full stop; empty: nothing.
    ///   - refusal: The refusal, if it came from the token service.
    static func expired(
        _ reason: String,
        refusal: AuthenticationError? = nil,
        context: TokenRequestContext
    ) -> AuthenticationError {
        var error = AuthenticationError(
            .authenticationRequired,
            credential: Self.credential,
            message: HostileText.trimmed(
                """
                \(Self.credential) authentication unavailable. Interaction required: the sign-in of Visual Studio Code isn't good for this \
                request any more. \(reason)
                """),
            underlyingError: refusal
        )
        error.context = context
        error.serviceError = refusal?.serviceError
        error.response = refusal?.response
        // What no sign-in mends has a remedy of its own.
        let isHopeless = refusal?.serviceError?.codes.contains { SignInTrouble(code: $0).map { !$0.isMendedBySignIn } ?? false }
        if !(isHopeless ?? false) { error.remedy = Guide.remedy(.g32) }
        return error
    }

    /// The error of a token that is another account's than the record's.
    ///
    /// - Parameter source: Who gave it, as the beginning of a sentence.
    static func stranger(_ source: String) -> AuthenticationError {
        Self.unavailable(
            """
            \(Self.credential) authentication unavailable. \(source) is signed in with another account than Visual Studio Code; its token is \
            not used.
            """,
            row: .g32
        )
    }

    /// The error of an answer that doesn't say whose token it has, where there is a record to compare with.
    static var nameless: AuthenticationError {
        Self.unavailable(
            """
            \(Self.credential) authentication unavailable. The answer doesn't say whose token it is, and the account of Visual Studio Code is \
            another one for all that is known; the token is not used.
            """,
            row: .g32
        )
    }

    /// The error where an OpenID issuer stands in for Microsoft Entra ID.
    static var issuer: AuthenticationError {
        Self.unavailable(
            "\(Self.credential) authentication unavailable. Accounts of Visual Studio Code sign in to Microsoft Entra ID alone.",
            row: .g02
        )
    }

    private static func unavailable(_ message: String, row: GuideRow) -> AuthenticationError {
        var error = AuthenticationError.credentialUnavailable(message, credential: Self.credential)
        error.remedy = Guide.remedy(row)
        return error
    }
}
