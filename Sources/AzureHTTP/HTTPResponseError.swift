// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials

/// A service answered, and the answer is an error: with its status, what the service said, and who was refused.
///
/// Clients of services throw it. It never holds a token, a header's value outside the allow-list, or a query's value; text from the service is
/// cleaned and shortened. What tells of a person by its form, such as `ada@contoso.example`, is left out of ``description`` and of the encoded
/// error; ``message`` and ``headers`` have it as the service wrote it.
///
/// What goes wrong before there is an answer has types of its own: `AuthenticationError` if there was no token, ``TransportError`` if there
/// was no response.
public struct HTTPResponseError: Error, Sendable {
    /// The status code.
    public var status: Int
    /// The service's name of the error, such as `Forbidden`. Decide by this one and the status.
    public var code: String?
    /// The service's finer name of the error, such as `ForbiddenByRbac`.
    public var innerCode: String?
    /// What the service said, for people. Without a word from it, what the status means.
    public var message: String
    /// The service's id of the request.
    public var requestID: String?
    /// The id that was sent along.
    public var clientRequestID: String?
    /// The method of the request; empty if it isn't known.
    public var method: String
    /// The URL of the request, without the values of its query; empty if it isn't known.
    public var url: String
    /// The response's headers that may be shown, with lower-case names.
    public var headers: [String: String]
    /// How long the service wants to be left alone, if it said so.
    public var retryAfter: Duration?
    /// Whether the same request may succeed later without anyone doing anything.
    public var isRetryable: Bool
    /// Who was refused: whom the token was given to that was sent, and by which credential.
    public var identity: AccessToken.Provenance?
    /// What to do about it, if the client knows.
    public var remedy: AuthenticationError.Remedy?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - code: The service's name of the error.
    ///   - message: What the service said. Cleaned and shortened.
    public init(status: Int, code: String? = nil, message: String) {
        self.status = status
        self.code = code.map { HostileText.sanitized($0, limit: Self.nameLimit) }
        self.message = HostileText.sanitized(message)
        self.method = ""
        self.url = ""
        self.headers = [:]
        self.isRetryable = Self.isRetryable(status)
    }

    /// Reads a response that is an error.
    ///
    /// - Parameters:
    ///   - response: The response. Of a body over 256 KiB nothing is read.
    ///   - request: The request that it answers.
    ///   - identity: Whom the token was given to that was sent.
    public init(_ response: TransportResponse, of request: TransportRequest, identity: AccessToken.Provenance? = nil) {
        self.init(response, of: request, identity: identity, logging: LoggingOptions())
    }

    /// Reads the response to an authorized request.
    ///
    /// - Parameters:
    ///   - exchange: The exchange, for the response, the ids and whose token it was.
    ///   - request: The request as it was given to the authorizer.
    ///   - logging: The options whose allow-lists say what may be shown.
    package init(_ exchange: AuthorizedExchange, of request: TransportRequest, logging: LoggingOptions) {
        var request = request
        if let token = exchange.token?.token { request.secrets.append(token) }
        self.init(exchange.exchange.response, of: request, identity: exchange.token?.provenance, logging: logging)
        self.clientRequestID = exchange.exchange.clientRequestID ?? self.clientRequestID
        self.retryAfter = exchange.exchange.retryAfter
    }

