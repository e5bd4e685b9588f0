// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureHTTP

/// Decides, request by request, which fault of a script applies. Pure.
///
/// A step begins when the one before it ends: after its last request, or when its time is up.
package struct FaultPlayer: Sendable {
    private let steps: [FaultScript.Step]
    private var index = 0
    private var requests = 0
    private var begin: MonotonicTime

    package init(_ script: FaultScript?, now: MonotonicTime) {
        self.steps = script?.steps ?? []
        self.begin = now
    }

    /// Whether no step is left, whatever the time.
    package var isFinished: Bool { self.index >= self.steps.count }

    /// The fault for a request, which is counted. `nil`: none.
    package mutating func fault(for destination: EmulatorDestination, path: String, now: MonotonicTime) -> EmulatorFault? {
        self.fault(isTokenRequest: destination.isTokenRequest, now: now) { $0.matches(destination, path: path) }
    }

    /// The fault for a request, which is counted. `nil`: none.
    package mutating func fault(
        isTokenRequest: Bool,
        now: MonotonicTime,
        hits: (FaultScript.Target) -> Bool = { _ in false }
    ) -> EmulatorFault? {
        while !self.isFinished {
            let step = self.steps[self.index]
            if let duration = step.duration, now >= self.begin + duration {
                self.proceed(at: self.begin + duration)
                continue
            }
            if let requests = step.requests, self.requests >= requests {
                self.proceed(at: self.begin)
                continue
            }
            guard isTokenRequest || step.endpoint == .any, step.target.map(hits) ?? true else { return nil }
            self.requests += 1
            if self.requests == step.requests { self.proceed(at: now) }
            return step.fault
        }
        return nil
    }

    private mutating func proceed(at time: MonotonicTime) {
        self.index += 1
        self.requests = 0
        self.begin = time
    }
}
