// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What the failures of a broker come out as. Pure.
struct BrokerErrors: Sendable {
    /// The type name of the credential.
    let credential: String
    /// What was asked.
    let broker: String
    let platform: BrokerPlatform
    let clientID: String
    let isMSAPassthroughEnabled: Bool
    /// Whether nobody is ever asked, so that a person who is needed is as good as no broker.
    let isSilent: Bool
    /// Whether the account that was asked for is a personal Microsoft account.
    let isPersonal: Bool

    /// What tells the absence of a broker from its failures, in messages.
    static let absence = "There is no broker of sign-ins"

    /// The error of a failure.
    ///
    /// - Parameters:
    ///   - failure: The failure.
    ///   - limit: How long the broker, or the person, had.
    func error(_ failure: BrokerFailure, limit: Duration) -> AuthenticationError {
        if case .absent(let reason) = failure.kind {
            let clean = HostileText.sanitized(reason, limit: 500)
            var failure = failure
            failure.kind = .absent(reason: clean)
            return AuthenticationError(
                .credentialUnavailable,
                credential: self.credential,
                message: """
                    \(self.credential) authentication unavailable. \(Self.absence) to ask: \(clean) \(self.platform.installation)
                    """,
                underlyingError: failure
            )
        }
        var error = AuthenticationError(
            .authenticationFailed,
            credential: self.credential,
            message: "\(self.credential): \(self.sentence(failure, limit: limit))\(self.said(failure))",
            isRetryable: Self.isRetryable(failure.kind),
            underlyingError: failure
        )
        error.serviceError = self.serviceError(failure)
        error.remedy = self.remedy(failure)
        return error
    }

    /// The error where a person has to sign in, and nobody may be asked.
    func required(_ failure: BrokerFailure, context: TokenRequestContext) -> AuthenticationError {
        let way =
            self.isSilent
            ? "which this credential never has it do. Sign in once by BrokerCredential and authenticate(for:), or to the system"
            : "and this request may not ask one. Call authenticate(for:) where it may"
        var error = AuthenticationError(
            self.isSilent ? .credentialUnavailable : .authenticationRequired,
            credential: self.credential,
            message: "\(self.credential): The broker needs a person to sign in, \(way).\(self.said(failure))",
            underlyingError: failure
        )
        error.context = context
        error.serviceError = self.serviceError(failure)
        error.remedy = self.remedy(failure)
        return error
    }

    /// The error of a token that is another person's.
    ///
    /// - Parameter configured: Who has to sign in by the configuration.
    func otherPerson(configured: BrokerExpectation) -> AuthenticationError {
        let whose =
            switch configured {
            case .anyone: "the person before"
            case .account: "the authentication record"
            case .username: "the login hint"
            }
        return AuthenticationError(
            .authenticationFailed,
            credential: self.credential,
            message: """
                \(self.credential): The broker's token is another account's than that of \(whose), and is not used. Sign in with that \
                account, or call authenticate(for:) to change accounts.
                """
        )
    }

    /// Whether a refusal is one for all who wait: whoever has closed one window isn't shown the next at once.
    static func isRefusalForAll(_ error: AuthenticationError) -> Bool {
        (error.underlyingError as? BrokerFailure)?.kind == .userCanceled
    }

    private static func isRetryable(_ kind: BrokerFailure.Kind) -> Bool {
        switch kind {
        case .noNetwork, .temporary, .timedOut, .cancelled: true
        default: false
        }
    }

    private func sentence(_ failure: BrokerFailure, limit: Duration) -> String {
        switch failure.kind {
        case .absent: "There is no broker of sign-ins."
        case .interactionRequired: "The broker needs a person to sign in."
        case .accountNotFound: "The broker doesn't know the account."
        case .noNetwork: "The broker can't reach Microsoft Entra ID: the machine is offline."
        case .temporary: "The broker has no token at the moment."
        case .userCanceled: "The person has closed the broker's window, or declined the sign-in."
        case .configuration:
            self.isRefusedPersonally(failure)
                ? "The broker takes no personal Microsoft account for the application."
                : "The broker doesn't take the request as the application is set up."
        case .timedOut: "No token from the broker within \(limit.shownSeconds) s."
        case .cancelled: "The broker ended the request."
        case .protocolError: "The broker's answer can't be used."
        case .refused:
            self.isRefusedPersonally(failure)
                ? "The broker takes no personal Microsoft account for the application." : "The broker refused."
        }
    }

    /// What the broker said, by its name, with its numbers.
    private func said(_ failure: BrokerFailure) -> String {
        let numbers = [
            failure.status.map { "status \($0)" }, failure.errorCode.map { "error code \($0)" }, failure.tag.map { "tag \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
        let parts = [failure.context, numbers].filter { !$0.isEmpty }
        guard !parts.isEmpty else { return " (\(self.broker))" }
        return " (\(self.broker): \(parts.joined(separator: "; ")))"
    }

    /// What Microsoft Entra ID said, if the broker passed on a code of it.
    private func serviceError(_ failure: BrokerFailure) -> AuthenticationError.ServiceError? {
        let codes = ServiceText.codes(in: failure.context)
        guard !codes.isEmpty else { return nil }
        let isPersonNeeded = failure.kind == .interactionRequired
        return .init(error: isPersonNeeded ? "interaction_required" : "broker_error", message: failure.context, codes: codes)
    }

    /// The remedies that are about brokers; `nil`: the guide finds one by the code.
    private func remedy(_ failure: BrokerFailure) -> AuthenticationError.Remedy? {
        let code = ServiceText.codes(in: failure.context).first
        if code == 50_011 || code == 7_000_218 {
            return Guide.redirectRemedy(self.platform.registeredRedirectURL(clientID: self.clientID), clientID: self.clientID)
        }
        if self.isRefusedPersonally(failure) { return Guide.passthroughRemedy(isOnBus: self.platform == .linux) }
        return failure.kind == .userCanceled ? Guide.closedWindowRemedy : nil
    }

    /// Whether the refusal is that of a personal Microsoft account, which passthrough might mend.
    private func isRefusedPersonally(_ failure: BrokerFailure) -> Bool {
        guard !self.isMSAPassthroughEnabled else { return false }
        let codes = ServiceText.codes(in: failure.context)
        if codes.contains(500_200) { return true }
        // Also said of a guest who isn't invited.
        if codes.contains(50_020) { return self.isPersonal || failure.context.lowercased().contains("live.com") }
        return self.isPersonal && codes.isEmpty && [.configuration, .refused].contains(failure.kind)
    }
}

extension BrokerPlatform {
    /// The platform by what the machine tells of itself: programs for Linux also run inside of Windows.
    func refined(_ host: Host) -> BrokerPlatform {
        self == .linux && host.isWindowsSubsystem() ? .windowsSubsystem : self
    }
}
