// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity

// Promises 3, 8, 9, 11: failures.
extension EngineConformance {
    static let errorsAreNotKept = EngineConformance("errorsAreNotKept") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.fail(fixture.requestsPerFailure, 500, nil)
        let first = await fixture.token(credential)
        let error = first.error as? AuthenticationError
        report.expect(error?.code == .authenticationFailed, "a failing service gave \(CredentialConformance.text(first))")
        report.expect(error?.isRetryable == true, "the error of a status 500 doesn't say that it is retryable")
        let second = await fixture.token(credential)
        report.expect(second.value != nil, "the next call got \(CredentialConformance.text(second))")
    }

    static let refusalsAreNotRetried = EngineConformance("refusalsAreNotRetried") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.refuse()
        let outcome = await fixture.token(credential)
        let error = outcome.error as? AuthenticationError
        report.expect(error?.isRetryable == false, "a refusal gave \(CredentialConformance.text(outcome))")
        report.expect(fixture.gate.arrivalCount == 1, "a refusal took \(fixture.gate.arrivalCount) requests")
        report.expect(
            error.map { $0.summary.count <= 400 && !$0.summary.contains("\n") } ?? false, "the summary is no short line")
    }

    static let retryAfterIsHeeded = EngineConformance("retryAfterIsHeeded") { fixture, report in
        guard fixture.knowsRetryAfter else { return }
        let credential = fixture.make(.inMemory)
        // More than a retry waits, so that the first answer is final.
        fixture.fail(1_000, 429, "3600")
        for _ in 0..<1_000 {
            let error = await fixture.token(credential).error as? AuthenticationError
            report.expect((error?.retryAfter ?? .zero) > .zero, "an error of a throttled service has no retryAfter")
        }
        report.expect(fixture.gate.arrivalCount == 1, "1,000 calls under a 429 made \(fixture.gate.arrivalCount) requests")
        fixture.fail(0, 200, nil)
        fixture.clock.advance(by: .seconds(61))
        let later = await fixture.token(credential)
        report.expect(later.value != nil, "a minute later a call got \(CredentialConformance.text(later))")
    }

    static let secretsAreHiddenInErrors = EngineConformance("secretsAreHiddenInErrors") { fixture, report in
        guard let secret = fixture.secret else { return }
        let credential = fixture.make(.inMemory)
        fixture.refuse()
        let outcome = await fixture.token(credential)
        guard let error = outcome.error else { return report.expect(false, "the refusal didn't come out as an error") }
        var dumped = ""
        dump(error, to: &dumped)
        dump(credential, to: &dumped)
        for text in [dumped, "\(error)", String(reflecting: error), "\(credential)"] {
            report.expect(!text.contains(secret), "the secret shows")
        }
    }
}

// Promises 4 and 5: renewal and claims.
extension EngineConformance {
    static let renewsEarlyBehindTheCallersBack = EngineConformance("renewsEarlyBehindTheCallersBack") { fixture, report in
        let cache = TokenCache.inMemory
        let credential = fixture.make(cache)
        fixture.setLifetime(3600, nil)
        let first = await fixture.token(credential)
        fixture.clock.advance(by: .seconds(3299))
        _ = await fixture.token(credential)
        report.expect(fixture.gate.arrivalCount == 1, "renewed before it was due")
        fixture.clock.advance(by: .seconds(62))
        fixture.gate.close()
        let due = await fixture.tokens(credential, callers: 100)
        report.expect(due.allSatisfy { $0.value == first.value }, "a caller had to wait for the renewal")
        await fixture.gate.waitForArrivals(2)
        fixture.gate.open()
        await fixture.gate.waitForDepartures(2)
        report.expect(fixture.gate.arrivalCount == 2, "the renewal took \(fixture.gate.arrivalCount - 1) requests")
        await fixture.settle(cache)
        let renewed = await fixture.token(credential)
        report.expect(renewed.value != nil && renewed.value != first.value, "the renewed token is not used")
    }

