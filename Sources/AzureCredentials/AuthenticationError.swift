// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a token couldn't be had, with what the service said and what to do about it, as data.
///
/// Everything a credential throws is an `AuthenticationError`, except `CancellationError`. It has a ``code`` for programs, a
/// ``message`` and a ``summary`` for people, and where the troubleshooting guide has an answer, a ``remedy``.
///
/// ```swift
/// do {
///     let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
/// } catch let error as AuthenticationError where error.isUnavailable {
///     // Not set up here.
/// }
/// ```
///
/// ``description`` is for a terminal, ``summary`` for one line of a log, ``message`` is without the remedy; ``debugDescription`` has all that a
/// chain's members said.
///
/// The Azure Identity libraries of other languages have a class for each code: `CredentialUnavailableError` is ``Code-swift.struct/credentialUnavailable``,
/// `ClientAuthenticationError` is ``Code-swift.struct/authenticationFailed``, `AuthenticationRequiredError` is ``Code-swift.struct/authenticationRequired``.
///
/// It never holds a secret or a token, and text from outside is cleaned and shortened before it gets here. It is not `Equatable`: compare what you mean.
public struct AuthenticationError: Error, Sendable {
    /// What kind of failure it is. More may be added.
    public var code: Code
    /// The type name of the credential that failed, such as `ClientSecretCredential`.
    public var credential: String
    /// What happened, in one paragraph. For a refusal of Microsoft Entra ID: `<credential>: <error>: <first code> - <description>`. For a
    /// chain, in lines: that it failed, the likeliest cause, and what each member came to.
    public var message: String
    /// The request that needs a person, for ``Code-swift.struct/authenticationRequired``.
    public var context: TokenRequestContext?
    /// What the token service said, if it refused.
    public var serviceError: ServiceError?
    /// The HTTP response, if there was one.
    public var response: Response?
    /// What the members of a chain came to, in order. Empty for a single credential.
    public var attempts: [Attempt]
    /// Whether the same request may succeed later without anyone doing anything.
    public var isRetryable: Bool
    /// How long the service wants to be left alone, if it said so.
    public var retryAfter: Duration?
    /// What to do about it, if the troubleshooting guide has an answer.
    public var remedy: Remedy?
    /// The error this one was made from, such as a transport's. Its text is not part of ``message`` unless it is safe to show.
    public var underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it is.
    ///   - credential: The type name of the credential.
    ///   - message: What happened. Must not hold a secret.
    ///   - isRetryable: Whether the same request may succeed later without anyone doing anything.
    ///   - underlyingError: The error this one is made from.
    public init(
        _ code: Code,
        credential: String,
        message: String,
        isRetryable: Bool = false,
        underlyingError: (any Error)? = nil
    ) {
        self.code = code
        self.credential = credential
        self.message = message
        self.isRetryable = isRetryable
        self.underlyingError = underlyingError
        self.attempts = []
    }

    /// An error by which a credential says that it can't try here, so that a chain goes on to the next.
    ///
    /// - Parameters:
    ///   - message: What is missing.
    ///   - credential: The type name of the credential.
    /// - Returns: An error with the code ``Code-swift.struct/credentialUnavailable``.
    public static func credentialUnavailable(_ message: String, credential: String) -> AuthenticationError {
        AuthenticationError(.credentialUnavailable, credential: credential, message: message)
    }

    /// Whether a chain goes on to its next member: the credential is not set up here, or needs a person.
    public var isUnavailable: Bool { self.code == .credentialUnavailable || self.code == .authenticationRequired }
}

extension AuthenticationError {
    /// What kind of failure an error is. More may be added, so a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code, such as `authenticationFailed`.
        public let description: String

        /// The credential lacks configuration or set-up here. A chain goes on to the next credential.
        public static let credentialUnavailable = Code(description: "credentialUnavailable")
        /// The credential tried and was refused, or something broke on the way.
        public static let authenticationFailed = Code(description: "authenticationFailed")
        /// A person has to sign in, and the credential may not ask by itself. A chain goes on to the next credential.
        public static let authenticationRequired = Code(description: "authenticationRequired")
        /// An argument or variable is wrong: no credential could succeed with it. A chain stops.
        public static let invalidConfiguration = Code(description: "invalidConfiguration")
        /// The caller's own time was up. The request goes on for others.
        public static let timedOut = Code(description: "timedOut")
    }

    /// What a token service said when it refused.
    public struct ServiceError: Sendable, Hashable {
        /// The OAuth error, such as `invalid_client`. Decide by this one.
        public var error: String
        /// The text for people, cleaned and shortened.
        public var message: String
        /// The AADSTS codes, such as 7000215. For people and look-up: they may change.
        public var codes: [Int]
        /// A finer word for the error, such as `bad_token`.
        public var suberror: String?
        /// When it happened, as the service wrote it (UTC).
        public var timestamp: String?
        /// The service's id of the request.
        public var traceID: String?
        /// The id that was sent along, or made up by the service.
        public var correlationID: String?
        /// The claims a new sign-in must satisfy, as JSON text.
        public var claims: String?
        /// The service's page about the error.
        public var errorURL: String?

        /// Creates a service error.
        ///
        /// - Parameters:
        ///   - error: The OAuth error.
        ///   - message: The text for people.
        ///   - codes: The AADSTS codes.
        public init(error: String, message: String, codes: [Int] = []) {
            self.error = error
            self.message = message
            self.codes = codes
        }
    }

    /// The HTTP response an error was made from.
    public struct Response: Sendable, Hashable {
        /// The status code.
        public var status: Int
        /// The headers that may be shown, with lower-case names.
        public var headers: [String: String]
        /// The beginning of the body, cleaned, if it may be shown.
        public var body: String?

        /// Creates a response.
        ///
        /// - Parameters:
        ///   - status: The status code.
        ///   - headers: The headers that may be shown, with lower-case names.
        ///   - body: The beginning of the body.
        public init(status: Int, headers: [String: String] = [:], body: String? = nil) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// What to do about an error: the troubleshooting guide's answer, as data.
    public struct Remedy: Sendable, Hashable, Encodable {
        /// The row of the troubleshooting guide, such as `G09`.
        public var guide: String
        /// What to do, in a sentence or two.
        public var text: String
        /// Commands that help, each as an argument list. Nothing in them comes from outside without being validated.
        public var commands: [[String]]
        /// Environment variables to look at or to set.
        public var variables: [String]
        /// A page that says more.
        public var link: String?

        /// Creates a remedy.
        ///
        /// - Parameters:
        ///   - guide: The row of the troubleshooting guide.
        ///   - text: What to do.
        ///   - commands: Commands that help, each as an argument list.
        ///   - variables: Environment variables to look at or to set.
        ///   - link: A page that says more.
        public init(guide: String, text: String, commands: [[String]] = [], variables: [String] = [], link: String? = nil) {
            self.guide = guide
            self.text = text
            self.commands = commands
            self.variables = variables
            self.link = link
        }
    }
}

extension AuthenticationError {
    /// Makes any error into an `AuthenticationError`, once; cancellation passes as it is.
    ///
    /// - Parameters:
    ///   - error: The error to wrap.
    ///   - credential: The type name of the credential.
    /// - Returns: `error` itself if it is an `AuthenticationError` or a `CancellationError`, else an error that holds it.
    package static func wrapping(_ error: any Error, credential: String) -> any Error {
        if error is AuthenticationError || error is CancellationError { return error }
        return AuthenticationError(
            .authenticationFailed,
            credential: credential,
            message: "\(credential): \(HostileText.sanitized("\(type(of: error)): \(error)", limit: 300))",
            underlyingError: error
        )
    }
}
