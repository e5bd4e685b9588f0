// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity

/// Checks the engine's promises on a credential of this library. Every credential runs all of them.
///
/// Each check gets a fixture of its own. No check waits for real time.
package struct EngineConformance: Sendable, CustomStringConvertible {
    /// The name of the check.
    package let name: String
    private let run: @Sendable (EngineFixture) async -> [ConformanceViolation]

    init(_ name: String, _ run: @escaping @Sendable (EngineFixture, inout ConformanceReport) async -> Void) {
        self.name = name
        self.run = { fixture in
            var report = ConformanceReport(name)
            await run(fixture, &report)
            return report.violations
        }
    }

    /// The name of the check.
    package var description: String { self.name }

    /// What was found; nothing if the promise is kept.
    package func violations(_ fixture: EngineFixture) async -> [ConformanceViolation] { await self.run(fixture) }

    /// All checks.
    package static let all: [EngineConformance] = [
        .oneRequestForManyCallers, .oneRequestAcrossInstances, .privateCachesShareNothing, .removalForgets,
        .aWaiterLeavesAlone, .theLastWaiterEndsTheRequest, .aCallersTimeIsItsOwn,
        .errorsAreNotKept, .refusalsAreNotRetried, .retryAfterIsHeeded,
        .renewsEarlyBehindTheCallersBack, .renewsWhenTheServiceSaysSo, .failedRenewalsKeepTheToken, .expiredTokensAreNotServed,
        .minimumLifetimeIsKept,
        .claimsReplaceTheToken, .continuousAccessIsKeptApart, .secretsAreHiddenInErrors,
    ]
}

// Promise 1: single flight.
extension EngineConformance {
    static let oneRequestForManyCallers = EngineConformance("oneRequestForManyCallers") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.gate.close()
        async let outcomes = fixture.tokens(credential, callers: 10_000)
        await fixture.gate.waitForArrivals(1)
        fixture.gate.open()
        let tokens = Set(await outcomes.map { $0.value?.token })
        report.expect(fixture.gate.arrivalCount == 1, "10,000 callers made \(fixture.gate.arrivalCount) requests")
        report.expect(tokens.count == 1 && !tokens.contains(nil), "10,000 callers got \(tokens.count) different tokens")
    }

    static let oneRequestAcrossInstances = EngineConformance("oneRequestAcrossInstances") { fixture, report in
        let cache = TokenCache.inMemory
        let (first, second) = (fixture.make(cache), fixture.make(cache))
        guard fixture.sharesAcrossInstances else {
            let tokens = [await fixture.token(first).value?.token, await fixture.token(second).value?.token]
            report.expect(Set(tokens).count == 2 && !tokens.contains(nil), "two credentials that can't be compared share a token")
            return
        }
        fixture.gate.close()
        async let ofFirst = fixture.tokens(first, callers: 1000)
        async let ofSecond = fixture.tokens(second, callers: 1000)
        await fixture.gate.waitForArrivals(1)
        fixture.gate.open()
        let tokens = Set(await (ofFirst + ofSecond).map { $0.value?.token })
        report.expect(tokens.count == 1 && !tokens.contains(nil), "two equal credentials got \(tokens.count) different tokens")
        report.expect(fixture.gate.arrivalCount == 1, "two equal credentials made \(fixture.gate.arrivalCount) requests")
    }

    static let privateCachesShareNothing = EngineConformance("privateCachesShareNothing") { fixture, report in
        _ = await fixture.token(fixture.make(.inMemory))
        _ = await fixture.token(fixture.make(.inMemory))
        report.expect(fixture.gate.arrivalCount == 2, "two private caches made \(fixture.gate.arrivalCount) requests")
    }

    static let removalForgets = EngineConformance("removalForgets") { fixture, report in
        let cache = TokenCache.inMemory
        let credential = fixture.make(cache)
        let first = await fixture.token(credential)
        cache.removeAll()
        let second = await fixture.token(credential)
        report.expect(first.value != nil && second.value != nil && first.value != second.value, "the removed token came back")
        fixture.gate.close()
        async let late = fixture.token(credential) { $0.minimumRemainingLifetime = .seconds(1_000_000) }
        await fixture.gate.waitForArrivals(3)
        cache.removeAll()
        fixture.gate.open()
        _ = await late
        report.expect(cache.count == 0, "a request from before the removal stored its token after it")
    }
}

// Promise 2: waiters.
extension EngineConformance {
    static let aWaiterLeavesAlone = EngineConformance("aWaiterLeavesAlone") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.gate.close()
        let staying = Task { await fixture.token(credential) }
        await fixture.gate.waitForArrivals(1)
        let leaving = (0..<100).map { _ in Task { await fixture.token(credential) } }
        for task in leaving { task.cancel() }
        for task in leaving {
            let outcome = await task.value
            report.expect(outcome.error is CancellationError, "a cancelled waiter got \(CredentialConformance.text(outcome))")
        }
        fixture.gate.open()
        let outcome = await staying.value
        report.expect(outcome.value != nil, "the waiter that stayed got \(CredentialConformance.text(outcome))")
        report.expect(fixture.gate.arrivalCount == 1, "\(fixture.gate.arrivalCount) requests instead of 1")
    }

    static let theLastWaiterEndsTheRequest = EngineConformance("theLastWaiterEndsTheRequest") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.gate.close()
        let first = Task { await fixture.token(credential) }
        await fixture.gate.waitForArrivals(1)
        first.cancel()
        let outcome = await first.value
        report.expect(outcome.error is CancellationError, "the cancelled caller got \(CredentialConformance.text(outcome))")
        await fixture.gate.waitForDepartures(1)
        report.expect(fixture.gate.cancellationCount == 1, "the request went on without anyone waiting")
        fixture.gate.open()
        let next = await fixture.token(credential)
        report.expect(next.value != nil, "the next caller got \(CredentialConformance.text(next))")
    }

    static let aCallersTimeIsItsOwn = EngineConformance("aCallersTimeIsItsOwn") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.gate.close()
        let patient = Task { await fixture.token(credential) }
        await fixture.gate.waitForArrivals(1)
        // The request's own limits, which may come after the request.
        await fixture.clock.waitForSleepers(fixture.limitsPerRequest)
        let before = fixture.clock.sleeperCount
        let hasty = Task { await fixture.token(credential) { $0.timeout = .seconds(1) } }
        await fixture.clock.waitForSleepers(before + 1)
        fixture.clock.advance(by: .seconds(1))
        let outcome = await hasty.value
        let code = (outcome.error as? AuthenticationError)?.code
        report.expect(code == .timedOut, "a caller whose time was up got \(CredentialConformance.text(outcome))")
        fixture.gate.open()
        report.expect(await patient.value.value != nil, "the patient caller got no token")
    }
}
