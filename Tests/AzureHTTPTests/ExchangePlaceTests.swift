// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where exchanges go: which clients they use and what the `Host` header says.
@Suite struct ExchangePlaceTests {
    private func place(_ url: String, proof: ServerProof? = nil) throws -> ExchangePlace {
        var request = TransportRequest(url: try #require(URL(string: url)))
        request.serverProof = proof
        return ExchangePlace(request, proxy: nil)
    }

    @Test(arguments: [
        ("http://169.254.169.254/metadata", true), ("http://169.254.130.100:8080/", true), ("https://[fe80::1]/", true),
        ("http://[febf::1]:80/", true), ("http://127.0.0.1/", false), ("http://[::1]/", false), ("http://169.255.0.1/", false),
        ("http://localhost/", false), ("https://login.example/", false), ("http://[fec0::1]/", false),
    ])
    func linkLocalAddressesGetAClientOfTheirOwn(url: String, isLinkLocal: Bool) throws {
        let place = try self.place(url)
        #expect(place.isLinkLocal == isLinkLocal)
        let keys = [true, false].map {
            ClientRegistry.Key(roots: .system, proxy: nil, names: .addresses, isLinkLocal: $0)
        }
        #expect(keys[0] != keys[1])
        #expect(keys.map(\.connectTimeout) == [.seconds(2), .seconds(10)])
    }

    @Test(arguments: [
        ("https://h.example/a", "h.example"), ("https://h.example:443/", "h.example"),
        ("https://h.example:8443/", "h.example:8443"),
        ("https://10.0.0.1:80/", "10.0.0.1:80"), ("https://[::1]:8443/", "[::1]:8443"), ("https://[::1]/", "[::1]"),
    ])
    func hostHeader(url: String, expected: String) throws { #expect(try self.place(url).hostHeader == expected) }

    @Test func aServerNameIsANameOnlyIfItIsAnother() throws {
        func place(_ name: String?, host: String = "h.example") throws -> ExchangePlace {
            try self.place("https://\(host)/", proof: .named(serverName: name, authoritiesPEM: nil))
        }
        for name in [nil, "h.example", "H.example", "h.example."] {
            #expect(try place(name).serverName == nil && place(name).certificateName == "h.example")
        }
        #expect(try place("A.test.").serverName == "a.test" && place("A.test").certificateName == "a.test")
        #expect(try place("a.test", host: "10.0.0.1").isNameChecked && !place(nil, host: "10.0.0.1").isNameChecked)
        let key = ClientRegistry.Key(
            proof: .named(serverName: "A.test", authoritiesPEM: [1]), roots: .file("/x"),
            place: try place("A.test", host: "10.0.0.1"))
        #expect(key.names == .only("a.test") && key.roots == .system)
        #expect(key.detour == .init(serverName: "a.test", host: "10.0.0.1"))
    }
}
#endif
