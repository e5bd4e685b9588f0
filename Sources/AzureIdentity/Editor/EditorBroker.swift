// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The way of today to the editor's account: the broker is asked for a token of the very account that the extension Azure Resources has written
/// down, and never shows a window.
struct EditorBroker: Sendable {
    private let session: BrokerSession

    /// - Parameters:
    ///   - broker: The way to the broker. Nothing is opened or asked yet.
    ///   - record: The account.
    ///   - tenantID: The tenant that tokens are asked from.
    ///   - options: The cloud and the log.
    ///   - keeping: Where the tokens are kept that it gives.
    ///   - host: The machine.
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    init(
        _ broker: BrokeredSignIn,
        record: AuthenticationRecord,
        tenantID: String,
        options: CredentialOptions,
        keeping: BrokerSession.Keeping,
        host: Host
    ) throws {
        var client = BrokerEngine.Client(credential: EditorErrors.credential)
        client.tenantID = tenantID
        client.clientID = EditorRecord.clientID
        client.record = record
        // Brokers without a list of accounts have the operating system's; whose token that is, is compared with the record.
        client.usesDefaultAccount = true
        client.authenticatesAutomatically = false
        // Not even where another credential of the same task may ask a person.
        client.isSilent = true
        let options = EditorPlan.options(
            options, at: try AuthorityHost(record.authority), environment: host.environment)
        self.session = BrokerSession(
            client,
            broker: broker,
            authority: try Authority(options: options, tenantID: tenantID, environment: host.environment),
            validatesAuthority: options.isInstanceDiscoveryEnabled,
            keeping: keeping,
            host: host,
            logger: options.logging.logger
        )
    }

    /// A token for a request.
    ///
    /// - Throws: `EditorProblem` if there is no broker; `AuthenticationError`; `CancellationError`.
    func token(for request: AcquisitionRequest) async throws -> AcquiredToken {
        do {
            return try await self.session.acquire(request)
        } catch let error as AuthenticationError {
            throw Self.interpreted(error, context: request.context)
        }
    }

    /// What is missing if there is no broker, by asking for its accounts; `nil`: nothing, or nobody knows.
    func absence(within patience: Duration) async -> EditorProblem? {
        guard let error = await self.session.absence(within: patience) else { return nil }
        return Self.interpreted(error, context: TokenRequestContext(scopes: [])) as? EditorProblem
    }

    /// A session's error as the editor's. It has three without a failure of the broker's underneath or an answer of the token service: that
    /// there is no broker, that the token is somebody else's, and a mistake in the request.
    static func interpreted(_ error: AuthenticationError, context: TokenRequestContext) -> any Error {
        let failure = error.underlyingError as? BrokerFailure
        if error.isUnavailable, let failure, !failure.isAbsence {
            let sentence =
                failure.kind == .accountNotFound
                ? "The broker doesn't know the account." : "The broker needs a person to sign in."
            let reason = failure.context.isEmpty ? sentence : "\(sentence) (\(failure.context))"
            return EditorErrors.expired(reason, refusal: error, context: context)
        }
        if error.isUnavailable {
            let opening = "\(EditorErrors.credential) authentication unavailable. "
            let reason = error.message.hasPrefix(opening) ? String(error.message.dropFirst(opening.count)) : error.message
            return EditorProblem(reason: "a broker: \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)")
        }
        let isStranger = error.code == .authenticationFailed && failure == nil && error.serviceError == nil
        return isStranger ? EditorErrors.stranger("The broker") : error
    }
}
