// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

/// A sign-in with a code on another device (RFC 8628): asks for a code, tells the person, and asks for the token until there is one.
struct DeviceCodeFlow: SignInFlow {
    private let prompt: @Sendable (DeviceCodePrompt) async -> Void
    private let timeout: Duration?

    /// - Parameters:
    ///   - prompt: Tells the person. The questions begin when it returns.
    ///   - timeout: How long the whole sign-in may take; `nil`: as long as the code is good.
    init(prompt: @escaping @Sendable (DeviceCodePrompt) async -> Void, timeout: Duration?) {
        self.prompt = prompt
        self.timeout = timeout
    }

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        let clock = desk.host.clock
        let start = clock.now
        let answer = try await self.code(request, at: desk)
        // The code's life began with the answer at the latest.
        let expiry = clock.now + answer.lifetime
        let limit = self.timeout.map { start + $0 }
        try await self.tell(answer, until: min(limit ?? expiry, expiry), at: desk)
        var schedule = DeviceCodeSchedule(interval: answer.interval, expiry: expiry, limit: limit)
        var setback: AuthenticationError?
        while true {
            try Task.checkCancellation()
            switch schedule.next(now: clock.now) {
            case .ask(let delay): try await clock.sleep(for: delay)
            case .timedOut: throw self.given(up: self.timeout ?? answer.lifetime, after: setback, at: desk)
            case .expired: throw self.given(up: answer.lifetime, after: setback, at: desk)
            }
            do {
                return try await self.token(for: answer, request: request, at: desk)
            } catch var error as AuthenticationError {
                switch schedule.note(error) {
                case .pending:
                    // Of what is no answer, the last one is told at the end.
                    setback = error.serviceError == nil ? error : nil
                    desk.logger.debug("The person has not signed in yet", metadata: ["azure.credential": "\(desk.credential)"])
                case .declined:
                    error.remedy = Guide.declinedRemedy
                    throw error
                case .expired:
                    error.remedy = Guide.expiredCodeRemedy
                    throw error
                case .failed: throw error
                }
            }
        }
    }

    /// Tells the person. What tells them has as long as there is for the sign-in, and isn't waited for any longer.
    private func tell(_ answer: DeviceCodeAnswer, until end: MonotonicTime, at desk: SignInDesk) async throws {
        let prompt = self.prompt
        let clock = desk.host.clock
        try await leavingBehind(
            after: end - clock.now,
            clock: clock,
            onTimeout: { self.given(up: min(self.timeout ?? answer.lifetime, answer.lifetime), after: nil, at: desk) },
            operation: { await prompt(answer.prompt) }
        )
    }

    /// A code for the person, and one for this device.
    private func code(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> DeviceCodeAnswer {
        let endpoint = try await desk.endpoint(for: request)
        guard let url = endpoint.deviceAuthorizationURL else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: desk.credential,
                message:
                    "\(desk.credential): The authority names no place that gives out device codes (device_authorization_endpoint)."
            )
        }
        var form: [(name: String, value: String)] = [("client_id", desk.clientID)]
        if let scope = TokenGrant.ScopeRule.withSignInScopes.value(request.context.scopes) { form.append(("scope", scope)) }
        let claims = try ClaimsRequest.value(
            claims: request.context.claims,
            isCAEEnabled: request.context.isCAEEnabled,
            credential: desk.credential
        )
        if let claims { form.append(("claims", claims)) }
        let members = try await desk.answer(to: form, at: url, request: request, secrets: [])
        do {
            return try DeviceCodeAnswer(members, date: desk.host.clock.date)
        } catch let problem {
            throw AuthenticationError(
                .authenticationFailed,
                credential: desk.credential,
                message: "\(desk.credential): The answer of the token service can't be used: \(problem.message)."
            )
        }
    }

    /// One question for the token.
    private func token(
        for answer: DeviceCodeAnswer,
        request: AcquisitionRequest,
        at desk: SignInDesk
    ) async throws -> AcquiredToken {
        let clientID = desk.clientID
        return try await desk.token(for: request) { _ in
            let code = answer.deviceCode.revealed
            var grant = TokenGrant(
                parameters: [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", clientID), ("client_info", "1"),
                    // The standard's name, and the one of older services.
                    ("device_code", code), ("code", code),
                ],
                secrets: FormEncoding.echoes(of: code),
                clientID: clientID
            )
            grant.scopes = .none
            return grant
        }
    }

    /// The error of a sign-in that nobody has ended in time.
    private func given(up time: Duration, after setback: AuthenticationError?, at desk: SignInDesk) -> AuthenticationError {
        var message = """
            \(desk.credential): Timed out waiting for user to authenticate: nobody has signed in with the code within \
            \(time.shownSeconds) s.
            """
        if let setback { message += " The last answer: \(HostileText.sanitized(setback.message, limit: 300))" }
        var error = AuthenticationError(.authenticationFailed, credential: desk.credential, message: message)
        error.response = setback?.response
        error.remedy = Guide.expiredCodeRemedy
        return error
    }
}
