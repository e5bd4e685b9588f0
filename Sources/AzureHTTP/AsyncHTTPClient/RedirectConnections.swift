// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import NIOCore

/// The open connections of a listener, no more than a few. Once closed it takes no more.
final class RedirectConnections: Sendable {
    /// Where a connection is with its one request.
    enum Stage: Sendable {
        /// Its request isn't whole yet.
        case asking
        /// Its answer is being worked on.
        case waiting
        /// Its answer is on its way.
        case answered
    }

    /// A connection's place among them.
    struct Place: Sendable {
        let id: ObjectIdentifier
        let connections: RedirectConnections

        func move(to stage: Stage) { self.connections.move(self.id, to: stage) }
    }

    private struct State: Sendable {
        /// In the order they came.
        var open: [(id: ObjectIdentifier, channel: any Channel, stage: Stage)] = []
        var isClosed = false
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = limit }

    /// Takes a connection until it closes. Where there are too many, the oldest one that hasn't got its request together has to go.
    ///
    /// - Returns: Its place; `nil` if there is none.
    func add(_ channel: any Channel) -> Place? {
        let id = ObjectIdentifier(channel)
        let (isTaken, evicted) = self.state.withLock { state -> (Bool, (any Channel)?) in
            guard !state.isClosed else { return (false, nil) }
            var evicted: (any Channel)?
            if state.open.count >= self.limit {
                let oldest =
                    state.open.firstIndex { $0.stage == .asking } ?? state.open.firstIndex { $0.stage == .answered }
                guard let oldest else { return (false, nil) }
                evicted = state.open.remove(at: oldest).channel
            }
            state.open.append((id, channel, .asking))
            return (true, evicted)
        }
        evicted?.close(promise: nil)
        guard isTaken else { return nil }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open.removeAll { $0.id == id } } }
        return Place(id: id, connections: self)
    }

    /// Takes no more connections, and closes those that have no answer on its way.
    func close() {
        let channels = self.state.withLock { state in
            state.isClosed = true
            return state.open.filter { $0.stage != .answered }.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func move(_ id: ObjectIdentifier, to stage: Stage) {
        self.state.withLock { state in
            guard let index = state.open.firstIndex(where: { $0.id == id }) else { return }
            state.open[index].stage = stage
        }
    }
}
#endif
