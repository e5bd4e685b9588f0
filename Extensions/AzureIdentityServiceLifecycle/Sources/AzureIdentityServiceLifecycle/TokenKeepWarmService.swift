// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureIdentity
public import Logging
public import ServiceLifecycle

/// Keeps tokens of a credential fresh while a program runs, so that no request waits for one: a service for swift-service-lifecycle.
///
/// A credential renews its tokens early by itself, but only while somebody asks for them. After an idle night the first request would
/// wait for a token. This service asks in time for each request it was given, through the same credential, whose cache then has the token:
///
/// ```swift
/// let credential = DefaultAzureCredential()
/// let keepWarm = TokenKeepWarmService(credential: credential, scopes: ["https://vault.azure.net/.default"])
/// let group = ServiceGroup(services: [keepWarm, server], gracefulShutdownSignals: [.sigterm], logger: logger)
/// ```
///
/// Tokens are kept apart by scopes, tenant and CAE, so the requests have to be those of whoever uses the tokens, or another token is kept warm
/// than is used. A client that learns the tenant from the service, as `SecretClient` does from its vault, asks with that tenant, even if it is
/// the one that a command-line tool would take by itself:
///
/// ```swift
/// let request = TokenRequestContext(scopes: ["https://vault.azure.net/.default"], tenantID: vaultTenantID, isCAEEnabled: true)
/// let keepWarm = TokenKeepWarmService(credential: credential, requests: [request])
/// ```
///
/// Name it before the servers that need the tokens: a group starts services in order, and shuts them down in reverse. A server that must not
/// take requests before its tokens are there awaits ``waitUntilReady(timeout:)``; a readiness probe asks ``isReady``.
///
/// - When a token is renewed, `TokenRenewals` of AzureIdentity decides: when it says so, else five minutes before it expires, and up to a
///   minute more by chance, so that a fleet doesn't renew at once.
/// - A failure ends nothing. While the last token is valid, the service is still ready; the failure stands in ``tokens`` and in the log.
///   Without a valid token it asks on: after a second at first and up to a minute later, where a retry can help; after 15 seconds and up to
///   five minutes, where somebody has to mend something first. With ``Options/endsOnLastingFailure`` the latter ends the service instead, and
///   with it the group.
/// - It ends at once with a graceful shutdown, then without an error, and with the cancellation of its task, then with `CancellationError`.
///   A token request that is under way is given up.
///
/// Reads no environment variable. Keeps no token itself: of each it notes when it expires.
public final class TokenKeepWarmService: Service {
    private static let name = "TokenKeepWarmService"

    /// How the service behaves.
    public struct Options: Sendable {
        /// Whether the service ends with the error when there is no valid token and a retry can't help. Else it tries again, with longer and
        /// longer waits, until somebody has mended what is wrong.
        public var endsOnLastingFailure: Bool
        /// Where failures are logged. `nil`: to the task-local `Logger.current`.
        public var logger: Logger?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - endsOnLastingFailure: Whether the service ends with an error that a retry can't help with.
        ///   - logger: Where failures are logged.
        public init(endsOnLastingFailure: Bool = false, logger: Logger? = nil) {
            self.endsOnLastingFailure = endsOnLastingFailure
            self.logger = logger
        }
    }

    private let credential: any TokenCredential
    private let requests: [TokenRequestContext]
    private let options: Options
    private let time: KeepWarmTime
    private let ledger: KeepWarmLedger

    /// Creates a service for scopes. Nothing is requested before it runs.
    ///
    /// - Parameters:
    ///   - credential: The credential whose tokens are kept fresh.
    ///   - scopes: The scopes. Each gets a token of its own, of the credential's own tenant.
    ///   - isCAEEnabled: Whether those who use the tokens can handle claims challenges, as service clients with a `BearerTokenAuthorizer`
    ///     do. Tokens with and without are kept apart, so it has to be what they ask for.
    ///   - options: How the service behaves.
    public convenience init(
        credential: any TokenCredential,
        scopes: [String],
        isCAEEnabled: Bool = true,
        options: Options = Options()
    ) {
        self.init(
            credential: credential,
            requests: scopes.map { TokenRequestContext(scopes: [$0], isCAEEnabled: isCAEEnabled) },
            options: options
        )
    }

    /// Creates a service for requests that name more than a scope: the tenant that a key vault wants, for instance. Nothing is requested before it
    /// runs.
    ///
    /// - Parameters:
    ///   - credential: The credential whose tokens are kept fresh.
    ///   - requests: The requests, as those who use the tokens make them. Each gets a token of its own.
    ///   - options: How the service behaves.
    public convenience init(
        credential: any TokenCredential,
        requests: [TokenRequestContext],
        options: Options = Options()
    ) {
        self.init(credential: credential, requests: requests, options: options, time: .system)
    }

