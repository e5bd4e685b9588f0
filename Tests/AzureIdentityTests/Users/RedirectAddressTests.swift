// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

/// What the browser comes back to, and with what.
@Suite struct RedirectAddressTests {
    @Test(
        arguments: [
            ("http://localhost:8400", 8400, "/"), ("http://localhost:8400/", 8400, "/"),
            ("HTTP://LocalHost:1/auth/back", 1, "/auth/back"),
            ("http://127.0.0.1:65535", 65_535, "/"), ("http://[::1]:80/x", 80, "/x"),
        ]
    )
    func addressesOfThisMachineAreTakenAsTheyStand(text: String, port: Int, path: String) throws {
        let address = try RedirectAddress(text, credential: "Test")
        #expect(address.port == port && address.path == path)
        #expect(address.url(port: port) == text)
    }

    @Test func withoutAnAddressAnyPortOfLocalhostIsUsed() {
        #expect(RedirectAddress.anyPort.port == nil && RedirectAddress.anyPort.path == "/")
        #expect(RedirectAddress.anyPort.url(port: 41_234) == "http://localhost:41234")
    }

    @Test(
        arguments: [
            "", "http://localhost", "http://localhost/", "http://localhost:/", "http://localhost:0", "http://localhost:65536",
            "http://localhost:+80", "http://localhost:80٣", "https://localhost:8400", "http://contoso.example:8400",
            "http://192.168.1.1:80",
            "http://localhost:8400?a=b", "http://localhost:8400/#x", "http://user@localhost:8400",
            "http://localhost:8400@evil.example:80",
            "http://[::1]", "http://localhost.evil.example:80", "http://localhost:84 00", "http://localhost:8400/\r\nX: y",
            "localhost:8400",
        ]
    )
    func otherAddressesAreRefused(text: String) {
        #expect {
            try RedirectAddress(text, credential: "Test")
        } throws: { error in
            (error as? AuthenticationError)?.code == .invalidConfiguration
        }
    }

    @Test func parametersAreDecodedOnce() throws {
        let parameters = try #require(RedirectParameters(Array("a=1&b=x+y%2Bz%25&c&d=%C3%A9&=".utf8)))
        #expect(parameters["a"] == "1" && parameters["b"] == "x y+z%" && parameters["d"] == "é")
        #expect(parameters["c"] == nil && parameters["e"] == nil)
    }

    @Test(arguments: ["a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%C3", "state=1&st%61te=1"])
    func whatIsNoFormIsRefused(text: String) {
        #expect(RedirectParameters(Array(text.utf8)) == nil)
    }

    @Test func parametersAreCounted() {
        let many = (0..<100).map { "a\($0)=1" }.joined(separator: "&")
        #expect(RedirectParameters(Array(many.utf8)) == nil)
    }
}
