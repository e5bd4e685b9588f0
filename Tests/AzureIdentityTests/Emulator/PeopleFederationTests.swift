// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Users whose passwords another server checks: the user realm, its metadata, WS-Trust and the assertions.
@Suite struct PeopleFederationTests {
    typealias Sample = EmulatorConfiguration.Sample
    typealias Version = EmulatorConfiguration.FederationServer.TrustVersion

    private static func get(_ desk: PeopleDesk, _ path: String, query: String = "") -> EmulatorResponse {
        let request = EmulatorRequest(method: "GET", path: path, query: query, host: "localhost:8443")
        return desk.core.response(to: request, at: desk.date)
    }

    @Test(
        "tells where a user's password is checked",
        arguments: [
            ("/common/userrealm/federated@contoso.example", "Federated"), ("/common/UserRealm/ada%40contoso.example", "Managed"),
            ("/common/userrealm/nobody@contoso.example", "Managed"), ("/common/userrealm/ada@elsewhere.example", "Unknown"),
        ]
    )
    func realm(path: String, type: String) throws {
        let json = try HostRequests.json(Self.get(PeopleDesk(), path, query: "api-version=1.0"))
        #expect(json["account_type"]?.string == type)
        let metadata = type == "Federated" ? "https://localhost:8443/adfs/services/trust/mex" : nil
        #expect(json["federation_metadata_url"]?.string == metadata)
        #expect(json["cloud_audience_urn"]?.string == "urn:federation:MicrosoftOnline")
    }

    @Test("wants the version of the user realm")
    func realmQuery() {
        let path = "/common/userrealm/ada@contoso.example"
        for query in ["", "api-version=3", "api-version=1.0&x=1"] {
            #expect(Self.get(PeopleDesk(), path, query: query).status == 400)
        }
    }

    @Test("publishes metadata that is XML")
    func metadata() throws {
        let response = Self.get(PeopleDesk(), "/adfs/services/trust/mex")
        let document = try #require(StrictXML(response.body))
        #expect(document.name == "definitions")
        let names = document.children.filter { $0.name == "binding" }.map { $0.attributes["name"] }
        #expect(names == ["WindowsBinding", "UserName2005Binding", "UserName13Binding"])
    }

    /// A good request of WS-Trust; each test spoils one thing.
    private static func trust(
        _ desk: PeopleDesk,
        _ version: Version = .trust13,
        userName: String = Sample.federatedUserName,
        password: String = Sample.password,
        action: String? = nil,
        change: (String) -> String = { $0 }
    ) -> EmulatorResponse {
        let (now, end) = (desk.date.ISO8601Format(), desk.date.addingTimeInterval(600).ISO8601Format())
        let text = """
            <?xml version="1.0"?><s:Envelope xmlns:s='\(FederationNames.envelope)' xmlns:wsa="\(FederationNames.addressing)" \
            xmlns:wsu='\(FederationNames.utility)'><s:Header><wsa:Action s:mustUnderstand='1'>\(version.action)</wsa:Action>
            <wsa:MessageID>urn:uuid:11111111-1111-4111-8111-111111111111</wsa:MessageID>
            <wsa:To s:mustUnderstand='1'>https://localhost:8443\(version.path)</wsa:To>
            <wsse:Security xmlns:wsse='\(FederationNames.security)'><wsu:Timestamp><wsu:Created>\(now)</wsu:Created>\
            <wsu:Expires>\(end)</wsu:Expires></wsu:Timestamp><wsse:UsernameToken><wsse:Username>\(userName)</wsse:Username>\
            <wsse:Password>\(password)</wsse:Password></wsse:UsernameToken></wsse:Security></s:Header>
            <s:Body><!-- a comment --><t:RequestSecurityToken xmlns:t="\(version.namespace)"><wsp:AppliesTo \
            xmlns:wsp="\(FederationNames.policy)"><wsa:EndpointReference><wsa:Address>\(FederationNames.audience)</wsa:Address>\
            </wsa:EndpointReference></wsp:AppliesTo><t:KeyType>\(version.keyType)</t:KeyType><t:RequestType>\
            \(version.requestType)</t:RequestType></t:RequestSecurityToken></s:Body></s:Envelope>
            """
        let request = EmulatorRequest(
            method: "POST",
            path: version.path,
            headers: ["Content-Type": "application/soap+xml; charset=utf-8", "SOAPAction": action ?? version.action],
            body: Array(change(text).utf8),
            host: "localhost:8443"
        )
        return desk.core.response(to: request, at: desk.date)
    }

    /// The assertion in an answer, byte for byte.
    private static func assertion(_ response: EmulatorResponse) -> String? {
        let text = String(decoding: response.body, as: UTF8.self)
        let parts = text.split(separator: "<trust:RequestedSecurityToken>", maxSplits: 1)
        return parts.count == 2 ? parts[1].split(separator: "</trust:RequestedSecurityToken>").first.map(String.init) : nil
    }

