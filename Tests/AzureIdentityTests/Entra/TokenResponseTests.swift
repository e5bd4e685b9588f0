// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureHTTP
@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TokenResponseTests {
    private static let date = Date(timeIntervalSince1970: 1_795_392_000)  // 2026-11-23 00:00:00 UTC

    private func answer(_ body: String, status: Int = 200, skew: Duration? = nil) throws -> AcquiredToken {
        try EntraAnswer(credential: "XCredential", secrets: ["hunter2"])
            .token(
                of: .init(
                    response: .init(status: status, body: Array(body.utf8)), clockSkew: skew, retryAfter: nil,
                    sentAt: MonotonicTime(nanoseconds: 0)),
                date: Self.date
            )
    }

    private static let lifetimeTable: [(member: String, expected: Double)] = [
        (#""expires_in":3599"#, 3599.0), (#""expires_in":"3599""#, 3599), (#""expires_in":3599.5"#, 3599.5),
        (#""expires_in":" 60 ""#, 60),
        (#""expires_in":3599,"expires_on":1"#, 3599), (#""expires_on":1795395600"#, 3600), (#""expires_on":"1795395600""#, 3600),
        (#""expires_on":"2026-11-23T01:00:00Z""#, 3600), (#""expires_on":"2026-11-23T01:00:00.000+00:00""#, 3600),
        (#""expires_on":"2026-11-23 01:00:00""#, 3600), (#""expires_on":"11/23/2026 01:00:00 +00:00""#, 3600),
        (#""expires_on":"11/23/2026 1:00:00 AM +00:00""#, 3600), (#""expires_on":"11/23/2026 1:00:00 PM""#, 13 * 3600),
        (#""expires_on":"11/23/2026 12:30:00 AM""#, 1800), (#""expires_on":"2026-11-23T02:00:00+01:00""#, 3600),
        (#""expires_in":1e300"#, 366 * 86_400), (#""expires_in":"99999999999999999999""#, 366 * 86_400),
        (#""expires_on":9e18"#, 366 * 86_400),
    ]

    @Test(arguments: lifetimeTable)
    func readsAllFormsOfLifetimes(member: String, expected: Double) throws {
        #expect(try self.answer(#"{"access_token":"t",\#(member)}"#).lifetime == .seconds(expected))
    }

    @Test func theServicesClockCountsForExpiresOn() throws {
        #expect(try self.answer(#"{"access_token":"t","expires_on":1795395600}"#, skew: .seconds(600)).lifetime == .seconds(3000))
    }

    @Test func readsTheRest() throws {
        let token = try self.answer(
            "\u{FEFF}" + #"{"access_token":"abc","expires_in":3599,"refresh_in":"1800","token_type":"pop","x":[{}]}"#)
        #expect(token.token == "abc" && token.refreshIn == .seconds(1800) && token.type.rawValue == "pop")
        #expect(try self.answer(#"{"access_token":"t","expires_in":9,"refresh_in":{},"token_type":7}"#).refreshIn == nil)
    }

    @Test(arguments: [
        "", " ", "null", "[]", "{}", "0", "{", #"{"access_token":"t"}"#, #"{"access_token":"t","expires_in":0}"#,
        #"{"access_token":"t","expires_in":-1}"#, #"{"access_token":"t","expires_in":"soon"}"#,
        #"{"access_token":"t","expires_in":{}}"#,
        #"{"access_token":"t","expires_in":"nan"}"#, #"{"access_token":"t","expires_in":"0x10"}"#,
        #"{"access_token":"t","expires_in":null}"#,
        #"{"access_token":"","expires_in":9}"#, #"{"access_token":7,"expires_in":9}"#, #"{"access_token":null,"expires_in":9}"#,
        #"{"access_token":"a b","expires_in":9}"#, #"{"access_token":"a\r\nX: y","expires_in":9}"#,
        #"{"access_token":"ü","expires_in":9}"#,
        #"{"access_token":"t","expires_on":1}"#, #"{"access_token":"t","expires_on":"yesterday"}"#,
        "<html><body>Sign in</body></html>",
        String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 10_000), "\u{0}\u{1}",
    ])
    func whatIsNoTokenIsAClearError(body: String) throws {
        let error = #expect(throws: AuthenticationError.self) { try self.answer(body) }
        #expect(error?.code == .authenticationFailed && error?.isRetryable == false && error?.response?.body == nil)
        #expect(error.map { !$0.summary.contains("\n") && $0.summary.count <= 400 } == true)
    }

    private static let refusal = #"""
        {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: tr-1\r\nCorrelation ID: co-1\r\nTimestamp: 2026-11-23 00:00:00Z",
        "error_codes":[7000215],"timestamp":"2026-11-23 00:00:00Z","trace_id":"tr-1","correlation_id":"co-1","suberror":"bad_token","claims":"{\"a\":1}","error_uri":"https://e/"}
        """#

    @Test func G04_aRefusalIsReadWhole() throws {
        let error = try #require(#expect(throws: AuthenticationError.self) { try self.answer(Self.refusal, status: 401) })
        #expect(error.message.hasPrefix("XCredential: invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided."))
        for part in ["tr-1", "co-1", "2026-11-23 00:00:00Z"] {
            #expect(error.message.components(separatedBy: part).count == 2, "\(part) once in \(error.message)")
        }
        let service = try #require(error.serviceError)
        #expect(service.codes == [7_000_215] && service.suberror == "bad_token" && service.claims == #"{"a":1}"#)
        #expect(service.traceID == "tr-1" && service.correlationID == "co-1" && service.timestamp == "2026-11-23 00:00:00Z")
        #expect(service.errorURL == "https://e/" && error.response?.status == 401 && !error.isRetryable)
    }

    @Test(arguments: [
        (#"{"error":"x","error_description":"AADSTS50196: loop"}"#, [50196], 400, false),
        (#"{"error":"x","error_description":"no code","error_codes":["7","x",8.5,-1,null,9]}"#, [7, 9], 400, false),
        (#"{"error":"x","error_codes":"7"}"#, [], 400, false), (#"{"error":"temporarily_unavailable"}"#, [], 400, true),
        (#"{"error":"x","error_description":"AADSTS99999999999999999999"}"#, [], 503, true),
        (#"{"error":"x","access_token":"t","expires_in":9}"#, [], 200, false),
    ])
    func refusalsAreReadLeniently(body: String, codes: [Int], status: Int, isRetryable: Bool) throws {
        let error = #expect(throws: AuthenticationError.self) { try self.answer(body, status: status) }
        #expect(error?.serviceError?.codes == codes && error?.isRetryable == isRetryable)
    }

    @Test func aHostileRefusalIsCleaned() throws {
        let body =
            #"{"error":"a\u001b[31mb\nc","error_description":"\u202eevil hunter2 "# + String(repeating: "x", count: 50_000)
            + #"","trace_id":"\u0007t"}"#
        let error = try #require(#expect(throws: AuthenticationError.self) { try self.answer(body, status: 400) })
        #expect(error.serviceError?.error == "ab c" && error.serviceError?.traceID == "t")
        #expect(error.message.count < 2300 && !error.message.contains("hunter2") && error.message.contains("evil <redacted>"))
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }

    @Test(arguments: [(302, "redirect"), (502, "gateway"), (404, "status 404"), (204, "No response content")])
    func whatIsNotEntraIsNamed(status: Int, expected: String) throws {
        let body = status == 204 ? "" : "<html>hunter2 &amp; gateway</html>"
        let exchange = HTTPPipeline.Exchange(
            response: .init(status: status, headers: ["Content-Type": "text/html"], body: Array(body.utf8)),
            clockSkew: nil,
            retryAfter: nil,
            sentAt: MonotonicTime(nanoseconds: 0)
        )
        let answer = EntraAnswer(credential: "X", secrets: ["hunter2"])
        let error = #expect(throws: AuthenticationError.self) { try answer.token(of: exchange, date: Self.date) }
        #expect(error?.message.contains(expected) == true)
        #expect(error?.isRetryable == (status == 502))
        #expect(error?.response?.body?.contains("hunter2") != true)
    }
}