    private init(
        _ response: TransportResponse, of request: TransportRequest, identity: AccessToken.Provenance?, logging: LoggingOptions
    ) {
        let body = ServiceErrorBody(response.body)
        // A service that sends back what it was sent must not have the token shown.
        let sent = request.headers.values(for: "Authorization").compactMap { $0.split(separator: " ").last.map(String.init) }
        let secrets = request.secrets + sent
        func shown(_ text: String?, limit: Int) -> String? {
            let clean = text.map { HostileText.withoutTokens(HostileText.sanitized($0, removing: secrets, limit: limit)) }
            return clean?.isEmpty == false ? clean : nil
        }
        func header(_ names: String...) -> String? {
            shown(names.lazy.compactMap { response.headers[$0] }.first, limit: Self.nameLimit)
        }
        let message = shown(body.message, limit: HostileText.defaultLimit)
        self.init(status: response.status, message: message ?? "The service gave no reason that can be shown.")
        let redaction = LogRedaction(options: logging, secrets: secrets)
        self.code = shown(body.code, limit: Self.nameLimit) ?? header("x-ms-error-code")
        self.innerCode = shown(body.innerCode, limit: Self.nameLimit)
        self.requestID = header("x-ms-request-id", "request-id", "apim-request-id")
        self.clientRequestID = header("x-ms-client-request-id", "client-request-id")
        self.method = HostileText.sanitized(request.method.rawValue, limit: 20)
        self.url = redaction.rendered(request.url)
        self.headers = redaction.allowed(response.headers)
        self.retryAfter = RetryAfter.delay(in: response.headers, now: SystemClock().date)
        self.identity = identity
    }

    /// The longest name that is kept, in characters.
    private static let nameLimit = 200

    private static func isRetryable(_ status: Int) -> Bool { RetryOptions.default.statusCodes.contains(status) }
}

extension HTTPResponseError: CustomStringConvertible {
    /// What happened, to which request, as whom and what to do about it, over several lines. Without names of users, the service's words
    /// included.
    public var description: String {
        let name = [self.code, self.innerCode].compactMap { $0 }.joined(separator: "/")
        var lines = ["\(self.status)\(name.isEmpty ? "" : " \(name)"): \(self.message)"]
        if !self.url.isEmpty { lines.append("  Request: \(self.method) \(self.url)") }
        let ids = [("request id", self.requestID), ("client request id", self.clientRequestID)]
        let shownIDs = ids.compactMap { name, id in id.map { "\(name) \($0)" } }
        if !shownIDs.isEmpty { lines.append("  Ids: \(shownIDs.joined(separator: ", "))") }
        if let identity = self.identity { lines.append("  As: \(identity)") }
        if let retryAfter = self.retryAfter { lines.append("  Try again in \(retryAfter.wholeSeconds) s.") }
        if let remedy = self.remedy {
            lines.append("  Remedy (\(remedy.guide)): \(remedy.text)")
            lines += remedy.commands.map { "    \(ShellWord.commandLine($0))" }
            if let link = remedy.link { lines.append("  See \(link)") }
        }
        return AccountText.redacted(lines.joined(separator: "\n"))
    }
}

extension HTTPResponseError: Encodable {
    private enum CodingKeys: String, CodingKey {
        case status, code, innerCode, message, requestId, clientRequestId, method, url, headers, retryAfterSeconds, isRetryable
        case credential, tenantId, clientId, objectId, remedy
    }

    /// Encodes the error, without names of users, the service's words included.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.status, forKey: .status)
        try container.encodeIfPresent(self.code.map(AccountText.redacted), forKey: .code)
        try container.encodeIfPresent(self.innerCode.map(AccountText.redacted), forKey: .innerCode)
        try container.encode(AccountText.redacted(self.message), forKey: .message)
        try container.encodeIfPresent(self.requestID.map(AccountText.redacted), forKey: .requestId)
        try container.encodeIfPresent(self.clientRequestID.map(AccountText.redacted), forKey: .clientRequestId)
        try container.encode(self.method, forKey: .method)
        try container.encode(AccountText.redacted(self.url), forKey: .url)
        try container.encode(self.headers.mapValues(AccountText.redacted), forKey: .headers)
        try container.encodeIfPresent(self.retryAfter?.wholeSeconds, forKey: .retryAfterSeconds)
        try container.encode(self.isRetryable, forKey: .isRetryable)
        try container.encodeIfPresent(self.identity?.credential, forKey: .credential)
        try container.encodeIfPresent(self.identity?.tenantID, forKey: .tenantId)
        try container.encodeIfPresent(self.identity?.clientID, forKey: .clientId)
        try container.encodeIfPresent(self.identity?.objectID, forKey: .objectId)
        try container.encodeIfPresent(self.remedy, forKey: .remedy)
    }
}