    static let renewsWhenTheServiceSaysSo = EngineConformance("renewsWhenTheServiceSaysSo") { fixture, report in
        for (lifetime, refreshIn, due) in [(3600, 1000, 1000), (7200, nil, 3600)] as [(Int, Int?, Int)] {
            guard fixture.knowsRefreshIn || refreshIn == nil else { continue }
            let cache = TokenCache.inMemory
            let credential = fixture.make(cache)
            fixture.setLifetime(lifetime, refreshIn)
            let before = fixture.gate.arrivalCount
            _ = await fixture.token(credential)
            fixture.clock.advance(by: .seconds(due - 1))
            _ = await fixture.token(credential)
            report.expect(fixture.gate.arrivalCount == before + 1, "renewed before \(due) s of \(lifetime) s")
            fixture.clock.advance(by: .seconds(62))
            _ = await fixture.token(credential)
            await fixture.gate.waitForArrivals(before + 2)
            await fixture.settle(cache)
        }
    }

    static let failedRenewalsKeepTheToken = EngineConformance("failedRenewalsKeepTheToken") { fixture, report in
        let cache = TokenCache.inMemory
        let credential = fixture.make(cache)
        fixture.setLifetime(3600, nil)
        let first = await fixture.token(credential)
        fixture.fail(1_000, 500, nil)
        fixture.clock.advance(by: .seconds(3400))
        for attempt in 0..<5 {
            let kept = await fixture.tokens(credential, callers: 10)
            report.expect(kept.allSatisfy { $0.value == first.value }, "attempt \(attempt): the kept token was not served")
            let expected = 1 + (attempt + 1) * fixture.requestsPerFailedRenewal
            await fixture.gate.waitForDepartures(expected)
            await fixture.settle(cache)
            let again = await fixture.tokens(credential, callers: 10)
            report.expect(again.allSatisfy { $0.value == first.value }, "attempt \(attempt): the kept token was thrown away")
            report.expect(fixture.gate.arrivalCount == expected, "more than one attempt within 30 seconds")
            fixture.clock.advance(by: .seconds(31))
        }
    }

    static let expiredTokensAreNotServed = EngineConformance("expiredTokensAreNotServed") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.setLifetime(3600, nil)
        let first = await fixture.token(credential)
        fixture.clock.advance(by: .seconds(3600))
        fixture.fail(fixture.requestsPerFailedRenewal, 500, nil)
        let failed = await fixture.token(credential)
        report.expect(failed.error is AuthenticationError, "an expired token was served: \(CredentialConformance.text(failed))")
        let second = await fixture.token(credential)
        report.expect(second.value != nil && second.value != first.value, "got \(CredentialConformance.text(second))")
    }

    static let minimumLifetimeIsKept = EngineConformance("minimumLifetimeIsKept") { fixture, report in
        let credential = fixture.make(.inMemory)
        fixture.setLifetime(3600, nil)
        let first = await fixture.token(credential)
        fixture.clock.advance(by: .seconds(1800))
        let enough = await fixture.token(credential) { $0.minimumRemainingLifetime = .seconds(1800) }
        report.expect(enough.value == first.value, "a token that lives long enough was replaced")
        let fresh = await fixture.token(credential) { $0.minimumRemainingLifetime = .seconds(1801) }
        report.expect(fresh.value != nil && fresh.value != first.value, "a token that lives too short was served")
    }

    static let claimsReplaceTheToken = EngineConformance("claimsReplaceTheToken") { fixture, report in
        guard fixture.supportsClaims else { return }
        let credential = fixture.make(.inMemory)
        let first = await fixture.token(credential)
        let challenged = await fixture.token(credential) {
            $0.claims = #"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#
        }
        report.expect(challenged.value != nil && challenged.value != first.value, "claims were answered from memory")
        let next = await fixture.token(credential)
        report.expect(next.value == challenged.value, "the token with claims didn't replace the kept one")
        let malformed = await fixture.token(credential) { $0.claims = "no json" }
        let code = (malformed.error as? AuthenticationError)?.code
        report.expect(code == .invalidConfiguration, "claims that are no JSON gave \(CredentialConformance.text(malformed))")
    }

    static let continuousAccessIsKeptApart = EngineConformance("continuousAccessIsKeptApart") { fixture, report in
        guard fixture.supportsClaims else { return }
        let credential = fixture.make(.inMemory)
        let plain = await fixture.token(credential)
        let aware = await fixture.token(credential) { $0.isCAEEnabled = true }
        report.expect(aware.value != nil && aware.value != plain.value, "a token without CAE was served to a caller with it")
        let plainAgain = await fixture.token(credential)
        let awareAgain = await fixture.token(credential) { $0.isCAEEnabled = true }
        report.expect(plainAgain.value == plain.value && awareAgain.value == aware.value, "the two are mixed up")
    }
}
