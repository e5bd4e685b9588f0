// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

/// One operation of the library, from its beginning to its callback: it ends once, by the callback, by an error, or because its caller leaves.
///
/// What it needs is kept until the callback, whether or not somebody still waits. What the callback brings is read and released there.
final class MSALRuntimeOperation<Value: Sendable>: Sendable {
    typealias Address = MSALRuntimeFunctions.Address
    /// Begins the operation: gets the number for the callback and the place for the operation's handle, and may put what has to outlive the
    /// beginning into the list. Runs where it may block.
    typealias Start =
        @Sendable (Address, MSALRuntimeFunctions.Place, inout [MSALRuntimeHandle]) throws(BrokerFailure) -> Address?
    /// Reads a result.
    typealias Read = @Sendable (Address) throws(BrokerFailure) -> Value

    private struct State: Sendable {
        /// The end; the first one counts.
        var end: Result<Value, BrokerFailure>?
        var waiter: CheckedContinuation<Result<Value, BrokerFailure>, Never>?
        var handle: MSALRuntimeHandle?
        /// What the library may still use.
        var kept: [MSALRuntimeHandle] = []
        var isAnswered = false
    }

    private let functions: MSALRuntimeFunctions
    private let start: Start
    private let read: Read
    private let release: MSALRuntimeFunctions.Act
    private let state = Locked(State())

    /// - Parameter release: The function for this kind of result.
    init(
        _ functions: MSALRuntimeFunctions,
        release: @escaping MSALRuntimeFunctions.Act,
        read: @escaping Read,
        start: @escaping Start
    ) {
        self.functions = functions
        self.start = start
        self.read = read
        self.release = release
    }

    /// Begins, and waits for the end. A caller who is cancelled leaves at once.
    func run() async throws(BrokerFailure) -> Value {
        let end = await withTaskCancellationHandler {
            let isBegun = await MSALRuntimeLibrary.calls.run {
                self.begin()
                return true
            }
            if isBegun == nil { self.leave(MSALRuntimeLibrary.busy) }
            return await withCheckedContinuation { continuation in
                let end = self.state.withLock { state -> Result<Value, BrokerFailure>? in
                    if state.end == nil { state.waiter = continuation }
                    return state.end
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            self.leave(BrokerFailure(.cancelled))
        }
        return try end.get()
    }

    private func begin() {
        // Whoever asked may have left while this waited for its turn.
        guard self.state.withLock({ $0.end == nil }) else { return }
        guard let data = MSALRuntimeCallbacks.shared.add({ self.arrived($0) }) else {
            let context = "the broker library has left \(MSALRuntimeCallbacks.limit) requests unanswered"
            _ = self.finish(.failure(BrokerFailure(.temporary, context: context)))
            return
        }
        var kept: [MSALRuntimeHandle] = []
        do throws(BrokerFailure) {
            let release = self.functions.operations.release
            let handle = try self.functions.handle(release: release) { place throws(BrokerFailure) in
                try self.start(data, place, &kept)
            }
            self.keep(handle, kept)
        } catch {
            MSALRuntimeCallbacks.shared.remove(data)
            _ = self.finish(.failure(error))
        }
    }

    /// Holds what the operation needs, unless it is over already: the callback may have come meanwhile, and its caller may have left.
    private func keep(_ handle: MSALRuntimeHandle?, _ kept: [MSALRuntimeHandle]) {
        let isLeft = self.state.withLock { state -> Bool in
            if state.isAnswered { return false }
            state.kept = kept
            if state.end == nil { state.handle = handle }
            return state.end != nil
        }
        if isLeft, let handle { self.cancel(handle) }
    }

    /// The callback, on a thread of the library's.
    private func arrived(_ address: Address?) {
        let kept = self.state.withLock { state -> [MSALRuntimeHandle] in
            defer { state.kept = [] }
            state.isAnswered = true
            return state.kept
        }
        let end = self.outcome(address)
        withExtendedLifetime(kept) {}
        if let end { _ = self.finish(end) }
    }

    /// What a result says, which is released in any case; `nil` if nobody waits for it any more.
    private func outcome(_ address: Address?) -> Result<Value, BrokerFailure>? {
        let result = address.map { MSALRuntimeHandle($0, self.functions, release: self.release) }
        guard self.state.withLock({ $0.end == nil }) else { return nil }
        do throws(BrokerFailure) {
            guard let result else {
                throw BrokerFailure(.protocolError, context: "the broker library called back without a result")
            }
            return .success(try result.use { address throws(BrokerFailure) in try self.read(address) })
        } catch {
            return .failure(error)
        }
    }

    /// Ends for the caller, and has the library end too.
    private func leave(_ failure: BrokerFailure) {
        if let handle = self.finish(.failure(failure)) { self.cancel(handle) }
    }

    /// Ends for the caller, if it hasn't yet.
    ///
    /// - Returns: The operation's handle if it was begun.
    private func finish(_ end: Result<Value, BrokerFailure>) -> MSALRuntimeHandle? {
        let (waiter, handle) = self.state.withLock {
            state -> (CheckedContinuation<Result<Value, BrokerFailure>, Never>?, MSALRuntimeHandle?) in
            guard state.end == nil else { return (nil, nil) }
            defer {
                state.end = end
                state.waiter = nil
                state.handle = nil
            }
            return (state.waiter, state.handle)
        }
        waiter?.resume(returning: end)
        return handle
    }

    /// Asks the library to end the operation, if earlier requests of the kind have come back; nobody waits for it.
    private func cancel(_ handle: MSALRuntimeHandle) {
        let functions = self.functions
        Task {
            await MSALRuntimeLibrary.cancellations.run {
                _ = try? handle.use { address throws(BrokerFailure) in functions.discard(functions.operations.cancel(address)) }
            }
        }
    }
}
