// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The XML of federation services, and what is said in it.
@Suite struct WSTrustTests {
    private func read(_ text: String) throws -> SOAPElement { try SOAPReader.root(of: Array(text.utf8)) }

    // MARK: XML

    @Test func readsElementsAttributesAndText() throws {
        let root = try self.read(
            """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?><!-- c --><?p i?>
            <a xmlns="urn:d" xmlns:p='urn:p' one="1 &lt; 2" p:two="&#50;"><p:b>x<![CDATA[<&>]]>&amp;&#x79;</p:b><p:b/>t<c xmlns=""/>\r\nu</a >
            <!-- end -->
            """
        )
        #expect(root.name == .init(namespace: "urn:d", local: "a") && root.text == "t\nu" && root.word == "t\nu")
        #expect(root.attribute("one") == "1 < 2" && root.attributes[.init(namespace: "urn:p", local: "two")] == "2")
        #expect(root.attributes.count == 2)
        #expect(root.children("urn:p", "b").map(\.text) == ["x<&>&y", ""])
        #expect(root.child("", "c") != nil && root.child("urn:d", "c") == nil)
    }

    @Test func knowsWhereAnElementStands() throws {
        let text = #"<a> <b c=">">ü<d/></b ></a>"#
        let child = try #require(try self.read(text).children.first)
        #expect(String(decoding: Array(text.utf8)[child.range], as: UTF8.self) == #"<b c=">">ü<d/></b >"#)
        let inner = try #require(child.children.first)
        #expect(String(decoding: Array(text.utf8)[inner.range], as: UTF8.self) == "<d/>")
    }

    @Test(arguments: [
        "", " ", "text", "<", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>text", "text<a/>", "<a b></a>",
        "<a b=c/>",
        "<a b=\"<\"/>", "<a b=\"1\"c=\"2\"/>", "<a b=\"1\" b=\"2\"/>", "<a xmlns:p=\"u\" xmlns:q=\"u\" p:b=\"1\" q:b=\"2\"/>",
        "<p:a/>",
        "<a xmlns:p=\"\"><p:b/></a>", "<a:b:c/>", "<:a/>", "<a:/>", "<1a/>", "< a/>", "<a>&</a>", "<a>&nbsp;</a>", "<a>&#0;</a>",
        "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#+1;</a>", "<a>&#;</a>", "<a>&amp</a>", "<a><!-- -- --></a>", "<a><!-- </a>",
        "<a><![CDATA[</a>", "<a>\u{0}</a>", "<a>\u{1B}</a>", "<?xml version=\"1.0\"", "<a/ >",
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><!ELEMENT a ANY></a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    ])
    func refusesWhatIsNotWellFormed(text: String) throws {
        #expect(throws: SOAPReader.Problem.self) { try self.read(text) }
    }

    @Test func refusesWhatIsNotInUTF8() throws {
        #expect(throws: SOAPReader.Problem.self) { try SOAPReader.root(of: [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) }
        let wide = "<a/>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: SOAPReader.Problem.self) { try SOAPReader.root(of: [0xFF, 0xFE] + wide) }
    }

