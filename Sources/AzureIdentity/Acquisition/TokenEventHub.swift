// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Where credentials that share a cache tell each other's listeners what happens, and what each request's last token was. Not asked when a kept
/// token is handed out. Holds no lock while anybody is told.
package final class TokenEventHub: Sendable {
    /// What a request got last.
    private struct Memory: Sendable {
        let provenance: AccessToken.Provenance
        /// Tells whether it is the same token, without the token.
        let digest: Int
    }

    /// What there is to tell of a new token.
    struct News: Sendable {
        /// Whose token the last one was, if it was another's.
        var formerIdentity: AccessToken.Provenance?
        /// Whether it is another token than the last one.
        var isRenewal = false
    }

    private struct Subscription: Sendable {
        let subscriber: TokenEventSubscriber
        let desk: ObjectIdentifier
    }

    private let subscriptions = Locked<[PartitionID: [Subscription]]>([:])
    private let memories = Locked<[TokenKey: Memory]>([:])

    /// How many requests' tokens are remembered.
    static let memoryLimit = 4096

    package init() {}

    /// Notes a new token.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - key: The request, with the topic in place of the partition.
    func note(_ token: AccessToken, for key: TokenKey) -> News {
        guard let provenance = token.provenance else { return News() }
        let memory = Memory(provenance: provenance, digest: token.token.hashValue)
        let former: Memory? = self.memories.withLock { memories in
            if memories.count >= Self.memoryLimit, memories[key] == nil { memories = [:] }
            let former = memories[key]
            memories[key] = memory
            return former
        }
        guard let former else { return News() }
        let isOther =
            Self.differs(former.provenance.tenantID, provenance.tenantID)
            || Self.differs(former.provenance.objectID, provenance.objectID)
        return News(formerIdentity: isOther ? former.provenance : nil, isRenewal: former.digest != memory.digest)
    }

    /// Whether a request has had a token before.
    func hasHadToken(_ key: TokenKey) -> Bool { self.memories.withLock { $0[key] != nil } }

    /// Forgets what requests got.
    func forget() { self.memories.withLock { $0 = [:] } }

    private static func differs(_ old: String?, _ new: String?) -> Bool {
        guard let old, let new else { return false }
        return old.lowercased() != new.lowercased()
    }

    func add(_ subscriber: TokenEventSubscriber, to topic: PartitionID, desk: ObjectIdentifier) {
        self.subscriptions.withLock { $0[topic, default: []].append(Subscription(subscriber: subscriber, desk: desk)) }
    }

    func remove(_ subscriber: TokenEventSubscriber, from topic: PartitionID) {
        self.subscriptions.withLock { subscriptions in
            subscriptions[topic]?.removeAll { $0.subscriber === subscriber }
            if subscriptions[topic]?.isEmpty ?? false { subscriptions[topic] = nil }
        }
    }

    /// Ends the subscriptions that were made at a desk, which is gone.
    func close(_ desk: ObjectIdentifier, topic: PartitionID) {
        let lost: [TokenEventSubscriber] = self.subscriptions.withLock { subscriptions in
            guard let all = subscriptions[topic] else { return [] }
            let rest = all.filter { $0.desk != desk }
            subscriptions[topic] = rest.isEmpty ? nil : rest
            return all.filter { $0.desk == desk }.map(\.subscriber)
        }
        for subscriber in lost { subscriber.lose() }
    }

    /// Tells all who listen.
    func tell(_ topic: PartitionID, _ event: () -> TokenEvent) {
        let subscribers = self.subscriptions.withLock { $0[topic]?.map(\.subscriber) ?? [] }
        guard !subscribers.isEmpty else { return }
        let event = event()
        for subscriber in subscribers { subscriber.tell(event) }
    }

    /// How many subscriptions there are.
    package var count: Int { self.subscriptions.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}

/// Where one credential tells what happens to its tokens, and where one listens to it; the subscriptions end with it.
final class TokenEventDesk: Sendable {
    let hub: TokenEventHub
    /// What the credential has in common with those whose tokens it shares, whichever account they have now.
    let topic: PartitionID

    init(_ hub: TokenEventHub, topic: PartitionID) {
        self.hub = hub
        self.topic = topic
    }

    deinit { self.hub.close(ObjectIdentifier(self), topic: self.topic) }

    /// The events of the credential.
    var events: TokenEvents { TokenEvents(self) }

    func tellsTheSame(as other: TokenEventDesk) -> Bool { self.hub === other.hub && self.topic == other.topic }

    func subscribe(_ subscriber: TokenEventSubscriber) {
        self.hub.add(subscriber, to: self.topic, desk: ObjectIdentifier(self))
    }

    /// Notes a new token for a request, and tells what is new about it.
    func noteAcquired(_ token: AccessToken, key: TokenKey, credential: String) -> TokenEventHub.News {
        let news = self.hub.note(token, for: self.lasting(key))
        if let former = news.formerIdentity, let provenance = token.provenance {
            self.tell(.identityChanged(from: former, to: provenance), key: key, credential: credential)
        }
        if news.isRenewal { self.tell(.renewed(expiresOn: token.expiresOn), key: key, credential: credential) }
        return news
    }

    /// Tells that a token couldn't be got, if there was one before.
    func noteFailed(_ error: AuthenticationError, key: TokenKey, credential: String) {
        guard key.proof == nil, self.hub.hasHadToken(self.lasting(key)) else { return }
        self.tell(.renewalFailed(error), key: key, credential: credential)
    }

    /// The key of the same request by whoever the account's owner is.
    private func lasting(_ key: TokenKey) -> TokenKey {
        TokenKey(partition: self.topic, tenantID: key.tenantID, scopes: key.scopes, isCAEEnabled: key.isCAEEnabled)
    }

    private func tell(_ kind: TokenEvent.Kind, key: TokenKey, credential: String) {
        self.hub.tell(self.topic) {
            TokenEvent(
                kind: kind,
                credential: credential,
                tenantID: key.tenantID.isEmpty ? nil : key.tenantID,
                scopes: key.scopes
            )
        }
    }
}
