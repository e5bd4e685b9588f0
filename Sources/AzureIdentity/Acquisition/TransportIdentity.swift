// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

/// Gives each HTTP transport a name, so that credentials with different transports never share tokens.
///
/// A transport that is an object keeps its name as long as it lives, and no later object at the same address inherits it; a transport
/// that is a value gets a new name each time, so credentials share nothing through it.
package enum TransportIdentity {
    private struct State {
        var names: [ObjectIdentifier: (name: String, object: WeakReference)] = [:]
        var count = 0
    }

    private final class WeakReference: Sendable {
        private let object: Locked<Weak>
        struct Weak: Sendable { weak var object: (any HTTPTransport & AnyObject)? }
        init(_ object: any HTTPTransport & AnyObject) { self.object = Locked(Weak(object: object)) }
        var isAlive: Bool { self.object.withLock { $0.object != nil } }
    }

    private static let state = Locked(State())

    /// The transport's name.
    package static func name(of transport: any HTTPTransport) -> String {
        if let named = transport as? any NamedTransport { return named.transportName }
        return self.state.withLock { state in
            state.count += 1
            let fresh = "transport \(state.count)"
            guard let object = transport as? any HTTPTransport & AnyObject else { return fresh }
            if let known = state.names[ObjectIdentifier(object)], known.object.isAlive { return known.name }
            state.names = state.names.filter { $0.value.object.isAlive }
            state.names[ObjectIdentifier(object)] = (fresh, WeakReference(object))
            return fresh
        }
    }
}
