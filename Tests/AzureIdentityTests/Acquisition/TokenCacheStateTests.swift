// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TokenCacheStateTests {
    private let partition = KeyedDigest.partition(["test"])

    private func key(_ scope: String = "s", isCAEEnabled: Bool = false, partition: PartitionID? = nil) -> TokenKey {
        TokenKey(partition: partition ?? self.partition, tenantID: "t", scopes: [scope], isCAEEnabled: isCAEEnabled)
    }

    private func stored(_ token: String, expiry: Int64 = 3600, refresh: Int64 = 3300) -> TokenCacheState.Stored {
        .init(
            token: AccessToken(token: token, expiresOn: .distantFuture, source: .memory),
            expiry: self.time(expiry),
            refreshTime: self.time(refresh)
        )
    }

    private func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    private func token(_ answer: TokenCacheState.Answer) -> String? {
        guard case .hit(let token, _, _) = answer else { return nil }
        return token.token
    }

    private func isRefreshDue(_ answer: TokenCacheState.Answer) -> Bool {
        guard case .hit(_, let isDue, _) = answer else { return false }
        return isDue
    }

    @Test func servesATokenUntilItExpires() {
        var cache = TokenCacheState(capacity: 10)
        cache.store(self.stored("a"), for: self.key(), number: 1, now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(3599))) == "a")
        #expect(self.token(cache.lookUp(self.key(), now: self.time(3600))) == nil)
        #expect(self.token(cache.lookUp(self.key("other"), now: self.time(0))) == nil)
        #expect(self.token(cache.lookUp(self.key(isCAEEnabled: true), now: self.time(0))) == nil)
    }

    @Test func theOrderOfScopesDoesNotMatter() {
        let one = TokenKey(partition: self.partition, tenantID: "t", scopes: ["b", "a"], isCAEEnabled: false)
        let two = TokenKey(partition: self.partition, tenantID: "t", scopes: ["a", "b"], isCAEEnabled: false)
        #expect(one == two)
    }

    @Test func tellsOneCallerInThirtySecondsToRenew() {
        var cache = TokenCacheState(capacity: 10)
        cache.store(self.stored("a"), for: self.key(), number: 1, now: self.time(0))
        let dueAt = [3299, 3300, 3301, 3329, 3330, 3331].filter {
            self.isRefreshDue(cache.lookUp(self.key(), now: self.time($0)))
        }
        #expect(dueAt == [3300, 3330])
    }

    @Test func anOlderRequestsAnswerDoesNotReplaceANewerOnes() {
        var cache = TokenCacheState(capacity: 10)
        cache.store(self.stored("new"), for: self.key(), number: 2, now: self.time(0))
        cache.store(self.stored("old"), for: self.key(), number: 1, now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == "new")
    }

    @Test func removalDropsOneCredentialsTokensAndWhatIsUnderWayForIt() {
        var cache = TokenCacheState(capacity: 10)
        let other = KeyedDigest.partition(["other"])
        cache.store(self.stored("a"), for: self.key(), number: cache.nextNumber(), now: self.time(0))
        cache.store(self.stored("b"), for: self.key(partition: other), number: cache.nextNumber(), now: self.time(0))
        let (early, earlyOfOther) = (cache.nextNumber(), cache.nextNumber())
        cache.remove(self.partition)
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == nil)
        #expect(self.token(cache.lookUp(self.key(partition: other), now: self.time(0))) == "b")
        cache.store(self.stored("late"), for: self.key(), number: early, now: self.time(0))
        cache.store(self.stored("c"), for: self.key(partition: other), number: earlyOfOther, now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == nil)
        #expect(self.token(cache.lookUp(self.key(partition: other), now: self.time(0))) == "c")
        #expect(cache.count == 1)
        cache.store(self.stored("new"), for: self.key(), number: cache.nextNumber(), now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == "new")
        let before = cache.nextNumber()
        cache.removeAll()
        cache.store(self.stored("late"), for: self.key(), number: before, now: self.time(0))
        #expect(cache.count == 0 && cache.nextNumber() > before)
    }

    @Test func manyRemovalsAreRememberedInBoundedMemory() {
        var cache = TokenCacheState(capacity: 10)
        let early = cache.nextNumber()
        for index in 0..<5000 { cache.remove(KeyedDigest.partition(["\(index)"])) }
        cache.store(self.stored("late"), for: self.key(partition: KeyedDigest.partition(["0"])), number: early, now: self.time(0))
        #expect(cache.count == 0)
        cache.store(self.stored("new"), for: self.key(), number: cache.nextNumber(), now: self.time(0))
        #expect(cache.count == 1)
    }

    @Test func theAnswerToClaimsReplacesWhatBeganLaterToo() {
        var cache = TokenCacheState(capacity: 10)
        let (claims, renewal, late) = (cache.nextNumber(), cache.nextNumber(), cache.nextNumber())
        cache.store(self.stored("renewed"), for: self.key(), number: renewal, now: self.time(0))
        cache.store(self.stored("claims"), for: self.key(), number: claims, now: self.time(0), overrides: true)
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == "claims")
        cache.store(self.stored("late"), for: self.key(), number: late, now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == "claims")
        cache.store(self.stored("next"), for: self.key(), number: cache.nextNumber(), now: self.time(0))
        #expect(self.token(cache.lookUp(self.key(), now: self.time(0))) == "next")
    }

    @Test func aHotKeyIsRenewedOnceInThirtySecondsEvenIfItSucceeds() {
        var cache = TokenCacheState(capacity: 10)
        var renewals = 0
        cache.store(self.stored("0", refresh: 1), for: self.key(), number: cache.nextNumber(), now: self.time(0))
        for second in Int64(0)..<300 where self.isRefreshDue(cache.lookUp(self.key(), now: self.time(second))) {
            renewals += 1
            let stored = self.stored("\(second)", refresh: second + 1)
            cache.store(stored, for: self.key(), number: cache.nextNumber(), now: self.time(second))
        }
        #expect(renewals == 9)
    }

    @Test func aLateFailureDoesNotHoldBackWhatHasSucceededSince() {
        var cache = TokenCacheState(capacity: 10)
        let (old, new) = (cache.nextNumber(), cache.nextNumber())
        cache.store(self.stored("a"), for: self.key(), number: new, now: self.time(0))
        let error = AuthenticationError(.authenticationFailed, credential: "X", message: "throttled")
        cache.hold(self.key(), error: error, until: self.time(60), number: old)
        guard case .miss = cache.lookUp(self.key(), now: self.time(1), acceptsToken: false) else {
            Issue.record("held back")
            return
        }
    }

    @Test func holdsBackUntilTheTimeIsUp() throws {
        var cache = TokenCacheState(capacity: 10)
        let error = AuthenticationError(.authenticationFailed, credential: "X", message: "throttled", isRetryable: true)
        cache.hold(self.key(), error: error, until: self.time(60), number: 1)
        guard case .held(let held) = cache.lookUp(self.key(), now: self.time(20)) else { throw error }
        #expect(held.retryAfter == .seconds(40))
        guard case .miss = cache.lookUp(self.key(), now: self.time(60)) else { throw error }
        cache.store(self.stored("a", refresh: 0), for: self.key(), number: 1, now: self.time(0))
        cache.hold(self.key(), error: error, until: self.time(60), number: 1)
        let answer = cache.lookUp(self.key(), now: self.time(20))
        #expect(self.token(answer) == "a" && !self.isRefreshDue(answer))
        #expect(self.isRefreshDue(cache.lookUp(self.key(), now: self.time(61))))
        guard case .held = cache.lookUp(self.key(), now: self.time(20), acceptsToken: false) else { throw error }
    }

    @Test func dropsTheLeastRecentlyUsed() {
        var cache = TokenCacheState(capacity: 3)
        for (index, scope) in ["a", "b", "c"].enumerated() {
            cache.store(self.stored(scope), for: self.key(scope), number: UInt64(index + 1), now: self.time(0))
        }
        _ = cache.lookUp(self.key("a"), now: self.time(0))
        cache.store(self.stored("d"), for: self.key("d"), number: 9, now: self.time(0))
        let kept = ["a", "b", "c", "d"].filter { self.token(cache.lookUp(self.key($0), now: self.time(0))) != nil }
        #expect(kept == ["a", "c", "d"])
    }

    /// The list and the index stay consistent under any sequence of operations: compared with a plain array as the model.
    @Test func behavesLikeASimpleModel() {
        var random = SeededGenerator(state: 42)
        var cache = TokenCacheState(capacity: 8)
        var model: [String] = []
        for step in 0..<20_000 {
            let scope = "s\(Int.random(in: 0..<16, using: &random))"
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                cache.store(self.stored(scope), for: self.key(scope), number: cache.nextNumber(), now: self.time(0))
                model.removeAll { $0 == scope }
                model.append(scope)
                if model.count > 8 { model.removeFirst() }
            case 5..<9:
                let found = self.token(cache.lookUp(self.key(scope), now: self.time(0)))
                #expect((found != nil) == model.contains(scope))
                if model.contains(scope) {
                    model.removeAll { $0 == scope }
                    model.append(scope)
                }
            default:
                if step % 97 == 0 {
                    cache.remove(self.partition)
                    model = []
                }
            }
            #expect(cache.count == model.count)
        }
    }
}

/// A repeatable source of chance.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (self.state >> 33) ^ (self.state << 31)
    }
}
