// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What an authorizer remembers, and for how long.
@Suite struct AuthorizationMemoryTests {
    private let ask = AuthorizationPlan.Ask(scopes: ["s"], claims: "{}")
    private let now = MonotonicTime(nanoseconds: 0)
    private let date = Date(timeIntervalSince1970: 1_000_000)
    private let refused = accessToken("old")

    @Test func theSecondToAskIsToldOfTheFirst() {
        var memory = AuthorizationMemory()
        #expect(memory.begin(self.ask, refused: self.refused, now: self.now, date: self.date) == .ask)
        #expect(memory.begin(self.ask, refused: self.refused, now: self.now, date: self.date) == .isAsked)
        memory.finish(self.ask, token: nil, now: self.now)
        memory.finish(self.ask, token: nil, now: self.now)
        #expect(memory.begin(self.ask, refused: self.refused, now: self.now, date: self.date) == .ask)
    }

    @Test func anAnswerServesOthersForAWhile() {
        var memory = AuthorizationMemory()
        let token = accessToken("new", expiresOn: self.date.addingTimeInterval(60))
        _ = memory.begin(self.ask, refused: self.refused, now: self.now, date: self.date)
        memory.finish(self.ask, token: token, now: self.now)
        #expect(memory.begin(self.ask, refused: self.refused, now: self.now + .seconds(119), date: self.date) == .token(token))
        let other = AuthorizationPlan.Ask(scopes: ["s"], claims: #"{"a":1}"#)
        #expect(memory.answer(to: other, refused: self.refused, now: self.now, date: self.date) == nil)
        #expect(memory.answer(to: self.ask, refused: self.refused, now: self.now + .seconds(120), date: self.date) == nil)
        let later = self.date.addingTimeInterval(60)
        #expect(memory.answer(to: self.ask, refused: self.refused, now: self.now, date: later) == nil)
        // The answer itself was refused.
        #expect(memory.begin(self.ask, refused: token, now: self.now, date: self.date) == .ask)
    }

    @Test func anAnswerForSomebodyElseIsNone() {
        var memory = AuthorizationMemory()
        let alice = accessToken("a", provenance: .init(credential: "C", objectID: "alice"))
        let bob = accessToken("b", provenance: .init(credential: "C", objectID: "bob"))
        memory.finish(self.ask, token: alice, now: self.now)
        #expect(memory.answer(to: self.ask, refused: bob, now: self.now, date: self.date) == nil)
        let old = accessToken("old", provenance: alice.provenance)
        #expect(memory.answer(to: self.ask, refused: old, now: self.now, date: self.date) == alice)
    }

    @Test func itIsBounded() throws {
        var memory = AuthorizationMemory()
        let origins = try (0..<100).map { try AuthorizedOrigin(try url("https://h\($0).example/")) }
        let found = AuthorizationPlan.Ask(scopes: ["s"])
        for origin in origins {
            memory.remember(found, for: origin)
            // Used again and again, so never the one that goes.
            #expect(memory.known(for: origins[0]) == found)
        }
        let known = origins.filter { memory.known(for: $0) != nil }
        #expect(known.count == AuthorizationMemory.maximumHosts && known.last == origins.last)
        memory.forget(origins[0])
        #expect(memory.known(for: origins[0]) == nil)
        var values = RecentValues<Int, Int>(limit: 3)
        for number in 0..<10 { values[number] = number }
        #expect(values.count == 3 && values[9] == 9 && values[6] == nil)
    }
}
