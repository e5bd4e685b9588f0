// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension AuthenticationError: Encodable {
    private enum CodingKeys: String, CodingKey {
        case code, credential, message, summary, error, aadsts, suberror, correlationId, traceId, timestamp, claims
        case httpStatus, isRetryable, retryAfterSeconds, guide, remedy, attempts
    }

    /// Encodes the error as the tool `azid` prints it.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.code.description, forKey: .code)
        try container.encode(self.credential, forKey: .credential)
        try container.encode(self.message, forKey: .message)
        try container.encode(self.summary, forKey: .summary)
        try container.encodeIfPresent(self.serviceError.flatMap { $0.error.isEmpty ? nil : $0.error }, forKey: .error)
        try container.encode(self.serviceError?.codes ?? [], forKey: .aadsts)
        try container.encodeIfPresent(self.serviceError?.suberror, forKey: .suberror)
        try container.encodeIfPresent(self.serviceError?.correlationID, forKey: .correlationId)
        try container.encodeIfPresent(self.serviceError?.traceID, forKey: .traceId)
        try container.encodeIfPresent(self.serviceError?.timestamp, forKey: .timestamp)
        try container.encodeIfPresent(self.serviceError?.claims, forKey: .claims)
        try container.encodeIfPresent(self.response?.status, forKey: .httpStatus)
        try container.encode(self.isRetryable, forKey: .isRetryable)
        try container.encodeIfPresent(self.retryAfter?.wholeSeconds, forKey: .retryAfterSeconds)
        try container.encodeIfPresent(self.remedy?.guide, forKey: .guide)
        try container.encodeIfPresent(self.remedy, forKey: .remedy)
        try container.encode(self.attempts, forKey: .attempts)
    }
}

extension AuthenticationError.Attempt: Encodable {
    private enum CodingKeys: String, CodingKey {
        case credential, outcome, code, summary, message, durationMilliseconds, guide
    }

    /// Encodes the attempt.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.credential, forKey: .credential)
        try container.encode(self.outcome.description, forKey: .outcome)
        try container.encodeIfPresent(self.code?.description, forKey: .code)
        try container.encode(self.summary, forKey: .summary)
        try container.encode(self.message, forKey: .message)
        try container.encodeIfPresent(self.remedy?.guide, forKey: .guide)
        try container.encode((self.duration.inSeconds * 1000).rounded(), forKey: .durationMilliseconds)
    }
}
