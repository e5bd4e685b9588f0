// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureHTTP

/// Holds requests back until a test lets them go, and tells the test when they have come and when they are done.
///
/// ```swift
/// let gate = GatedTransport(emulator.transport, isOpen: false)
/// async let token = credential.token(forScopes: scope)
/// await gate.waitForArrivals(1)
/// gate.open()
/// ```
public final class GatedTransport: HTTPTransport, ServerProvingTransport {
    private struct State: Sendable {
        var isOpen: Bool
        var cancellations = 0
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private let inner: any HTTPTransport
    private let state: Locked<State>
    private let arrivals = Milestones()
    private let departures = Milestones()

    /// Puts a gate in front of a transport.
    ///
    /// - Parameters:
    ///   - inner: The transport.
    ///   - isOpen: Whether requests go through at first.
    public init(_ inner: any HTTPTransport, isOpen: Bool = true) {
        self.inner = inner
        self.state = Locked(State(isOpen: isOpen))
    }

    /// Whether the transport behind the gate checks what servers prove themselves by.
    package var canProveServers: Bool { (self.inner as? any ServerProvingTransport)?.canProveServers ?? false }

    /// How many requests have come to the gate.
    public var arrivalCount: Int { self.arrivals.count }

    /// How many requests have ended, in whatever way.
    public var departureCount: Int { self.departures.count }

    /// How many requests were cancelled while they were held back.
    public var cancellationCount: Int { self.state.withLock { $0.cancellations } }

    /// Lets all requests through, those held back included.
    public func open() {
        let waiting = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Holds further requests back.
    public func close() { self.state.withLock { $0.isOpen = false } }

    /// Waits until so many requests have come to the gate since it was made.
    ///
    /// - Parameter count: How many.
    public func waitForArrivals(_ count: Int) async { await self.arrivals.reached(count) }

    /// Waits until so many requests have ended since it was made.
    ///
    /// - Parameter count: How many.
    public func waitForDepartures(_ count: Int) async { await self.departures.reached(count) }

    /// Sends a request through the gate.
    ///
    /// - Parameter request: The request.
    /// - Returns: The inner transport's response.
    /// - Throws: The inner transport's error, or `CancellationError`.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        defer { self.departures.advance() }
        try await self.pass()
        return try await self.inner.send(request)
    }

    private func pass() async throws {
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOpen = self.state.withLock { state in
                    if !state.isOpen { state.waiting[id] = continuation }
                    return state.isOpen
                }
                self.arrivals.advance()
                if isOpen { continuation.resume() } else if Task.isCancelled { self.cancel(id) }
            }
        } onCancel: {
            self.cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let continuation = self.state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: id)
            if continuation != nil { state.cancellations += 1 }
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }
}
