// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What happens to tokens is told to whoever listens, and to nobody else.
@Suite(.timeLimit(.minutes(1))) struct TokenEventsTests {
    /// Credentials whose answers a test gives, on a clock that stands still, and a cache that they share.
    private final class Stage: Sendable {
        let clock = VirtualClock()
        let cache = TokenCache.inMemory
        private let next = Locked<Result<AccessToken, AuthenticationError>?>(nil)
        private let number = Locked(0)

        var listenerCount: Int { self.cache.store.events.count }

        func credential(key: String = "k") -> CachingTokenCredential {
            CachingTokenCredential(
                name: "X", key: key, cache: self.cache, host: Host(environment: [:], clock: self.clock)
            ) { _ in
                guard let answer = self.next.withLock({ $0 }) else { throw UnexpectedSuccess() }
                return try answer.get()
            }
        }

        /// Another token from now on, for an hour.
        func give(_ objectID: String?, text: String? = nil) {
            let number = self.number.withLock { number in
                number += 1
                return number
            }
            let payload = "{\"n\":\(number)\(objectID.map { ",\"oid\":\"\($0)\"" } ?? "")}"
            let token = text ?? "e30.\(Base64URL.encode(Array(payload.utf8))).c2ln"
            let expiry = self.clock.date.addingTimeInterval(3600)
            self.next.withLock { $0 = .success(AccessToken(token: token, expiresOn: expiry)) }
        }

        func fail(_ message: String) {
            let error = AuthenticationError(.authenticationFailed, credential: "X", message: message)
            self.next.withLock { $0 = .failure(error) }
        }
    }

    private func next(_ iterator: inout TokenEvents.AsyncIterator) async -> TokenEvent? {
        await iterator.next(isolation: #isolation)
    }

    /// All events up to the end.
    private func rest(_ iterator: inout TokenEvents.AsyncIterator) async -> [TokenEvent] {
        var events: [TokenEvent] = []
        while let event = await self.next(&iterator) { events.append(event) }
        return events
    }

    /// What an event is, in a word or two.
    private func word(_ event: TokenEvent) -> String {
        switch event.kind {
        case .renewed: "renewed"
        case .renewalFailed(let error): "failed \(error.message)"
        case .identityChanged(let former, let new): "\(former.objectID ?? "nobody") to \(new.objectID ?? "nobody")"
        }
    }

    /// The events of a stretch of a credential's life; the credential is gone afterwards.
    private func words(_ stage: Stage, _ live: (CachingTokenCredential) async throws -> Void) async throws -> [String] {
        func iterator() async throws -> TokenEvents.AsyncIterator {
            let credential = stage.credential()
            let iterator = credential.events.makeAsyncIterator()
            try await live(credential)
            while stage.cache.requestCount > 0 { await Task.yield() }
            return iterator
        }
        var made = try await iterator()
        return await self.rest(&made).map(self.word)
    }

    @Test func renewalsAndFailuresAreTold() async throws {
        let stage = Stage()
        let words = try await self.words(stage) { credential in
            stage.fail("too early to tell")
            _ = try? await credential.token(forScopes: vaultScope)
            stage.give("o-1")
            _ = try await credential.token(forScopes: vaultScope)
            // Behind the caller's back.
            stage.clock.advance(by: .seconds(3400))
            stage.fail("early")
            _ = try await credential.token(forScopes: vaultScope)
            while stage.cache.requestCount > 0 { await Task.yield() }
            // In front of the caller.
            stage.clock.advance(by: .seconds(300))
            stage.fail("late")
            _ = try? await credential.token(forScopes: vaultScope)
            stage.give("o-1")
            _ = try await credential.token(forScopes: vaultScope)
            _ = try await credential.token(forScopes: vaultScope)
        }
        #expect(words == ["failed early", "failed late", "renewed"])
    }

    @Test func anEventSaysWhoseRequestItWas() async throws {
        let stage = Stage()
        let credential = stage.credential()
        var iterator = credential.events.makeAsyncIterator()
        stage.give("o-1")
        _ = try await credential.token(forScopes: vaultScope)
        stage.clock.advance(by: .seconds(3700))
        stage.give("o-1")
        let token = try await credential.token(forScopes: vaultScope)
        let next = await self.next(&iterator)
        let event = try #require(next)
        #expect(event.credential == "X" && event.scopes == [vaultScope] && event.tenantID == nil)
        guard case .renewed(let expiresOn) = event.kind else { throw UnexpectedSuccess() }
        #expect(expiresOn == token.expiresOn && !event.description.contains(token.token))
    }

    @Test func anotherIdentityIsToldOncePerChange() async throws {
        let stage = Stage()
        let words = try await self.words(stage) { credential in
            for objectID in ["o-1", "O-1", "o-2", nil, "o-2"] as [String?] {
                stage.give(objectID)
                _ = try await credential.token(forScopes: vaultScope)
                credential.removeCachedTokens()
            }
        }
        // The same identity in another case is the same, and one that isn't known is no other.
        #expect(words == ["renewed", "O-1 to o-2", "renewed", "renewed", "renewed"])
    }

    @Test func theSameTokenAgainIsNoRenewal() async throws {
        let stage = Stage()
        let words = try await self.words(stage) { credential in
            for text in ["a", "a", "b"] {
                stage.give(nil, text: text)
                _ = try await credential.token(forScopes: vaultScope)
                stage.clock.advance(by: .seconds(3700))
            }
        }
        #expect(words == ["renewed"])
    }

    @Test func equalCredentialsSeeEachOthersEventsAndOthersDont() async throws {
        let stage = Stage()
        let (one, same, other) = (stage.credential(), stage.credential(), stage.credential(key: "other"))
        var iterators = [one, same, same, other].map { $0.events.makeAsyncIterator() }
        for _ in 0..<2 {
            stage.give("o-1")
            _ = try await one.token(forScopes: vaultScope)
            stage.clock.advance(by: .seconds(3700))
        }
        for index in 0..<3 {
            let event = await self.next(&iterators[index])
            #expect(event.map(self.word) == "renewed")
        }
        for _ in 0..<2 {
            stage.give("o-9")
            _ = try await other.token(forScopes: vaultScope)
            stage.clock.advance(by: .seconds(3700))
        }
        // Its own renewal is the first that it hears of.
        let next = await self.next(&iterators[3])
        let event = try #require(next)
        guard case .renewed(let expiresOn) = event.kind else { throw UnexpectedSuccess() }
        #expect(expiresOn == stage.clock.date.addingTimeInterval(3600 - 3700))
    }

    @Test func aSlowListenerKeepsTheNewest() async throws {
        let stage = Stage()
        let surplus = 5
        let words = try await self.words(stage) { credential in
            stage.give("o-0")
            _ = try await credential.token(forScopes: vaultScope)
            // Each of these is two events.
            for number in 1...(TokenEvents.bufferSize / 2 + surplus) {
                credential.removeCachedTokens()
                stage.give("o-\(number)")
                _ = try await credential.token(forScopes: vaultScope)
            }
        }
        #expect(
            words.count == TokenEvents.bufferSize && words.first == "o-\(surplus) to o-\(surplus + 1)" && words.last == "renewed")
    }

    @Test func aSequenceEndsWithItsCredentialAndAListenerLeavesNothingBehind() async throws {
        let stage = Stage()
        let events = stage.credential().events
        var late = events.makeAsyncIterator()
        let lateEvents = await self.rest(&late)
        #expect(lateEvents.isEmpty && stage.listenerCount == 0)
        let credential = stage.credential()
        do {
            let iterator = credential.events.makeAsyncIterator()
            withExtendedLifetime(iterator) { #expect(stage.listenerCount == 1) }
        }
        #expect(stage.listenerCount == 0)
        let waiting = Task {
            var count = 0
            for await _ in credential.events { count += 1 }
            return count
        }
        while stage.listenerCount == 0 { await Task.yield() }
        waiting.cancel()
        let count = await waiting.value
        #expect(count == 0 && stage.listenerCount == 0)
    }

    @Test func chainsForwardTheirMembersEvents() async throws {
        let (stage, second) = (Stage(), Stage())
        func iterator() async throws -> TokenEvents.AsyncIterator {
            // Two that are equal tell the same once.
            let chain = ChainedTokenCredential(
                ChainedTokenCredential(stage.credential(), stage.credential()), second.credential(),
                StaticTokenCredential(AccessToken(token: "t", expiresOn: .distantFuture)))
            let iterator = (chain as any TokenEventSource).events.makeAsyncIterator()
            for _ in 0..<2 {
                stage.give("o-1")
                _ = try await chain.token(forScopes: vaultScope)
                stage.clock.advance(by: .seconds(3700))
            }
            return iterator
        }
        var made = try await iterator()
        let words = await self.rest(&made).map(self.word)
        #expect(words == ["renewed"])
    }

    @Test(arguments: Subject.allCases)
    func everyCredentialTells(subject: Subject) async throws {
        let fixture = subject.fixture()
        fixture.setLifetime(3600, nil)
        let credential = fixture.make(.inMemory)
        let source = try #require(credential as? any TokenEventSource)
        var iterator = source.events.makeAsyncIterator()
        _ = try await credential.token(forScopes: fixture.scope)
        fixture.clock.advance(by: .seconds(3700))
        _ = try await credential.token(forScopes: fixture.scope)
        let next = await self.next(&iterator)
        let event = try #require(next)
        #expect(event.credential == subject.description && self.word(event) == "renewed", "\(event)")
    }

    @Test func badConfigurationHasNoEvents() async {
        let sources: [any TokenEventSource] = [
            ClientSecretCredential(tenantID: "a b", clientID: Sample.clientID, clientSecret: "s"),
            EnvironmentCredential(environment: [:]), ChainedTokenCredential([]),
        ]
        for source in sources {
            var iterator = source.events.makeAsyncIterator()
            let events = await self.rest(&iterator)
            #expect(events.isEmpty)
        }
    }
}
