// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureIdentity

/// From when on tokens of a session count.
@Suite struct SessionEpochsTests {
    private let one = KeyedDigest.partition(["one"])
    private let two = KeyedDigest.partition(["two"])

    /// The epochs of who has the user's token, and of who has the key alone.
    private func both(_ session: PartitionID, in epochs: inout SessionEpochs) -> [UInt64] {
        [true, false].map { epochs.epoch(of: session, isUsers: $0) }
    }

    @Test func anEndConcernsEverybodyAndABeginningThoseWithTheKeyAlone() {
        var epochs = SessionEpochs(capacity: 10)
        let (first, other) = (self.both(self.one, in: &epochs), self.both(self.two, in: &epochs))
        epochs.begin(self.one, owner: "ada")
        let begun = self.both(self.one, in: &epochs)
        #expect(begun[0] == first[0] && begun[1] > first[1])
        epochs.begin(self.one, owner: "ada")
        let again = self.both(self.one, in: &epochs)
        #expect(again == begun)
        for owner in ["grace", nil, nil] as [String?] {
            let before = self.both(self.one, in: &epochs)
            epochs.begin(self.one, owner: owner)
            let after = self.both(self.one, in: &epochs)
            #expect(after[0] == before[0] && after[1] > before[1])
        }
        let before = self.both(self.one, in: &epochs)
        epochs.end(self.one)
        let after = self.both(self.one, in: &epochs)
        #expect(after[0] > before[1] && after[1] > before[1])
        let untouched = self.both(self.two, in: &epochs)
        #expect(untouched == other)
    }

    @Test func aSessionThatIsForgottenGetsAnEpochThatNobodyHad() {
        var epochs = SessionEpochs(capacity: 1)
        var seen: Set<UInt64> = []
        for _ in 0..<3 {
            for session in [self.one, self.two] {
                let epoch = epochs.epoch(of: session, isUsers: false)
                let same = epochs.epoch(of: session, isUsers: true)
                let isNew = seen.insert(epoch).inserted
                #expect(isNew && same == epoch)
            }
        }
    }
}