    @Test func sizesAreBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try self.read(nested(64))
        #expect(throws: SOAPReader.Problem.self) { try self.read(nested(65)) }
        #expect(throws: SOAPReader.Problem.self) { try self.read(nested(100_000)) }
        #expect(throws: SOAPReader.Problem.self) { try self.read("<a>\(String(repeating: "<b/>", count: 50_000))</a>") }
        let attributes = (0..<65).map { " a\($0)=''" }
        _ = try self.read("<a\(attributes.dropLast().joined())/>")
        #expect(throws: SOAPReader.Problem.self) { try self.read("<a\(attributes.joined())/>") }
    }

    // MARK: Metadata

    @Test func prefersTheNewerVersion() throws {
        let endpoint = WSTrustEndpoint.found(in: try self.read(WSTrustSamples.metadata()))
        #expect(endpoint == WSTrustEndpoint(address: WSTrustSamples.address13, version: .trust13))
    }

    @Test func takesTheOlderVersionIfThereIsNoOther() throws {
        let older = WSTrustEndpoint(address: WSTrustSamples.address2005, version: .trust2005)
        #expect(WSTrustEndpoint.found(in: try self.read(WSTrustSamples.metadata(has13: false))) == older)
        // An address that isn't https is none.
        let plain = WSTrustSamples.metadata(address13: "http://sts.contoso.example/adfs/services/trust/13/usernamemixed")
        #expect(WSTrustEndpoint.found(in: try self.read(plain)) == older)
    }

    @Test(arguments: ["<definitions/>", WSTrustSamples.metadata(address13: "", address2005: "ftp://x", has13: true)])
    func findsNothingWhereNothingIs(text: String) throws {
        #expect(WSTrustEndpoint.found(in: try self.read(text)) == nil)
    }

    @Test func theVersionOfAnActiveAddressIsInItsPath() {
        #expect(WSTrustEndpoint(active: WSTrustSamples.address13)?.version == .trust13)
        #expect(WSTrustEndpoint(active: WSTrustSamples.address2005)?.version == .trust2005)
        #expect(WSTrustEndpoint(active: "http://sts.contoso.example/adfs/services/trust/13/usernamemixed") == nil)
    }

    // MARK: Request

    @Test(arguments: WSTrustVersion.allCases)
    func asksInItsVersion(version: WSTrustVersion) throws {
        let endpoint = try #require(WSTrustEndpoint(address: WSTrustSamples.address13 + "?a=1&b=2", version: version))
        let request = WSTrustRequest(
            endpoint: endpoint,
            username: "a<b>@contoso.example",
            password: "p&\"'</o:Password>]]>ü",
            audience: "urn:federation:MicrosoftOnline",
            messageID: UUID(),
            date: Date(timeIntervalSince1970: 1_767_225_600.9)
        )
        #expect(request.headers.map(\.1) == ["application/soap+xml; charset=utf-8", version.action])
        typealias Space = SOAPElement.Namespace
        let root = try SOAPReader.root(of: request.body)
        let header = try #require(root.child(Space.envelope, "Header"))
        #expect(header.child(Space.addressing, "Action")?.text == version.action)
        #expect(header.child(Space.addressing, "To")?.text == WSTrustSamples.address13 + "?a=1&b=2")
        let security = try #require(header.child(Space.security, "Security"))
        let token = try #require(security.child(Space.security, "UsernameToken"))
        #expect(token.child(Space.security, "Username")?.text == "a<b>@contoso.example")
        #expect(token.child(Space.security, "Password")?.text == "p&\"'</o:Password>]]>ü")
        let time = try #require(security.child(Space.utility, "Timestamp"))
        #expect(time.child(Space.utility, "Created")?.text == "2026-01-01T00:00:00Z")
        #expect(time.child(Space.utility, "Expires")?.text == "2026-01-01T00:10:00Z")
        let question = try #require(root.child(Space.envelope, "Body")?.child(version.namespace, "RequestSecurityToken"))
        #expect(question.child(version.namespace, "KeyType")?.text == version.keyType)
        #expect(question.child(version.namespace, "RequestType")?.text == version.requestType)
        let place = question.child(Space.policy, "AppliesTo")?.child(Space.addressing, "EndpointReference")
        #expect(place?.child(Space.addressing, "Address")?.text == "urn:federation:MicrosoftOnline")
    }

    // MARK: Answer

    private func answer(_ text: String, _ version: WSTrustVersion = .trust13) throws -> WSTrustAnswer {
        try WSTrustAnswer(Array(text.utf8), version: version)
    }

    @Test(arguments: WSTrustVersion.allCases)
    func cutsTheAssertionOutByteByByte(version: WSTrustVersion) throws {
        let answer = try self.answer(WSTrustSamples.answer(version), version)
        #expect(answer.assertion == Array(WSTrustSamples.assertion.utf8) && answer.kind == .saml11)
        let blanks = WSTrustSamples.answer(version, assertion: "\r\n  \(WSTrustSamples.assertion)\n")
        #expect(try self.answer(blanks, version).assertion == Array(WSTrustSamples.assertion.utf8))
    }

    @Test(arguments: [
        ("urn:oasis:names:tc:SAML:1.0:assertion", WSTrustAnswer.Kind.saml11),
        ("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1", .saml11),
        ("urn:oasis:names:tc:SAML:2.0:assertion", .saml2),
        ("http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0", .saml2),
    ])
    func theTypeTellsTheGrant(type: String, kind: WSTrustAnswer.Kind) throws {
        #expect(try self.answer(WSTrustSamples.answer(.trust13, type: type)).kind == kind)
    }

    @Test func withoutATypeTheNamespaceTellsTheGrant() throws {
        #expect(try self.answer(WSTrustSamples.answer(.trust13, type: nil)).kind == .saml11)
        let newer = #"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>"#
        #expect(try self.answer(WSTrustSamples.answer(.trust13, assertion: newer, type: nil)).kind == .saml2)
        #expect(throws: SOAPReader.Problem.self) {
            try self.answer(WSTrustSamples.answer(.trust13, assertion: "<Assertion/>", type: nil))
        }
    }

    @Test func aFaultIsTold() throws {
        let fault = #expect(throws: WSTrustAnswer.Fault.self) { try self.answer(WSTrustSamples.fault()) }
        #expect(fault?.code == "FailedAuthentication" && fault?.reason.hasPrefix("ID3242: ") == true)
    }

    @Test(arguments: [
        "<html></html>", "", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>",
        WSTrustSamples.answer(.trust2005), WSTrustSamples.answer(.trust13, assertion: ""),
        WSTrustSamples.answer(.trust13, assertion: "text"),
        WSTrustSamples.answer(.trust13, assertion: WSTrustSamples.assertion + WSTrustSamples.assertion),
        WSTrustSamples.answer(.trust13, assertion: "text" + WSTrustSamples.assertion),
        WSTrustSamples.answer(.trust13, assertion: "<b/>"), WSTrustSamples.answer(.trust13, type: "urn:x"),
    ])
    func whatHoldsNoAssertionIsAProblem(text: String) throws {
        #expect(throws: SOAPReader.Problem.self) { try self.answer(text) }
    }
}
