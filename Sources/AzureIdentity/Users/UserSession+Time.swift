// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

extension UserSession {
    /// How much earlier than the whole its last request ends, so that what it failed with comes out.
    private static let margin = Duration.seconds(5)

    /// The request with a time that begins now.
    func dated(_ request: AcquisitionRequest, time: Duration) -> AcquisitionRequest {
        var request = request
        request.deadline = self.host.clock.now + (time - Self.margin)
        return request
    }

    /// Whether the service has refused what another refresh token or a person may mend; not that it is down or busy, nor that the request is
    /// wrong.
    static func isRefusal(_ error: AuthenticationError) -> Bool {
        guard let service = error.serviceError, !error.isRetryable, (error.response?.status ?? 400) < 500 else { return false }
        return service.error == "invalid_grant" || service.isForPerson
    }

    func required(_ request: AcquisitionRequest, refusal: AuthenticationError?) -> AuthenticationError {
        var text =
            "\(self.client.credential): Interactive authentication is required to get a token. Call authenticate(for:) to begin."
        if let refusal { text += " (\(refusal.message))" }
        var error = AuthenticationError(
            .authenticationRequired, credential: self.client.credential, message: text, underlyingError: refusal)
        error.context = request.context
        error.serviceError = refusal?.serviceError
        error.response = refusal?.response
        return error
    }

    /// The error of a request that came to nothing in its time, without anybody asked.
    func givenUp(after time: Duration) -> AuthenticationError {
        AuthenticationError(
            .authenticationFailed,
            credential: self.client.credential,
            message: "\(self.client.credential): No token within \(time.wholeSeconds) s; the request was given up.",
            isRetryable: true
        )
    }

    /// The error of a sign-in that went on beyond its time, whatever it was told.
    func overdue(after time: Duration) -> AuthenticationError {
        AuthenticationError(
            .authenticationFailed,
            credential: self.client.credential,
            message: """
                \(self.client.credential): Timed out waiting for user to authenticate: the sign-in has not ended within \
                \(time.wholeSeconds) s and was given up.
                """
        )
    }
}
