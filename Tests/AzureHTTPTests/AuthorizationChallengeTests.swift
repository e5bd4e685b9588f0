// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What hostile servers put into challenges, and where hostile URLs lead.
@Suite struct AuthorizationChallengeTests {
    @Test(arguments: [
        // The host of the request, the resource, and whether a token for the one may be sent to the other.
        ("contoso.vault.azure.net", "https://vault.azure.net", true),
        ("CONTOSO.Vault.Azure.NET", "https://vault.azure.net", true),
        ("contoso.vault.azure.net.", "https://vault.azure.net", true),
        ("contoso.vault.azure.net:8443", "https://vault.azure.net", true),
        ("contoso.vault.azure.net", "HTTPS://VAULT.azure.net", true),
        ("contoso.vault.azure.net", "https://vault.azure.net/", true),
        ("contoso.managedhsm.azure.net", "https://managedhsm.azure.net", true),
        ("vault.azure.net", "https://vault.azure.net", false),
        ("evilvault.azure.net", "https://vault.azure.net", false),
        ("vault.azure.net.evil.example", "https://vault.azure.net", false),
        ("contoso.vault.azure.net", "https://evilvault.azure.net", false),
        ("contoso.vault.azure.net", "https://management.azure.com", false),
        ("contoso.vault.azure.net", "https://graph.microsoft.com", false),
        ("contoso.vault.azure.net", "https://net", false),
        ("contoso.vault.azure.net", "https://.net", false),
        ("contoso.vault.azure.net", "https://", false),
        ("contoso.vault.azure.net", "https://vault.azure.net.", false),
        ("contoso.vault.azure.net", "https://vault.azure.net:443", false),
        ("contoso.vault.azure.net", "https://vault.azure.net@evil.example", false),
        ("contoso.vault.azure.net", "https://evil.example@vault.azure.net", false),
        ("contoso.vault.azure.net", "https://evil.example\\@vault.azure.net", false),
        ("contoso.vault.azure.net", "https://evil.example?.vault.azure.net", false),
        ("contoso.vault.azure.net", "https://evil.example#.vault.azure.net", false),
        ("contoso.vault.azure.net", "https://v%61ult.azure.net", false),
        ("contoso.vault.azure.net", "https://vault.azurе.net", false),  // a Cyrillic letter
        ("contoso.vault.azure.net", "https://vault..azure.net", false),
        ("contoso.vault.azure.net", "http://vault.azure.net", false),
        ("contoso.vault.azure.net", "vault.azure.net", false),
        ("contoso.vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", false),
        ("127.0.0.1", "https://0.0.1", false),
        ("10.vault.0.0.1", "https://0.0.1", false),
    ])
    func aResourceIsOfTheHostsDomain(host: String, resource: String, isAllowed: Bool) throws {
        let origin = try AuthorizedOrigin(try url("https://\(host)/"))
        let domain = ServiceChallenge.domain(of: resource + "/.default")
        #expect(domain.map(origin.isBelow) ?? false == isAllowed)
    }

    @Test(arguments: [
        "http://contoso.vault.azure.net/", "HTTP://contoso.vault.azure.net/", "http://127.0.0.1/", "http://localhost/",
        "ftp://a.example/",
        "/secrets/a", "https:///secrets", "https://user@contoso.vault.azure.net/",
        "https://contoso.vault.azure.net:pw@evil.example/",
        "https://a.example:0/", "https://a%2Eexample/", "https://a.example../", "https+unix://%2Ftmp%2Fsocket/",
    ])
    func noTokenIsSentThere(text: String) throws {
        guard let url = URL(string: text) else { return }
        let error = #expect(throws: TransportError.self) { _ = try AuthorizedOrigin(url) }
        #expect(error?.kind == .refused && error?.message.contains("No token was asked for") == true)
    }

