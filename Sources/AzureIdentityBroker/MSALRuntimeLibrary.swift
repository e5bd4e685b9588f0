// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

/// The library, loaded and started.
///
/// Once per process and library, and for good: it has threads of its own. What failed isn't remembered; it may have been installed since.
struct MSALRuntimeLibrary: Sendable {
    let functions: MSALRuntimeFunctions

    /// The libraries that have been started, by the names that were asked for and by what the loader made of them.
    private struct Started: Sendable {
        var byNames: [[String]: MSALRuntimeLibrary] = [:]
        var byIdentity: [Int: MSALRuntimeLibrary] = [:]
    }

    private static let started = Locked(Started())
    /// Where the library is called, since loading it takes up to half a second and nobody knows what it does in a call.
    static let calls = BlockingQueue(label: "azure-identity.broker-library", limit: .seconds(20))
    /// Where operations are cancelled: that may take for ever if the broker hangs (seen with version 0.20.7), and holds nothing else back.
    static let cancellations = BlockingQueue(label: "azure-identity.broker-library-cancel", limit: .seconds(5))

    /// The library by its names. What nobody has used yet is loaded and started.
    static func ready(_ names: [String]) async throws(BrokerFailure) -> MSALRuntimeLibrary {
        if let library = Self.started.withLock({ $0.byNames[names] }) { return library }
        let loaded = await Self.calls.run { () -> Result<MSALRuntimeLibrary, BrokerFailure> in
            do throws(BrokerFailure) {
                return .success(try Self.loaded(names))
            } catch {
                return .failure(error)
            }
        }
        guard let loaded else { throw Self.busy }
        return try loaded.get()
    }

    /// Why a call wasn't made: its caller left, or the library is still at an earlier one.
    static var busy: BrokerFailure {
        if Task.isCancelled { return BrokerFailure(.cancelled) }
        return BrokerFailure(.temporary, context: "the broker library has not returned from a call for 20 seconds")
    }

    /// Blocks. One after the other: by the queue.
    private static func loaded(_ names: [String]) throws(BrokerFailure) -> MSALRuntimeLibrary {
        if let library = Self.started.withLock({ $0.byNames[names] }) { return library }
        let (identity, functions) = try Self.opened(names)
        if let library = Self.started.withLock({ $0.byIdentity[identity] }) {
            Self.started.withLock { $0.byNames[names] = library }
            return library
        }
        if let error = functions.startup() { throw MSALRuntimeAbsence.broker(functions.failure(error)) }
        let library = MSALRuntimeLibrary(functions: functions)
        Self.started.withLock {
            $0.byNames[names] = library
            $0.byIdentity[identity] = library
        }
        return library
    }

    private static func opened(_ names: [String]) throws(BrokerFailure) -> (Int, MSALRuntimeFunctions) {
        do throws(NativeLibraryProblem) {
            let library = try NativeLibrary(names: names)
            return (library.identity, try MSALRuntimeFunctions(library))
        } catch {
            throw MSALRuntimeAbsence.library(error)
        }
    }
}
