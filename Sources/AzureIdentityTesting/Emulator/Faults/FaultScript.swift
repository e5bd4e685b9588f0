// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Faults over time: steps that follow one another. After the last one the emulator is healthy.
///
/// An outage of ten seconds, then a throttled request, then health:
///
/// ```swift
/// FaultScript(steps: [
///     .init(.status(503), duration: .seconds(10)),
///     .init(.status(429, retryAfter: "1"), requests: 1),
/// ])
/// ```
public struct FaultScript: Sendable, Hashable {
    /// Which requests a step applies to, and counts.
    public enum Endpoint: String, Sendable, Hashable, Codable {
        /// Requests for tokens, from Microsoft Entra ID or a host.
        case token
        /// All requests.
        case any
    }

    /// One fault, or health, for a number of requests or for a while.
    public struct Step: Sendable, Hashable {
        /// The fault. `nil`: the emulator is healthy.
        public var fault: EmulatorFault?
        /// Which requests the step applies to, and counts.
        public var endpoint: Endpoint
        /// To which part of the emulator they have to go. `nil`: to any.
        public var target: Target?
        /// After how many requests the step ends. `nil`: however many there are.
        public var requests: Int?
        /// When the step ends, from its begin. `nil`: whenever.
        public var duration: Duration?

        /// Creates a step. With neither a number of requests nor a duration it lasts until another script is played; with both it
        /// ends with whichever comes first.
        ///
        /// - Parameters:
        ///   - fault: The fault. `nil`: the emulator is healthy.
        ///   - endpoint: Which requests the step applies to, and counts. `nil`: token requests, but all those to a target.
        ///   - target: To which part of the emulator they have to go. `nil`: to any.
        ///   - requests: After how many requests the step ends.
        ///   - duration: When the step ends, from its begin.
        public init(
            _ fault: EmulatorFault?,
            endpoint: Endpoint? = nil,
            target: Target? = nil,
            requests: Int? = nil,
            duration: Duration? = nil
        ) {
            self.fault = fault
            self.endpoint = endpoint ?? (target == nil ? .token : .any)
            self.target = target
            self.requests = requests
            self.duration = duration
        }
    }

    /// The steps, in order.
    public var steps: [Step]

    /// Creates a script.
    ///
    /// - Parameter steps: The steps, in order. None: the emulator is healthy.
    public init(steps: [Step]) { self.steps = steps }

    /// Creates a script of one step.
    ///
    /// - Parameters:
    ///   - fault: The fault.
    ///   - endpoint: Which requests the step applies to, and counts. `nil`: token requests, but all those to a target.
    ///   - target: To which part of the emulator they have to go. `nil`: to any.
    ///   - requests: After how many requests it ends.
    ///   - duration: When it ends, from its begin.
    public init(
        _ fault: EmulatorFault,
        endpoint: Endpoint? = nil,
        target: Target? = nil,
        requests: Int? = nil,
        duration: Duration? = nil
    ) {
        self.steps = [Step(fault, endpoint: endpoint, target: target, requests: requests, duration: duration)]
    }
}

extension FaultScript: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case steps }

    /// Reads the JSON form; names it doesn't know are refused.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        self.steps = try decoder.strictContainer(keyedBy: CodingKeys.self).decode([Step].self, forKey: .steps)
    }
}

extension FaultScript.Step: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case fault, endpoint, target, requests, duration }

    /// Reads the JSON form; names it doesn't know are refused. A duration is a number of seconds.
    ///
    /// - Parameter decoder: The decoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            try container.decodeIfPresent(EmulatorFault.self, forKey: .fault),
            endpoint: try container.decodeIfPresent(FaultScript.Endpoint.self, forKey: .endpoint),
            target: try container.decodeIfPresent(FaultScript.Target.self, forKey: .target),
            requests: try container.decodeCount(forKey: .requests),
            duration: try container.decodeSeconds(forKey: .duration)
        )
    }

    /// Writes the JSON form.
    ///
    /// - Parameter encoder: The encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.fault, forKey: .fault)
        if self.endpoint != (self.target == nil ? .token : .any) { try container.encode(self.endpoint, forKey: .endpoint) }
        try container.encodeIfPresent(self.target, forKey: .target)
        try container.encodeIfPresent(self.requests, forKey: .requests)
        try container.encodeSeconds(self.duration, forKey: .duration)
    }
}
