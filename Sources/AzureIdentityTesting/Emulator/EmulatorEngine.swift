// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

#if canImport(FoundationEssentials)
import struct FoundationEssentials.Date
#else
import struct Foundation.Date
#endif

/// An answer and how it is brought to the client.
package struct EmulatorReply: Sendable {
    /// How the bytes of the answer travel.
    package enum Delivery: Sendable, Hashable {
        case whole
        case delayed(Duration)
        case reset
        /// So many bytes of the body, which is announced to be longer.
        case truncated(afterBytes: Int)
        case garbage
        /// The body, filled up with blanks.
        case padded(bytes: Int)
        case slow(bytesPerSecond: Int)
        /// The body, then blanks without end.
        case endless
    }

    package var response: EmulatorResponse
    package var delivery: Delivery = .whole
    /// Whether a reset stands for a connection that was refused, which in memory can be told apart.
    package var isRefused = false
}

/// The emulator's state: configuration, script and recorded requests. Shared by the public object, its transport and its servers.
package final class EmulatorEngine: Sendable {
    private struct State: Sendable {
        var configuration: EmulatorConfiguration
        var player: FaultPlayer
        var requests: [RecordedRequest] = []
        var requestCount = 0
        var tokenRequestCount = 0

        /// The bytes of the bodies that are kept.
        var bodySize = 0

        /// Keeps up to twice as many as are shown, so that dropping old ones costs little per request; of large ones fewer.
        mutating func record(_ request: RecordedRequest, isTokenRequest: Bool, limit: Int) {
            self.requestCount += 1
            if isTokenRequest { self.tokenRequestCount += 1 }
            self.requests.append(request)
            self.bodySize += request.body.count
            guard self.requests.count >= 2 * limit || self.bodySize > EmulatorEngine.bodyLimit else { return }
            var kept = self.requests.suffix(limit)
            self.bodySize = kept.reduce(0) { $0 + $1.body.count }
            while self.bodySize > EmulatorEngine.bodyLimit / 2, let first = kept.popFirst() { self.bodySize -= first.body.count }
            self.requests = Array(kept)
        }
    }

    /// The most bytes of bodies that are kept.
    private static let bodyLimit = 64 << 20

    package let clock: any MachineClock
    package let signer: any TokenSigner
    /// The most requests that are shown.
    private let recordLimit: Int
    private let state: Locked<State>
    /// The assertions seen so far.
    private let ledger = AssertionLedger()
    /// What people have done so far.
    private let people = PeopleLedger()
    /// The challenges of the Arc agent that were not met.
    private let arcKeys = ArcKeyFiles()
    /// What the key vaults hold.
    private let vaults = VaultLedger()
    /// The tokens that clients have shown.
    private let knownTokens = KnownTokens()
    /// The requests received so far.
    package let milestones = Milestones()

    package init(
        configuration: EmulatorConfiguration,
        clock: any MachineClock,
        signer: any TokenSigner,
        recordLimit: Int = 10_000
    ) {
        self.recordLimit = recordLimit
        self.clock = clock
        self.signer = signer
        self.state = Locked(
            State(configuration: configuration, player: FaultPlayer(configuration.faults, now: clock.now))
        )
    }

    package var requests: [RecordedRequest] { self.state.withLock { $0.requests.suffix(self.recordLimit) } }
    package var requestCount: Int { self.state.withLock { $0.requestCount } }
    package var tokenRequestCount: Int { self.state.withLock { $0.tokenRequestCount } }
    package var configuration: EmulatorConfiguration { self.state.withLock { $0.configuration } }

    package func play(_ script: FaultScript) {
        let player = FaultPlayer(script, now: self.clock.now)
        self.state.withLock { $0.player = player }
    }

    package func update(_ change: @Sendable (inout EmulatorConfiguration) -> Void) {
        self.state.withLock { change(&$0.configuration) }
    }

    /// Records a request and answers it, with the fault that is due.
    package func reply(to request: EmulatorRequest) -> EmulatorReply {
        let date = self.clock.date
        let now = self.clock.now
        let record = RecordedRequest(request, date: date)
        let (configuration, destination, fault) = self.state.withLock { state in
            let destination = EmulatorDestination(request, configuration: state.configuration)
            state.record(record, isTokenRequest: destination.isTokenRequest, limit: self.recordLimit)
            let fault = state.player.fault(for: destination, path: request.path, now: now)
            return (state.configuration, destination, fault)
        }

        self.milestones.advance()

        var offset = configuration.clockOffset
        if case .clockOffset(let more) = fault?.kind { offset += more }
        let serviceDate = date.addingTimeInterval(offset / .seconds(1))
        if let fault, let reply = Self.replacement(fault, destination, at: serviceDate) { return reply }
        let response = self.core(configuration).response(to: destination, at: serviceDate)
        return EmulatorReply(response: response, delivery: Self.delivery(fault))
    }

    private func core(_ configuration: EmulatorConfiguration) -> EmulatorCore {
        EmulatorCore(
            configuration: configuration,
            signer: self.signer,
            ledger: self.ledger,
            people: self.people,
            arcKeys: self.arcKeys,
            vaults: self.vaults,
            knownTokens: self.knownTokens
        )
    }

    /// The service as it is now, and its date, for what is no request.
    func now() -> (core: EmulatorCore, date: Date) {
        let configuration = self.configuration
        return (self.core(configuration), self.clock.date.addingTimeInterval(configuration.clockOffset / .seconds(1)))
    }

    /// The answer of faults that don't need the service's own.
    private static func replacement(_ fault: EmulatorFault, _ destination: EmulatorDestination, at date: Date) -> EmulatorReply? {
        switch fault.kind {
        case .status(let status, let retryAfter, let body):
            var response = destination.unavailable(status: status, at: date)
            response.headers["Retry-After"] = retryAfter
            if let body {
                response.body = body
                if body.first != UInt8(ascii: "{") { response.headers["Content-Type"] = "text/html; charset=utf-8" }
            }
            return EmulatorReply(response: response)
        case .response(let status, let headers, let body):
            var response = EmulatorResponse(status: status, body: body)
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) { response.headers.append(name: name, value: value) }
            return EmulatorReply(response: response)
        case .reset: return EmulatorReply(response: EmulatorResponse(status: 200), delivery: .reset)
        case .garbage: return EmulatorReply(response: EmulatorResponse(status: 200), delivery: .garbage)
        case .refusal: return EmulatorReply(response: EmulatorResponse(status: 200), delivery: .reset, isRefused: true)
        case .delay, .truncation, .hugeBody, .slowBody, .endlessBody, .clockOffset: return nil
        }
    }

    private static func delivery(_ fault: EmulatorFault?) -> EmulatorReply.Delivery {
        switch fault?.kind {
        case .delay(let duration): .delayed(duration)
        case .truncation(let afterBytes): .truncated(afterBytes: afterBytes)
        case .hugeBody(let bytes): .padded(bytes: bytes)
        case .slowBody(let bytesPerSecond): .slow(bytesPerSecond: bytesPerSecond)
        case .endlessBody: .endless
        case .reset, .refusal: .reset
        case .garbage: .garbage
        case nil, .status, .response, .clockOffset: .whole
        }
    }
}
