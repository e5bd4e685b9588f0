// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

@Suite struct MemoryVaultTests {
    private static func part(_ name: String, isCAEEnabled: Bool = false) -> VaultPart {
        VaultPart(subject: .other(name), isCAEEnabled: isCAEEnabled)
    }

    @Test func partsAreApart() async throws {
        let vault = MemoryVault(capacity: 10)
        try await vault.update(Self.part("a")) { $0.insert(CacheSamples.refresh("a")) }
        try await vault.update(Self.part("a", isCAEEnabled: true)) { $0.insert(CacheSamples.refresh("cae")) }
        try await vault.update(Self.part("b")) { $0.insert(CacheSamples.refresh("b")) }
        #expect(try await vault.document(Self.part("a")).refreshEntries.map(\.secret) == ["a"])
        #expect(try await vault.document(Self.part("a", isCAEEnabled: true)).refreshEntries.map(\.secret) == ["cae"])
        #expect(try await vault.document(Self.part("c")).isEmpty)
        #expect(!vault.isPersistent && !vault.isRequired)
    }

    @Test func theLeastRecentlyUsedGoFirst() async throws {
        let vault = MemoryVault(capacity: 3)
        for name in ["a", "b", "c"] { try await vault.update(Self.part(name)) { $0.insert(CacheSamples.refresh(name)) } }
        _ = try await vault.document(Self.part("a"))
        try await vault.update(Self.part("b")) { $0.insert(CacheSamples.access("b")) }
        try await vault.update(Self.part("d")) { $0.insert(CacheSamples.refresh("d")) }
        #expect(try await vault.parts() == ["d", "b", "a"].map { Self.part($0) })
        #expect(try await vault.document(Self.part("c")).isEmpty)
        #expect(vault.count == 3)
    }

    @Test func emptyPartsGo() async throws {
        let vault = MemoryVault(capacity: 3)
        try await vault.update(Self.part("a")) { $0.insert(CacheSamples.refresh("a")) }
        try await vault.update(Self.part("b")) { _ in }
        #expect(vault.count == 1)
        try await vault.update(Self.part("a")) { $0.removeAccount(homeAccountID: CacheSamples.home, environments: nil) }
        #expect(vault.count == 0)
        try await vault.update(Self.part("c")) { $0.insert(CacheSamples.refresh("c")) }
        #expect(try await vault.parts() == [Self.part("c")])
    }

    @Test func usersOfServicesAreNotListed() async throws {
        let vault = MemoryVault(capacity: 10)
        let subjects: [VaultPart.Subject] = [
            .user(environment: "e", clientID: "c", homeAccountID: "h"),
            .application(environment: "e", clientID: "c", tenantID: "t"), .session(digest: "d"),
        ]
        for subject in subjects {
            try await vault.update(.init(subject: subject, isCAEEnabled: false)) { $0.insert(CacheSamples.refresh("r")) }
        }
        #expect(try await Set(vault.parts().map(\.subject)) == Set(subjects.prefix(2)))
        #expect(vault.count == 3)
    }

    @Test(arguments: ["ada", nil] as [String?])
    func whoSignsOutIsSignedOutOfSessionsToo(person: String?) async throws {
        let vault = MemoryVault(capacity: 10)
        func part(_ digest: String, isCAEEnabled: Bool = false) -> VaultPart {
            VaultPart(subject: .session(digest: digest), isCAEEnabled: isCAEEnabled)
        }
        try await vault.update(part("a")) { $0.insert(CacheSamples.refresh("a") { $0.homeAccountID = "ada" }) }
        try await vault.update(part("a", isCAEEnabled: true)) {
            $0.insert(CacheSamples.refresh("a") { $0.homeAccountID = "ada" })
        }
        try await vault.update(part("b")) { $0.insert(CacheSamples.refresh("b") { $0.homeAccountID = "bob" }) }
        let application = VaultPart(subject: .application(environment: "e", clientID: "c", tenantID: "t"), isCAEEnabled: false)
        try await vault.update(application) { $0.insert(CacheSamples.access("app") { $0.homeAccountID = nil }) }
        try await vault.signOut(homeAccountID: person, environments: [CacheSamples.host])
        #expect(try await vault.document(part("a")).isEmpty)
        #expect(try await vault.document(part("a", isCAEEnabled: true)).isEmpty)
        #expect(try await vault.document(part("b")).refreshEntries.count == (person == nil ? 0 : 1))
        #expect(try await vault.document(application).accessEntries.count == 1)
    }

