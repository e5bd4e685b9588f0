// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension EmulatorConfiguration {
    /// A subscription that the emulated resource manager lists to everyone with a token of its tenant.
    public struct Subscription: Sendable, Hashable {
        /// Whether a subscription can be used.
        public enum State: String, Sendable, Hashable, Codable, CaseIterable {
            /// It can be used.
            case enabled = "Enabled"
            /// It can be used; a payment is late.
            case warned = "Warned"
            /// It can be used; a payment is due.
            case pastDue = "PastDue"
            /// It can only be read.
            case disabled = "Disabled"
            /// It is being deleted.
            case deleted = "Deleted"
        }

        /// The subscription's id, a GUID.
        public var id: String
        /// A name for people; tools take it for the id.
        public var name: String
        /// The id of the tenant that it trusts.
        public var tenantID: String
        /// Whether it can be used. Tools make the first enabled one the default.
        public var state: State

        /// Creates a subscription.
        ///
        /// - Parameters:
        ///   - id: The subscription's id, a GUID.
        ///   - name: A name for people.
        ///   - tenantID: The id of the tenant that it trusts.
        ///   - state: Whether it can be used.
        public init(id: String, name: String, tenantID: String, state: State = .enabled) {
            self.id = id
            self.name = name
            self.tenantID = tenantID
            self.state = state
        }
    }

    /// Checks the subscriptions.
    func validateSubscriptions() throws(EmulatorConfigurationError) {
        var ids: Set<String> = []
        for subscription in self.subscriptions {
            guard GUID.isValid(subscription.id) else {
                throw .invalid("the subscription id \"\(subscription.id)\" is not a GUID.")
            }
            guard ids.insert(subscription.id.lowercased()).inserted else {
                throw .invalid("two subscriptions have the id \(subscription.id).")
            }
            guard !subscription.name.isEmpty else { throw .invalid("the subscription \(subscription.id) has no name.") }
            guard self.tenants.contains(where: { $0.id == subscription.tenantID && !$0.isADFS }) else {
                throw .invalid("\"\(subscription.tenantID)\" of the subscription \(subscription.id) is the id of no tenant.")
            }
        }
    }
}

extension EmulatorConfiguration.Subscription: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case id, name
        case tenantID = "tenantId"
        case state
    }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            name: try container.decode(String.self, forKey: .name),
            tenantID: try container.decode(String.self, forKey: .tenantID),
            state: try Self.state(in: container)
        )
    }

    private static func state(in container: KeyedDecodingContainer<CodingKeys>) throws -> State {
        guard let text = try container.decodeIfPresent(String.self, forKey: .state) else { return .enabled }
        guard let state = State(rawValue: text) else {
            let names = State.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .state,
                in: container,
                debugDescription: "One of these is expected: \(names)."
            )
        }
        return state
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.name, forKey: .name)
        try container.encode(self.tenantID, forKey: .tenantID)
        if self.state != .enabled { try container.encode(self.state, forKey: .state) }
    }
}
