// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Whether there is a metadata service, for chains, which can't wait for one as long as a credential alone can.
///
/// The machine's files come first: where they speak for another place than Azure, nothing is asked. Else one request has less than a second,
/// from the connection to the last byte. What came of it is kept for a while, since a service may come and go: a yes for five minutes, a no
/// for fifteen seconds. All who ask at once share one request. The same in every chain.
final class MetadataAvailability: Sendable {
    /// How long the request may take in all: with it, a chain on a machine without the service comes to its next member in a second.
    static let timeout = Duration.milliseconds(900)
    static let positiveLifetime = Duration.seconds(300)
    static let negativeLifetime = Duration.seconds(15)
    private static let capacity = 64

    /// What a finding is about.
    struct Key: Hashable, Sendable {
        let endpoint: String
        let transport: String
        /// Whether this is a pod, in which more is taken for a service.
        let isPod: Bool
    }

    /// Why there is no service; `nil`: there is one.
    typealias Finding = AuthenticationError?

    private struct Kept: Sendable {
        let finding: Finding
        let expiry: MonotonicTime
    }

    static let shared = MetadataAvailability()

    private let kept = Locked<[Key: Kept]>([:])
    private let flights = SingleFlight<Key, Finding>()

    /// Throws unless there is a service.
    ///
    /// - Parameters:
    ///   - key: Which one.
    ///   - patience: How long the caller waits; `nil`: as long as the request takes.
    ///   - probe: Asks it.
    func check(
        _ key: Key,
        patience: Duration?,
        clock: any MachineClock,
        probe: @escaping @Sendable () async throws -> Finding
    ) async throws {
        if let kept = self.kept(key, now: clock.now) {
            if let error = kept.finding { throw error }
            return
        }
        let limit = SingleFlight<Key, Finding>.Limit(.seconds(5), clock: clock) { Self.timedOut(key) }
        let finding = try await self.flights.value(
            for: key,
            patience: patience.map { .init($0, clock: clock) { Self.timedOut(key) } },
            limit: limit
        ) {
            if let kept = self.kept(key, now: clock.now) { return kept.finding }
            let finding = try await probe()
            self.keep(finding, for: key, now: clock.now)
            return finding
        }
        if let error = finding { throw error }
    }

    private func kept(_ key: Key, now: MonotonicTime) -> Kept? {
        self.kept.withLock { kept in kept[key].flatMap { $0.expiry > now ? $0 : nil } }
    }

    private func keep(_ finding: Finding, for key: Key, now: MonotonicTime) {
        let lifetime = finding == nil ? Self.positiveLifetime : Self.negativeLifetime
        self.kept.withLock { kept in
            if kept.count >= Self.capacity { kept = kept.filter { $0.value.expiry > now } }
            if kept.count >= Self.capacity { kept.removeAll() }
            kept[key] = Kept(finding: finding, expiry: now + lifetime)
        }
    }

    private static func timedOut(_ key: Key) -> AuthenticationError {
        MetadataFailure.unreachable(
            TransportError(.timeout, message: "The metadata service did not answer in time."),
            credential: "ManagedIdentityCredential",
            host: key.endpoint
        )
    }
}

/// The request by which it is found out whether there is a metadata service, and what its answers mean.
struct MetadataProbe: Sendable {
    /// Asks once, without retries.
    let client: SourceClient
    let host: String
    let isPod: Bool
    let likelihood: AzureLikelihood

    /// Why there is no service; `nil`: there is one. A service answers a request without its header with an error in its own form,
    /// and does no work for it.
    func finding(context: TokenRequestContext) async throws -> AuthenticationError? {
        let url = try SourceEndpoint(metadataHost: self.host, credential: self.client.credential).url([
            ("api-version", "2018-02-01")
        ])
        var request = self.client.request(url, headers: [:])
        request.timeout = MetadataAvailability.timeout
        request.maximumResponseSize = 65_536
        do {
            let exchange = try await self.client.pipeline.send(request, context: context, deadline: nil)
            return self.isService(exchange.response) ? nil : self.absence(exchange)
        } catch let error as TransportError {
            return MetadataFailure.unreachable(error, credential: self.client.credential, host: self.host)
        }
    }

    /// Whether an answer is that of a metadata service. Where other signs speak for one, an error by which it asks for patience is too.
    func isService(_ response: TransportResponse) -> Bool {
        let answer = HostAnswer(response)
        if (300..<400).contains(answer.status) || answer.status == 403 { return false }
        if answer.isOfMetadataService { return true }
        guard answer.isWordless, self.isPod || self.likelihood.isLikely else { return false }
        return [404, 408, 410, 429].contains(answer.status) || answer.status >= 500 || (self.isPod && answer.status == 400)
    }

    private func absence(_ exchange: HTTPPipeline.Exchange) -> AuthenticationError {
        var error = self.client.error(
            .credentialUnavailable,
            """
            No response received from the managed identity endpoint: what answers at \(HostileText.sanitized(self.host, limit: 100)) is no \
            metadata service
            """,
            exchange
        )
        error.isRetryable = false
        error.remedy = Guide.metadataRemedy(.g25, host: self.host)
        return error
    }

    /// The error of a machine whose files speak against Azure, where nothing is asked; `nil` if they don't.
    static func localAbsence(_ likelihood: AzureLikelihood, credential: String) -> AuthenticationError? {
        guard likelihood.isUnlikely else { return nil }
        var error = AuthenticationError.credentialUnavailable(
            """
            \(credential) authentication unavailable. This machine is none of Azure's (\(likelihood.evidence.joined(separator: "; "))), so the \
            metadata service was not asked.
            """,
            credential: credential
        )
        error.remedy = Guide.remedy(.g25)
        return error
    }
}