    @Test func aSignOutLeavesTheOrderOfUseAsItWas() async throws {
        let vault = MemoryVault(capacity: 3)
        for name in ["a", "b", "c"] { try await vault.update(Self.part(name)) { $0.insert(CacheSamples.refresh(name)) } }
        try await vault.signOut(homeAccountID: "nobody", environments: nil)
        #expect(try await vault.parts() == ["c", "b", "a"].map { Self.part($0) })
    }

    @Test func noTwoPartsHaveTheSameWords() {
        let subjects: [VaultPart.Subject] = [
            .user(environment: "a", clientID: "b", homeAccountID: "c"),
            .user(environment: "ab", clientID: "", homeAccountID: "c"),
            .user(environment: "a", clientID: "b", homeAccountID: "C"), .session(digest: "a"), .directory(homeAccountID: "a"),
            .other("a"),
            .application(environment: "a", clientID: "b", tenantID: ""),
            .application(environment: "a", clientID: "", tenantID: "b"),
        ]
        let parts = subjects.flatMap {
            [VaultPart(subject: $0, isCAEEnabled: true), VaultPart(subject: $0, isCAEEnabled: false)]
        }
        #expect(Set(parts.map(\.words)).count == parts.count)
        #expect(
            VaultPart(subject: .user(environment: "HOST", clientID: "ID", homeAccountID: "h"), isCAEEnabled: false).words
                == VaultPart(subject: .user(environment: "host", clientID: "id", homeAccountID: "h"), isCAEEnabled: false).words)
    }

    @Test func peopleOfOneApplicationAreApartAndTheLeastRecentlyUsedGo() async throws {
        let vault = MemoryVault(capacity: 100)
        func part(_ number: Int) -> VaultPart {
            VaultPart(subject: .user(environment: "e", clientID: "c", homeAccountID: "\(number)"), isCAEEnabled: false)
        }
        for number in 0..<1000 {
            try await vault.update(part(number)) { $0.insert(CacheSamples.refresh("r") { $0.homeAccountID = "\(number)" }) }
        }
        #expect(vault.count == 100)
        #expect(try await vault.document(part(899)).isEmpty)
        #expect(try await vault.document(part(900)).refreshEntries.map(\.homeAccountID) == ["900"])
        try await vault.signOut(homeAccountID: "950", environments: nil)
        #expect(try await vault.document(part(950)).isEmpty && vault.count == 99)
        #expect(try await vault.people(environment: "E", clientID: "C", isCAEEnabled: false).refreshEntries.count == 99)
        #expect(try await vault.people(environment: "e", clientID: "c", isCAEEnabled: true).isEmpty)
        try await vault.signOut(homeAccountID: nil, environments: nil)
        #expect(vault.count == 0)
    }

    @Test func anyOrderOfUseKeepsTheListWhole() {
        var values = RecentlyUsed<Int, Int>(capacity: 5)
        var expected: [Int] = []
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<9, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let isThere = expected.contains(key)
                #expect(values.value(for: key) == (isThere ? key : nil))
                if isThere { expected = [key] + expected.filter { $0 != key } }
            case 1:
                values.update(key) { $0 = key }
                expected = Array(([key] + expected.filter { $0 != key }).prefix(5))
            default:
                values.update(key) { $0 = nil }
                expected.removeAll { $0 == key }
            }
            #expect(values.keys == expected && values.count == expected.count)
        }
    }

    @Test func positionsStayAndAreUsedAgain() {
        var order = LeastRecentlyUsed<String>(capacity: 2)
        let (first, second) = (order.add("a"), order.add("b"))
        #expect(first == 0 && second == 1)
        order.touch(0)
        #expect(order.keys == ["a", "b"] && order.position(of: "b") == 1)
        // The one not used for longest leaves its position to the new one.
        let third = order.add("c")
        #expect(third == 1 && order.keys == ["c", "a"] && order.position(of: "b") == nil)
        order.remove(0)
        order.remove(0)
        #expect(order.keys == ["c"] && order.count == 1 && order.positions(where: { $0 == "c" }) == [1])
        let fourth = order.add("d")
        #expect(fourth == 0 && order.keys == ["d", "c"])
        var one = LeastRecentlyUsed<Int>(capacity: 0)
        let positions = [one.add(1), one.add(2)]
        #expect(positions == [0, 0] && one.keys == [2])
    }
}
