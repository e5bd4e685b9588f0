// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HeaderValueTests {
    private static let now = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0 as Double?), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
        ("", nil), ("now", nil), ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 06 Now 1994 08:49:37 GMT", nil),
        ("Sun, 99 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 25:00:00 GMT", nil), ("Sun, 06 Nov 1994 -1:00:00 GMT", nil),
        ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", nil),
    ])
    func readsDates(text: String, expected: Double?) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == expected)
    }

    @Test func writesWhatItReads() {
        for seconds in stride(from: 0.0, through: 4e9, by: 12_345_678.0) {
            let date = Date(timeIntervalSince1970: seconds)
            #expect(HTTPDate.parse(HTTPDate.format(date)) == date)
        }
        #expect(HTTPDate.format(Self.now) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    private static let retryAfterTable: [(headers: TransportHeaders, expected: Double?)] = [
        (["retry-after": "7"], 7), (["Retry-After": " 1.5"], 1.5), (["retry-after": "0"], 0),
        (["retry-after": "-5"], 0), (["retry-after": "1e308"], 86_400), (["retry-after": "nan"], nil),
        (["retry-after": "soon"], nil), (["retry-after": "0x10"], nil), (["retry-after": "5 "], 5),
        (["retry-after": ""], nil), (["retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"], 60),
        (["retry-after": "Sun, 06 Nov 1994 08:00:00 GMT"], 0), (["retry-after-ms": "250"], 0.25),
        (["x-ms-retry-after-ms": "4000"], 4),
        (["retry-after-ms": "250", "retry-after": "3"], 3), (["retry-after": "soon", "retry-after-ms": "250"], 0.25), ([:], nil),
        (["retry-after": "Sun, 06 Nov 1994 10:00:30 GMT", "date": "Sun, 06 Nov 1994 10:00:00 GMT"], 30),
    ]

    @Test(arguments: retryAfterTable)
    func readsRetryAfter(headers: TransportHeaders, expected: Double?) {
        #expect(RetryAfter.delay(in: headers, now: Self.now) == expected.map { .seconds($0) })
    }

    @Test func findsHeadersInAnyCase() {
        var headers: TransportHeaders = ["Set-Cookie": "a", "SET-COOKIE": "b"]
        #expect(headers["set-cookie"] == "a")
        #expect(headers.values(for: "Set-cookie") == ["a", "b"])
        headers["set-COOKIE"] = "c"
        #expect(headers.values(for: "set-cookie") == ["c"])
        headers["set-cookie"] = nil
        #expect(headers.fields.isEmpty)
    }

    @Test func monotonicTimeSaturates() {
        let late = MonotonicTime(nanoseconds: .max)
        #expect(late + .seconds(1) == late)
        #expect(MonotonicTime(nanoseconds: .min) + .seconds(-1) == MonotonicTime(nanoseconds: .min))
        let early = MonotonicTime(nanoseconds: .min)
        let span: Duration = late - early
        #expect(span == Duration.nanoseconds(Int64.max))
        #expect((Duration.seconds(Int64.max)).saturatedNanoseconds == .max)
        #expect((Duration.seconds(Int64.min)).saturatedNanoseconds == .min)
    }

    @Test func userAgentCarriesACleanApplicationID() {
        #expect(UserAgent.value(applicationID: nil).hasPrefix("azsdk-swift-identity/\(UserAgent.libraryVersion) ("))
        #expect(UserAgent.value(applicationID: "my app\r\nX: y").hasPrefix("myappX:y azsdk"))
        #expect(
            UserAgent.value(applicationID: String(repeating: "a", count: 99)).hasPrefix(String(repeating: "a", count: 24) + " "))
        #expect(UserAgent.value(applicationID: "ü\n", addition: "fleet 7\n").hasSuffix(") fleet 7"))
    }
}
