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

    /// What has been opened, and not started yet.
    private struct Opened: Sendable {
        let identity: Int
        let functions: MSALRuntimeFunctions
    }

    private static let started = Locked(Started())
    /// Where libraries are opened, by their names: a path on a disk that doesn't answer holds back who asked for that one alone.
    private static let opening = Locked<[[String]: BlockingQueue]>([:])
    /// More lists of names than any program has.
    private static let openingLimit = 64
    /// Where the library is called, since nobody knows what it does in a call.
    static let calls = BlockingQueue(label: "azure-identity.broker-library", limit: .seconds(20))
    /// Where operations are cancelled: that may take for ever if the broker hangs (seen with version 0.20.7), and holds nothing else back.
    static let cancellations = BlockingQueue(label: "azure-identity.broker-library-cancel", limit: .seconds(5))

    /// The library by its names. What nobody has used yet is loaded and started.
    static func ready(_ names: [String]) async throws(BrokerFailure) -> MSALRuntimeLibrary {
        if let library = Self.started.withLock({ $0.byNames[names] }) { return library }
        let opened = await Self.queue(names).run { () -> Result<Opened, BrokerFailure> in
            do throws(BrokerFailure) {
                return .success(try Self.opened(names))
            } catch {
                return .failure(error)
            }
        }
        guard let opened else { throw Self.busy }
        let found = try opened.get()
        let loaded = await Self.calls.run { () -> Result<MSALRuntimeLibrary, BrokerFailure> in
            do throws(BrokerFailure) {
                return .success(try Self.loaded(names, found))
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

    /// Where a library is opened, which takes up to half a second.
    private static func queue(_ names: [String]) -> BlockingQueue {
        Self.opening.withLock { queues in
            if let queue = queues[names] { return queue }
            if queues.count >= Self.openingLimit { queues.removeAll() }
            let queue = BlockingQueue(label: "azure-identity.broker-library-open", limit: .seconds(20))
            queues[names] = queue
            return queue
        }
    }

    /// Blocks. One after the other, by the queue of calls: what goes by several names is started once.
    private static func loaded(_ names: [String], _ opened: Opened) throws(BrokerFailure) -> MSALRuntimeLibrary {
        if let library = Self.started.withLock({ $0.byIdentity[opened.identity] }) {
            Self.started.withLock { $0.byNames[names] = library }
            return library
        }
        if let error = opened.functions.startup() { throw MSALRuntimeAbsence.broker(opened.functions.failure(error)) }
        let library = MSALRuntimeLibrary(functions: opened.functions)
        Self.started.withLock {
            $0.byNames[names] = library
            $0.byIdentity[opened.identity] = library
        }
        return library
    }

    /// Blocks.
    private static func opened(_ names: [String]) throws(BrokerFailure) -> Opened {
        do throws(NativeLibraryProblem) {
            let library = try NativeLibrary(names: names)
            return Opened(identity: library.identity, functions: try MSALRuntimeFunctions(library))
        } catch {
            throw MSALRuntimeAbsence.library(error)
        }
    }
}
