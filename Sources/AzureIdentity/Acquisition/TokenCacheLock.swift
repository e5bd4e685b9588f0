// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if THREAD_SANITIZER || !canImport(Synchronization)
import AzureHTTP

/// The lock around the kept tokens.
typealias TokenCacheLock = Locked<TokenCacheState>
#else
import Synchronization

/// The lock around the kept tokens: as `Locked`, but in this module, so that the compiler makes the way through it for this one type.
/// Every call takes it, and generic code that isn't specialised costs more than the lock itself.
final class TokenCacheLock: Sendable {
    private let mutex: Mutex<TokenCacheState>

    init(_ state: TokenCacheState) { self.mutex = Mutex(state) }

    func withLock<Result: Sendable>(_ body: (inout TokenCacheState) -> Result) -> Result {
        self.mutex.withLock { state in body(&state) }
    }
}
#endif
