// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Logging

// Removing entries for good. On the queue.
extension DiskCache {
    /// How long all back ends but the first may take.
    private static let patience = Duration.seconds(10)

    /// Removes entries from the document, and those of somebody who signs out from every other place that the document may have been in.
    ///
    /// - Returns: Why some may be left; nothing, if none are.
    func removeEverywhere(_ removal: VaultRemoval) -> [String] {
        var reasons: [String] = []
        var chosen: PersistentTokenCacheBackend?
        var failed: [PersistentTokenCacheBackend] = []
        do throws(StorageProblem) {
            let storage = try self.storage()
            chosen = storage.backend
            try self.change { removal.apply(to: &$0) }
        } catch {
            if let chosen { failed.append(chosen) }
            // Without a storage there is nothing but the memory, as far as can be seen: the others are looked at below.
            let isAbsent = chosen == nil && !self.isRequired && (try? self.storages.get()) != nil
            if isAbsent { self.state.withLock { $0.removeFromMemory(removal) } } else { reasons.append(error.reason) }
        }
        guard removal.isSignOut else { return reasons }
        let deadline = self.clock.now + Self.patience
        let all = ((try? self.storages.get()) ?? []) + self.others
        for storage in all where storage.backend != chosen && storage.mayHoldTokens {
            do throws(StorageProblem) {
                guard self.clock.now < deadline else { throw StorageProblem(.busy, "there was no time left to look") }
                try self.remove(removal, from: storage)
            } catch  where error.kind == .otherKey {
                // Nobody can say whose they are but who has the key.
                self.state.withLock { $0.note(.notice, "Not looked into for signing out: \(storage.backend), \(error.reason).") }
            } catch {
                failed.append(storage.backend)
                reasons.append("\(storage.backend): \(error.reason)")
            }
        }
        // Where opening failed just now, it would once more, and is said already.
        return reasons + self.eraseSetAside(all.filter { !failed.contains($0.backend) }, chosen: chosen, deadline: deadline)
    }

    /// Removes entries from another place than today's.
    private func remove(_ removal: VaultRemoval, from storage: any PersistentStorage) throws(StorageProblem) {
        try storage.lock.hold(within: Self.lockLimit) { () throws(StorageProblem) in
            let earlier: CacheDocument
            do throws(StorageProblem) {
                guard let bytes = try storage.load(), bytes.contains(where: { $0 > 0x20 }) else { return }
                earlier = try Self.parsed(bytes)
            } catch  where error.kind == .damaged {
                let place = try storage.setAside()
                self.state.withLock { $0.note(.warning, "Tokens can't be read: \(error.reason). They are set aside: \(place).") }
                return
            } catch  where error.kind == .keyLost {
                // Nobody can read it any more.
                try storage.erase()
                return
            }
            var document = earlier
            removal.apply(to: &document)
            if document == earlier { return }
            if document.isEmpty { try storage.erase() } else { try storage.save(document.json) }
            self.state.withLock {
                $0.note(.notice, "Tokens of who signed out were left over and are removed: \(storage.backend).")
            }
        }
    }

    /// Deletes what couldn't be read and was set aside, by this sign-out or before: the sign-in of who signs out may be in it, and nobody can
    /// use that of others.
    ///
    /// - Returns: Why some may be left.
    private func eraseSetAside(
        _ storages: [any PersistentStorage],
        chosen: PersistentTokenCacheBackend?,
        deadline: MonotonicTime
    ) -> [String] {
        var reasons: [String] = []
        for storage in storages where storage.backend == chosen || storage.hasSetAside {
            do throws(StorageProblem) {
                guard self.clock.now < deadline else { throw StorageProblem(.busy, "there was no time left to look") }
                let place = try storage.lock.hold(within: Self.lockLimit) { () throws(StorageProblem) in
                    try storage.eraseSetAside()
                }
                guard let place else { continue }
                self.state.withLock { $0.note(.notice, "Tokens that couldn't be read and were set aside are deleted: \(place).") }
            } catch {
                reasons.append("\(storage.backend): \(error.reason)")
            }
        }
        return reasons
    }
}
