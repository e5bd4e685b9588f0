// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The errors of one tool: they differ by words and rows of the guide alone. Shows no token.
struct ToolErrors: Sendable {
    /// The type name of the credential.
    let credential: String
    /// The tool's name.
    let title: String
    /// The row of a tool that isn't there, and the sentence that the guide wants to be in the message.
    let absent: (row: GuideRow, text: String)
    /// The row of a tool that nobody has signed in to, and the sentence.
    let signIn: (row: GuideRow, text: String)
    /// The programs that were looked for.
    let executables: [String]

    /// The program isn't there, or may not be run.
    func absence(_ location: ToolLocation) -> AuthenticationError {
        let reason: String =
            switch location {
            case .notExecutable(let path): "There is \(HostileText.sanitized(path, limit: 200)), which this process may not run."
            case .absent, .found: "No directory of PATH holds \(self.executables.joined(separator: " or "))."
            }
        return self.unavailable("\(self.absent.text) \(reason)", row: self.absent.row)
    }

    /// The program came to nothing.
    func failure(_ failure: ToolFailure, executable: String, timeout: Duration) -> AuthenticationError {
        let path = HostileText.sanitized(executable, limit: 200)
        switch failure {
        case .notStarted(let reason):
            return self.unavailable(
                "\(self.title) (\(path)) could not be started: \(HostileText.sanitized(reason, limit: 300))", row: self.absent.row
            )
        case .timedOut:
            var error = self.unavailable(
                "\(self.title) (\(path)) gave no answer within \(timeout.shownSeconds) s and was ended.", row: self.signIn.row)
            error.isRetryable = true
            error.remedy?.text = """
                Get a token from the tool by hand, to see how long it takes; what it prints is not to be shared. If it is merely slow, give \
                the credential a longer processTimeout (azid: --process-timeout).
                """
            error.remedy?.commands = []
            return error
        case .outOfDescriptors:
            var error = self.failed("\(self.title) can't be started: this process has too many open files.")
            error.isRetryable = true
            return error
        case .tooMuchOutput:
            return self.failed("\(self.title) (\(path)) printed far more than a token needs, and was ended.")
        }
    }

    /// Nobody has signed in, or a sign-in is of no use any more.
    func signedOut(_ complaint: ToolComplaint?, question: ToolQuestion) -> AuthenticationError {
        let text = complaint?.text ?? ""
        let isSaid = text.isEmpty || self.signIn.text.contains(text.replacing("setup", with: "set up"))
        let said = isSaid ? "" : " \(self.title) says: \(text)"
        var facts = Self.facts(question)
        // The service wants more than the sign-in that there is, for this resource.
        facts.isScopeNeeded = complaint?.isForSignIn ?? false
        var error = self.unavailable(self.signIn.text + said, row: self.signIn.row, facts: facts)
        error.serviceError = complaint?.serviceError
        return error
    }

    /// The tool has failed otherwise.
    func refusal(_ complaint: ToolComplaint, status: Int32, question: ToolQuestion) -> AuthenticationError {
        if complaint.isForSignIn { return self.signedOut(complaint, question: question) }
        let end = status < 0 ? "was ended by signal \(-Int64(status))" : "failed (exit status \(status))"
        let text = complaint.text.isEmpty ? "\(self.title) \(end) and gave no reason." : "\(self.title) \(end): \(complaint.text)"
        // The code may stand in what isn't shown.
        let said = complaint.serviceError.map {
            complaint.text.contains("AADSTS") ? complaint.text : "\(complaint.text) \($0.message)"
        }
        var error = self.failed(said ?? text)
        error.serviceError = complaint.serviceError
        error.isRetryable = complaint.isTransient
        error.remedy = Guide.remedy(for: error, facts: GuideFacts())
        return error
    }

    /// What the tool has printed is no answer. What it was isn't shown: it may hold a token in any form.
    func unusable(_ what: String) -> AuthenticationError { self.failed("Unexpected output from \(self.title): \(what)") }

    /// A challenge's claims, which the tool can satisfy by a sign-in of a person alone.
    func claims(_ question: ToolQuestion, needs version: String) -> AuthenticationError {
        var facts = Self.facts(question)
        facts.claims = question.claims.map(Self.base64)
        facts.isScopeNeeded = true
        var error = self.failed(
            """
            This credential doesn't support claims challenges: the service wants a new sign-in, with claims. \(self.title) can do that \
            (\(version) or newer); ask again afterwards.
            """
        )
        error.remedy = Guide.remedy(self.signIn.row, facts: facts)
        return error
    }

    /// The tool has given a token that is of no use any more.
    func expired() -> AuthenticationError {
        var error = self.failed(
            "\(self.title) gave a token that has expired by this machine's clock. Sign in again, or set the clock right.")
        var remedy = Guide.remedy(self.signIn.row)
        remedy.commands = Array(remedy.commands.prefix(1))
        error.remedy = remedy
        return error
    }

    func invalid(_ message: String) -> AuthenticationError {
        AuthenticationError(.invalidConfiguration, credential: self.credential, message: message)
    }

    func unavailable(_ message: String, row: GuideRow, facts: GuideFacts = GuideFacts()) -> AuthenticationError {
        var error = AuthenticationError.credentialUnavailable(message, credential: self.credential)
        error.remedy = Guide.remedy(row, facts: facts)
        return error
    }

    func failed(_ message: String) -> AuthenticationError {
        AuthenticationError(.authenticationFailed, credential: self.credential, message: "\(self.credential): \(message)")
    }

    static func facts(_ question: ToolQuestion) -> GuideFacts {
        var facts = GuideFacts()
        facts.tenantID = question.tenantID
        facts.scope = question.scopes.first
        facts.subscription = question.subscription
        return facts
    }

    static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