    /// The same by other clocks: a test's.
    init(credential: any TokenCredential, requests: [TokenRequestContext], options: Options, time: KeepWarmTime) {
        self.credential = credential
        self.requests = requests
        self.options = options
        self.time = time
        self.ledger = KeepWarmLedger(requests)
    }

    /// Whether the service runs and has, for each request, a token that is valid now.
    public var isReady: Bool { self.ledger.isReady(at: self.time.date()) }

    /// What is known of each request's token, in the order of the requests.
    public var tokens: [KeptToken] { self.ledger.tokens }

    /// Waits until ``isReady`` is `true`. The service may be started before or after.
    ///
    /// - Parameter timeout: How long to wait at most. `nil`: as long as it takes.
    /// - Throws: `AuthenticationError` with the code `.timedOut`, which names what is missing and why, when the time is up; the error with which
    ///   the service has ended, which after a graceful shutdown is a `CancellationError`; `CancellationError` when the caller is cancelled.
    public func waitUntilReady(timeout: Duration? = nil) async throws {
        guard !self.isReady else { return }
        guard let timeout else { return try await self.ledger.ready(at: self.time.date()) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.ledger.ready(at: self.time.date()) }
            group.addTask {
                try await self.time.sleep(timeout)
                throw self.timeoutError(after: timeout)
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }

    /// Keeps the tokens fresh, until the graceful shutdown of the group or the cancellation of the task. A service runs once at a time.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; `AuthenticationError` with `.invalidConfiguration` if there is no request, or
    ///   if the service runs already; with ``Options/endsOnLastingFailure``, the error that a retry can't help with. Nothing after a graceful
    ///   shutdown.
    public func run() async throws {
        try self.begin()
        do {
            try await withLogger(self.options.logger ?? Logger.current) { logger in
                try await cancelWhenGracefulShutdown { try await self.keepAll(logger) }
            }
            self.ledger.end(CancellationError())
        } catch let error {
            self.ledger.end(error)
            if error is CancellationError, Task.isShuttingDownGracefully, !Task.isCancelled { return }
            throw error
        }
    }

    private func begin() throws {
        guard !self.requests.isEmpty else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: Self.name,
                message: "\(Self.name): There is nothing to keep fresh: no scope was named."
            )
        }
        guard self.ledger.begin() else {
            throw AuthenticationError(
                .invalidConfiguration,
                credential: Self.name,
                message: "\(Self.name): The service runs already. Add it to one group, once."
            )
        }
    }

    /// One task per request, so that none waits for another. The first that ends, ends all.
    private func keepAll(_ logger: Logger) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in self.requests.indices {
                group.addTask { try await self.keep(index, logger) }
            }
            for try await _ in group {}
        }
    }

    /// Ends by throwing alone.
    private func keep(_ index: Int, _ logger: Logger) async throws {
        let request = self.requests[index]
        let observed = ObservedCredential(base: self.credential) { outcome in
            self.ledger.note(outcome, of: index, at: self.time.date())
        }
        var backOff = KeepWarmBackOff()
        while true {
            var failure: any Error = CancellationError()
            do {
                for try await _ in self.time.renewals(observed, request) { backOff.reset() }
            } catch let error {
                failure = error
            }
            try Task.checkCancellation()
            let isLasting = KeepWarmBackOff.isLasting(failure)
            if isLasting, self.options.endsOnLastingFailure { throw failure }
            let delay = backOff.failed(failure, chance: .random(in: 0..<1))
            Self.log(failure, request, delay: delay, logger)
            try await self.time.sleep(delay)
        }
    }

    private static func log(_ error: any Error, _ request: TokenRequestContext, delay: Duration, _ logger: Logger) {
        logger.warning(
            "There is no valid token to keep fresh; it is asked for again",
            metadata: [
                "azure.scopes": "\(request.scopes.joined(separator: " "))",
                "azure.next_attempt_in": "\(delay.components.seconds)",
                "error": "\(KeptToken.summary(of: error))",
            ]
        )
    }

    private func timeoutError(after timeout: Duration) -> AuthenticationError {
        let date = self.time.date()
        let missing = self.ledger.tokens.filter { !$0.isValid(at: date) }
            .map { token in
                let scopes = token.request.scopes.joined(separator: " ")
                return "\(scopes) (\(token.lastError.map(KeptToken.summary(of:)) ?? "no answer yet"))"
            }
        return AuthenticationError(
            .timedOut,
            credential: Self.name,
            message: "\(Self.name): Not ready after \(timeout). Missing: \(missing.joined(separator: "; "))",
            isRetryable: true
        )
    }
}

extension TokenKeepWarmService: CustomStringConvertible {
    /// The name, which a service group logs.
    public var description: String { Self.name }
}