    @Test("gives an assertion for a password, and a token for the assertion", arguments: Version.allCases, [false, true])
    func success(version: Version, isNew: Bool) throws {
        let desk = PeopleDesk { $0.federation.assertionVersion = isNew ? .saml2 : .saml11 }
        let response = Self.trust(desk, version)
        #expect(response.status == 200)
        #expect(StrictXML(response.body) != nil)
        let assertion = try #require(Self.assertion(response))
        let type = "urn:ietf:params:oauth:grant-type:\(isNew ? "saml2" : "saml1_1")-bearer"
        func ask(_ text: String, type: String = type, tenant: String = Sample.tenantID) throws -> PeopleDesk.Answer {
            let form = [
                "grant_type": type, "client_id": Sample.publicClientID, "scope": "\(PeopleDesk.vault) \(PeopleDesk.signIn)",
                "assertion": text,
            ]
            return try desk.token(form, tenant: tenant)
        }
        for tenant in [Sample.tenantID, "organizations"] {
            let answer = try ask(Base64URL.encode(assertion.utf8), tenant: tenant)
            #expect(try answer.claims("access_token")["upn"]?.string == Sample.federatedUserName)
            #expect(answer.json["refresh_token"] != nil)
        }
        #expect(try ask(Data(assertion.utf8).base64EncodedString()).status == 200)
        #expect(try ask(Base64URL.encode(assertion.replacing("  ", with: " ").utf8)).code == 50008)
        #expect(try ask(Base64URL.encode((assertion + "\n").utf8)).code == 50008)
        let otherType = "urn:ietf:params:oauth:grant-type:\(isNew ? "saml1_1" : "saml2")-bearer"
        #expect(try ask(Base64URL.encode(assertion.utf8), type: otherType).code == 50008)
        var later = desk
        later.date += 3601
        let form = ["grant_type": type, "client_id": Sample.publicClientID, "scope": PeopleDesk.vault]
        let late = try later.token(form.merging(["assertion": Base64URL.encode(assertion.utf8)]) { $1 })
        #expect(late.code == 50008)
    }

    @Test("refuses wrong passwords, and users of its own")
    func wrongPassword() {
        let users = [
            (Sample.federatedUserName, "wrong"), (Sample.userName, Sample.password), ("nobody@contoso.example", Sample.password),
        ]
        for (userName, password) in users {
            let response = Self.trust(PeopleDesk(), userName: userName, password: password)
            #expect(response.status == 500)
            #expect(String(decoding: response.body, as: UTF8.self).contains("FailedAuthentication"))
        }
    }

    @Test("takes passwords with characters that XML escapes")
    func escaped() {
        let desk = PeopleDesk { $0.tenants[0].users[8].password = #" <&>"' "# }
        #expect(Self.trust(desk, password: " &lt;&amp;&gt;&quot;&#39; ").status == 200)
        #expect(Self.trust(desk, password: "&lt;&amp;&gt;&quot;&#39;").status == 500)
    }

    @Test("refuses requests that lack something or have it wrong")
    func malformed() {
        let changes: [(String, String)] = [
            ("urn:federation:MicrosoftOnline", "urn:other"), ("urn:uuid:1", "1"), ("<t:KeyType>", "<t:KeyType>x"),
            ("<t:RequestType>", "<t:RequestType>x"), ("localhost:8443", "elsewhere"), ("<wsu:Created>", "<wsu:Created>x"),
            ("<wsse:Password>", "<wsse:Secret>"), (Version.trust13.namespace, Version.trust2005.namespace),
            ("<?xml version=\"1.0\"?>", "<!DOCTYPE s [<!ENTITY x 'y'>]>"), ("</s:Envelope>", "</s:Envelope><x/>"),
            ("</s:Envelope>", ""), ("xmlns:wsu", "xmlns:other"),
        ]
        for (old, new) in changes {
            let response = Self.trust(PeopleDesk()) { $0.replacing(old, with: new) }
            #expect(response.status == 500, "\(old)")
            #expect(Self.assertion(response) == nil)
        }
        #expect(Self.trust(PeopleDesk(), action: Version.trust2005.action).status == 500)
        var late = PeopleDesk()
        late.date += 86_400
        let old = HostRequests.date.addingTimeInterval(-600).ISO8601Format()
        let response = Self.trust(late) { $0.replacing(late.date.addingTimeInterval(600).ISO8601Format(), with: old) }
        #expect(response.status == 500)
        #expect(Self.trust(PeopleDesk { $0.federation.trustVersions = [.trust2005] }).status == 500)
    }

    @Test(
        "reads no XML that isn't plain",
        arguments: [
            "", "x", "<a>", "<a></b>", "<a b=c/>", "<a b='1' b='2'/>", "<a>&x;</a>", "<a>&#0;</a>", "<x:a/>",
            "<a><![CDATA[x]]></a>",
            "<a><?x?></a>", "<a b='<'/>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a>&amp</a>", "<1/>", "<a:b:c xmlns:a='x'/>", "<a",
            String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40),
        ]
    )
    func strictXML(text: String) { #expect(StrictXML(Array(text.utf8)) == nil) }

    @Test("reads plain XML")
    func plainXML() throws {
        let text = "<?xml version='1.0'?>\n<a xmlns='n' xmlns:p=\"m\" x='&lt;' p:y='2'> t<!-- c -->&#x41;<p:b/></a >\n"
        let root = try #require(StrictXML(Array(text.utf8)))
        #expect(root.namespace == "n")
        #expect(root.attributes == ["x": "<", "{m}y": "2"])
        #expect(root.content == "tA")
        #expect(root.child("m", "b") != nil)
        #expect(root.child("n", "b") == nil)
    }
}