    @Test(arguments: [
        ("https://Contoso.Vault.Azure.NET", "contoso.vault.azure.net", 443), ("HTTPS://a.example.:8443/x?y", "a.example", 8443),
        ("https://127.0.0.1:9000/", "127.0.0.1", 9000), ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443),
    ])
    func anOriginIsAHostAndAPort(text: String, host: String, port: Int) throws {
        let origin = try AuthorizedOrigin(try url(text))
        #expect(origin.host == host && origin.port == port)
    }

    @Test(arguments: [
        (#"{"a":1}"#, true), ("{}", true), (" {} ", true), (#"{"ä":"ü"}"#, true), ("[]", false), ("1", false), ("null", false),
        ("{", false),
        (#"{"a":1} x"#, false), ("", false),
    ])
    func claimsAreAJSONObject(text: String, isRead: Bool) {
        let encoded = Base64URL.encode(Array(text.utf8))
        #expect(ServiceChallenge.decodedClaims(encoded) == (isRead ? text : nil))
    }

    @Test(arguments: [
        "eyJhIjoiPz8/In0=", "eyJhIjoiPz8/In0", "eyJhIjoiPz8_In0=", "eyJhIjoiPz8_In0",
    ])
    func claimsComeInEitherAlphabetPaddedOrNot(value: String) {
        #expect(ServiceChallenge.decodedClaims(value) == #"{"a":"???"}"#)
        let challenges = AuthenticationChallenge.challenges(in: ["Bearer error=\"insufficient_claims\", claims=\"\(value)\""])
        #expect(ServiceChallenge(challenges).claims == #"{"a":"???"}"#)
    }

    @Test func claimsThatNoRequestMayCarryAreLeftOut() {
        let bytes: [UInt8] = [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]
        #expect(ServiceChallenge.decodedClaims(Base64URL.encode(bytes)) == nil)
        let million = #"{"a":"\#(String(repeating: "x", count: 1 << 20))"}"#
        #expect(ServiceChallenge(AuthenticationChallenge.challenges(in: [claimsChallenge(million)])).claims == nil)
        let deep = String(repeating: #"{"a":"#, count: 4_000) + "1" + String(repeating: "}", count: 4_000)
        #expect(ServiceChallenge.decodedClaims(Base64URL.encode(Array(deep.utf8))) == nil)
    }

    @Test func manyChallengesAreReadUpToALimit() {
        let many = Array(repeating: claimsChallenge("[]"), count: 10_000) + [claimsChallenge()]
        #expect(ServiceChallenge(AuthenticationChallenge.challenges(in: many)).claims == nil)
        let few = Array(repeating: claimsChallenge("[]"), count: 10) + [claimsChallenge()]
        #expect(ServiceChallenge(AuthenticationChallenge.challenges(in: few)).claims == sampleClaims)
    }

    @Test(arguments: [
        ("authorization", "https://login.windows.net/T-1", "t-1"), ("authorization_uri", "https://login.windows.net/T-1", "t-1"),
        ("authorization", "https://login.windows.net/T-1/oauth2/v2.0/authorize", "t-1"),
        ("authorization", "https://login.windows.net/t-1?x=/y", "t-1"),
        ("authorization", "https://anywhere.example/contoso.com", "contoso.com"),
        ("authorization", "https://login.windows.net/common/oauth2/authorize", "any"),
        ("authorization", "https://adfs.example/adfs", "any"),
        ("authorization", "https://login.windows.net", "unread"), ("authorization", "https://login.windows.net/", "unread"),
        ("authorization", "https://login.windows.net//t-1", "unread"),
        ("authorization", "http://login.windows.net/t-1", "unread"),
        ("authorization", "https://login.windows.net/..", "unread"),
        ("authorization", "https://login.windows.net/%2e%2e/t-1", "unread"),
        ("authorization", "https://login.windows.net/t-1;x", "unread"), ("authorization", "t-1", "unread"),
        ("authority", "https://login.windows.net/t-1", "unread"),
    ])
    func theTenantIsTheFirstPartOfThePath(name: String, value: String, expected: String) {
        let field = #"Bearer \#(name)="\#(value)", resource="https://vault.azure.net""#
        let discovery = ServiceChallenge(AuthenticationChallenge.challenges(in: [field])).discovery
        #expect(discovery.map { $0.tenantID ?? "any" } ?? "unread" == expected)
    }

    @Test(
        arguments: [
            (#"resource="https://vault.azure.net""#, "https://vault.azure.net/.default"),
            (#"resource=https://vault.azure.net"#, "https://vault.azure.net/.default"),
            (#"scope="https://vault.azure.net/x", resource="https://other.example""#, "https://vault.azure.net/x"),
            (#"scope="", resource="https://vault.azure.net""#, "https://vault.azure.net/.default"),
            (#"scope="https://a.example/x https://b.example/y""#, nil), (#"resource="""#, nil), ("realm=x", nil),
        ] as [(String, String?)])
    func theScopeIsNamedOrMadeOfTheResource(parameters: String, scope: String?) {
        let field = #"Bearer authorization="https://login.windows.net/t", \#(parameters)"#
        #expect(ServiceChallenge(AuthenticationChallenge.challenges(in: [field])).discovery?.scope == scope)
    }
}
