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

/// How long a host's token is valid, from whatever it says about that.
@Suite struct HostTokenTests {
    /// 2030-01-01 00:00:00 UTC.
    private static let date = Date(timeIntervalSince1970: 1_893_456_000)

    /// Some server's text may have what it was sent, or found elsewhere.
    @Test func aTokenInARefusalIsNotShown() throws {
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln"
        let text = #"{"error":"invalid_request","error_description":"got \#(token) and Bearer abcdefghijklmnop"}"#
        let shown = "got <redacted> and Bearer <redacted>"
        let refusal = try #require(HostAnswer(ScriptedTransport.json(text, status: 400)).refusal)
        #expect(refusal.shown(removing: []) == "invalid_request: \(shown)")
        #expect(refusal.serviceError(removing: []).message == shown)
        let response = try JSONDecoder().decode(EntraErrorResponse.self, from: Data(text.utf8))
        #expect(response.serviceError(secrets: []).message == shown)
    }

    private func lifetime(_ members: String) throws -> Duration? {
        let answer = HostAnswer(ScriptedTransport.json(#"{"access_token":"t",\#(members)}"#))
        guard case .token(let token) = answer.content else { return nil }
        return try? token.token.acquired(serverDate: Self.date, isFromHost: true).lifetime
    }

    @Test(
        arguments: [
            (#""expires_on":1893459600"#, 3600), (#""expires_on":"1893459600""#, 3600), (#""expires_on":1893459600.5"#, 3600.5),
            (#""expires_on":"01/01/2030 01:00:00 +00:00""#, 3600), (#""expires_on":"1/1/2030 1:00:00 AM +00:00""#, 3600),
            (#""expires_on":"1/1/2030 12:30:00 PM +00:00""#, 45_000), (#""expires_on":"1/1/2030 12:30:00 AM +00:00""#, 1800),
            (#""expires_on":"2030-01-01T01:00:00Z""#, 3600), (#""expires_on":"2030-01-01T01:00:00.000+00:00""#, 3600),
            (#""expires_in":"3599""#, 3599), (#""expires_in":3599"#, 3599),
            // A kept token of the host's: the seconds may be those it was given with.
            (#""expires_in":"86399","expires_on":"1893457800""#, 1800),
            // A clock of this machine's that is ahead.
            (#""expires_in":"3599","expires_on":"1893450000""#, 3599),
            (#""expires_in":"3599","expires_on":"soon""#, 3599), (#""expires_in":"3599","expires_on":null"#, 3599),
            (#""expires_in":null,"expires_on":"1893459600""#, 3600), (#""expires_in":"0","expires_on":"1893459600""#, 3600),
        ] as [(String, Double)])
    func known(members: String, seconds: Double) throws {
        #expect(try self.lifetime(members) == .seconds(seconds))
    }

    @Test(arguments: [
        #""expires_on":"soon""#, #""expires_on":true"#, #""expires_on":[]"#, #""expires_on":{}"#, #""expires_on":"""#,
        #""expires_on":"nan""#, #""expires_on":-1"#, #""expires_on":0"#, #""expires_on":"1893455999""#, #""x":1"#,
        #""expires_on":"99/99/9999 99:99:99""#, #""expires_in":0"#, #""expires_in":"-5""#, #""expires_on":null"#,
    ])
    func unknown(members: String) throws {
        #expect(try self.lifetime(members) == nil)
    }

    @Test(arguments: [#""expires_on":1e300"#, #""expires_on":"9999999999999999""#, #""expires_in":"1e18""#])
    func moreThanAnybodyBelieves(members: String) throws {
        #expect(try #require(try self.lifetime(members)) <= .seconds(366 * 86_400))
    }

    @Test(arguments: [
        (["https://vault.azure.net/.default"], "https://vault.azure.net"), (["https://x//.default"], "https://x/"),
        (["https://x/.default/.default"], "https://x/.default"), (["https://x"], "https://x"), (["api://a/b"], "api://a/b"),
        (["/.default"], "/.default"),
    ])
    func resource(scopes: [String], resource: String) throws {
        #expect(try ResourceScope.resource(of: scopes, credential: "C") == resource)
    }

    @Test(arguments: [[], ["a", "b"]] as [[String]])
    func notOneScope(scopes: [String]) {
        #expect(throws: AuthenticationError.self) { try ResourceScope.resource(of: scopes, credential: "C") }
    }

    @Test(arguments: [
        ("http://localhost:1/msi/token", "http://localhost:1/msi/token?a=b%26c"),
        ("http://localhost:1/msi/token?x=y", "http://localhost:1/msi/token?x=y&a=b%26c"),
        ("http://[::1]:1/t?", "http://[::1]:1/t?a=b%26c"), (" https://h ", "https://h?a=b%26c"),
    ])
    func endpoint(text: String, url: String) throws {
        let endpoint = try SourceEndpoint(text, variable: "V", credential: "C")
        #expect(endpoint.url([("a", "b&c")]).absoluteString == url)
    }

    @Test(arguments: [
        "", "h", "ftp://h", "http://", "http://u:MARKED@h", "http://h/#f", "http://h/a b", "http://h/\u{0}", "file:///x",
        "http://127.0.0.1:99999999999999999999/msi", "http://h:18446744073709551615", "http://h:65536", "http://h:0",
        "http://h:-1",
        "http://h/?x=[&", "http://h/a|b",
    ])
    func noEndpoint(text: String) throws {
        do {
            _ = try SourceEndpoint(text, variable: "IDENTITY_ENDPOINT", credential: "C")
            Issue.record("\(text)")
        } catch let error as AuthenticationError {
            #expect(error.code == .invalidConfiguration && error.message.contains("IDENTITY_ENDPOINT"))
            #expect(!error.message.contains("MARKED"))
        }
    }

    @Test(arguments: [
        ("AB:cd:\r\n" + String(repeating: "0", count: 36), true), (" ab\tcd \(String(repeating: "1", count: 36))\n", true),
        (String(repeating: "a", count: 39), false), (String(repeating: "a", count: 64), false),
        (String(repeating: "g", count: 40), false), ("", false), (String(repeating: "é", count: 40), false),
    ])
    func thumbprint(text: String, isOne: Bool) {
        let normalized = ServiceFabricSource.normalized(text)
        #expect((normalized != nil) == isOne)
        #expect(normalized.map { $0.utf8.count == 40 && $0 == $0.lowercased() } ?? true)
    }
}
