// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The service's clock and this machine's.
@Suite struct ServiceClockTests {
    private static let descriptions: [(seconds: Double, expected: String?)] = [
        (0, nil), (59, nil), (-59, nil), (60, "1 min slow"), (-61, "1 min fast"), (420, "7 min slow"), (-7_200, "2 h fast"),
        (200_000, "2 days slow"), (40_000_000, nil), (.greatestFiniteMagnitude / 1e300, nil),
    ]

    @Test(arguments: descriptions)
    func theDifferenceInWords(seconds: Double, expected: String?) {
        #expect(ServiceClock.description(of: .seconds(seconds)) == expected)
    }

    @Test func theLastAnswerCounts() {
        let clock = ServiceClock()
        #expect(clock.skew == .zero)
        clock.note(.seconds(420))
        clock.note(nil)
        #expect(clock.skew == .seconds(420))
        clock.note(.seconds(10))
        #expect(clock.skew == .zero)
    }

    @Test func aGatewaysDateDoesNotCount() async throws {
        let clock = VirtualClock()
        let transport = ScriptedTransport { request in
            var response = TransportResponse(status: 403, body: Array("<html>".utf8))
            response.headers["Date"] = HTTPDate.format(clock.date.addingTimeInterval(86_400))
            return response
        }
        let dates = Locked<[Date]>([])
        var options = transport.options()
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        let credential = ClientAssertionCredential(tenantID: Sample.tenantID, clientID: Sample.clientID, options: options) {
            context in
            dates.withLock { $0.append(context.date) }
            return "a.b.c"
        }
        for _ in 0..<2 { _ = try await authenticationError { try await credential.token(forScopes: vaultScope) } }
        #expect(dates.withLock { $0 } == [clock.date, clock.date])
    }

    private static let refusal =
        #"{"error":"invalid_client","error_codes":[700024],"error_description":"AADSTS700024: not in time"}"#

    /// A transport that refuses every assertion as out of its time, by a clock that is 7 minutes ahead.
    private func transport(clock: VirtualClock, skew: Double) -> ScriptedTransport {
        ScriptedTransport { _ in
            var response = ScriptedTransport.json(Self.refusal, status: 401)
            response.headers["Date"] = HTTPDate.format(clock.date.addingTimeInterval(skew))
            return response
        }
    }

    @Test(arguments: [(420.0, "This machine's clock is 7 min slow.", true), (0, "AADSTS700024", false)])
    func theErrorSaysHowWrongTheClockIs(skew: Double, expected: String, isClockWrong: Bool) async throws {
        let clock = VirtualClock()
        let transport = self.transport(clock: clock, skew: skew)
        var options = transport.options()
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        let dates = Locked<[Date]>([])
        let credential = ClientAssertionCredential(tenantID: Sample.tenantID, clientID: Sample.clientID, options: options) {
            context in
            dates.withLock { $0.append(context.date) }
            return "a.b.c"
        }
        for _ in 0..<2 {
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.message.contains(expected) && error.message.contains("clock") == isClockWrong)
            #expect(error.remedy?.commands.isEmpty == !isClockWrong && error.remedy?.guide == "G04")
        }
        // The closure is asked once more as soon as it can be told the service's time, and not again.
        #expect(transport.requests.count == (isClockWrong ? 3 : 2))
        let difference = dates.withLock { $0[1].timeIntervalSince($0[0]) }
        #expect(abs(difference - skew) <= 1)
    }
}
