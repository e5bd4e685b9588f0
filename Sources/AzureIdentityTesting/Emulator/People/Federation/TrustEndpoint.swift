// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The server for federated users: takes a name and a password by WS-Trust, and gives an assertion for the token endpoint.
///
/// It is stricter than an AD FS: everything that a request has to have is looked at.
struct TrustEndpoint {
    typealias Version = EmulatorConfiguration.FederationServer.TrustVersion

    /// What is wrong with a request, in the terms of SOAP. An AD FS says so with the status 500, even of a wrong password.
    struct Fault: Error {
        var subcode: String
        var reason: String

        static func malformed(_ what: String) -> Fault { Fault(subcode: "a:BadRequest", reason: "MSIS: \(what)") }
        static let wrongPassword = Fault(
            subcode: "a:FailedAuthentication",
            reason: "ID3242: The security token could not be authenticated or authorized."
        )
    }

    let core: EmulatorCore
    let exchange: EmulatorExchange
    let version: Version

    func response() -> EmulatorResponse {
        do throws(Fault) {
            guard self.core.configuration.federation.trustVersions.contains(self.version) else {
                throw .malformed("this version of WS-Trust is not offered")
            }
            let (userName, password) = try self.read()
            guard let person = self.core.configuration.person(named: userName, in: nil), person.home.isFederated,
                (try? person.check(password: password)) != nil
            else { throw .wrongPassword }
            return self.exchange.xml(self.answer(self.assertion(for: person)))
        } catch {
            return self.exchange.xml(Self.text(error), status: 500)
        }
    }

    // MARK: The request

    private func read() throws(Fault) -> (userName: String, password: String) {
        try self.checkHeaders()
        guard let envelope = StrictXML(self.exchange.request.body), envelope.namespace == FederationNames.envelope,
            envelope.name == "Envelope", let header = envelope.child(FederationNames.envelope, "Header"),
            let body = envelope.child(FederationNames.envelope, "Body")
        else { throw .malformed("the body is no envelope of SOAP 1.2 in plain XML") }
        try self.checkAddressing(header)
        guard let security = header.child(FederationNames.security, "Security") else { throw .malformed("Security is missing") }
        try self.checkTimes(security)
        guard let token = security.child(FederationNames.security, "UsernameToken"),
            let userName = token.child(FederationNames.security, "Username"),
            let password = token.child(FederationNames.security, "Password")
        else { throw .malformed("UsernameToken is missing, or has not a Username and a Password") }
        guard let request = body.child(self.version.namespace, "RequestSecurityToken") else {
            throw .malformed("RequestSecurityToken is missing")
        }
        let address = request.child(FederationNames.policy, "AppliesTo")?.child(FederationNames.addressing, "EndpointReference")?
            .child(FederationNames.addressing, "Address")
        for (name, found, wanted) in [
            ("AppliesTo", address, FederationNames.audience),
            ("KeyType", request.child(self.version.namespace, "KeyType"), self.version.keyType),
            ("RequestType", request.child(self.version.namespace, "RequestType"), self.version.requestType),
        ] {
            guard found?.content == wanted else { throw .malformed("\(name) is not \(wanted)") }
        }
        // A password may begin or end with blanks.
        return (userName.content, password.text)
    }

    private func checkHeaders() throws(Fault) {
        let headers = self.exchange.request.headers
        let type = headers.values(for: "Content-Type").first?.lowercased().filter { $0 != " " } ?? ""
        guard type == "application/soap+xml;charset=utf-8" || type.hasPrefix("application/soap+xml;charset=utf-8;") else {
            throw .malformed("the Content-Type is not application/soap+xml; charset=utf-8")
        }
        guard headers["SOAPAction"]?.filter({ $0 != "\"" }) == self.version.action else {
            throw .malformed("SOAPAction is not \(self.version.action)")
        }
        guard self.exchange.request.query.isEmpty else { throw .malformed("there is a query") }
    }

    private func checkAddressing(_ header: StrictXML) throws(Fault) {
        func text(_ name: String) -> String? { header.child(FederationNames.addressing, name)?.content }
        guard text("Action") == self.version.action else { throw .malformed("Action is not \(self.version.action)") }
        guard text("To") == self.exchange.url(self.version.path) else { throw .malformed("To is not this endpoint") }
        let id = text("MessageID") ?? ""
        guard id.hasPrefix("urn:uuid:"), GUID.isValid(String(id.dropFirst(9))) else {
            throw .malformed("MessageID is no urn:uuid")
        }
        let reply = header.child(FederationNames.addressing, "ReplyTo")?.child(FederationNames.addressing, "Address")?.content
        guard reply == nil || reply == FederationNames.anonymous else { throw .malformed("ReplyTo is not anonymous") }
    }

    private func checkTimes(_ security: StrictXML) throws(Fault) {
        func date(_ name: String) -> Date? {
            let stamp = security.child(FederationNames.utility, "Timestamp")?.child(FederationNames.utility, name)
            return stamp.flatMap { try? Date($0.content, strategy: .iso8601) }
        }
        guard let created = date("Created"), let expires = date("Expires"), created < expires else {
            throw .malformed("the Timestamp is missing, or its times are no times")
        }
        guard created.timeIntervalSince(self.exchange.date) <= 300, expires > self.exchange.date else {
            throw Fault(subcode: "a:MessageExpired", reason: "MSIS: the Timestamp is not within its time")
        }
    }

    // MARK: The answer

    /// An assertion that is good for an hour. Its spelling is odd here and there on purpose: it has to come back byte for byte.
    private func assertion(for person: Person) -> String {
        let id = PeopleLedger.randomCode("_")
        let expiry = self.exchange.date.addingTimeInterval(3600)
        let (now, end) = (self.exchange.date.ISO8601Format(), expiry.ISO8601Format())
        let name = SignInPage.escaped(person.home.userPrincipalName)
        let version = self.core.configuration.federation.assertionVersion
        let issuer = SignInPage.escaped(self.exchange.url("/adfs/services/trust"))
        let text: String
        switch version {
        case .saml11:
            text = """
                <saml:Assertion MajorVersion="1" MinorVersion='1' AssertionID="\(id)" Issuer="\(issuer)" IssueInstant="\(now)" \
                xmlns:saml="\(version.namespace)"><saml:Conditions NotBefore="\(now)"  NotOnOrAfter="\(end)">\
                <saml:AudienceRestrictionCondition><saml:Audience>\(FederationNames.audience)</saml:Audience>\
                </saml:AudienceRestrictionCondition></saml:Conditions>
                <saml:AttributeStatement><saml:Subject><saml:NameIdentifier>\(name)</saml:NameIdentifier></saml:Subject>\
                <saml:Attribute AttributeName="UPN"><saml:AttributeValue>\(name)</saml:AttributeValue></saml:Attribute>\
                </saml:AttributeStatement></saml:Assertion>
                """
        case .saml2:
            text = """
                <Assertion ID="\(id)" IssueInstant="\(now)" Version='2.0' xmlns="\(version.namespace)"><Issuer>\(issuer)</Issuer>\
                <Subject><NameID>\(name)</NameID></Subject><Conditions NotBefore="\(now)"  NotOnOrAfter="\(end)">\
                <AudienceRestriction><Audience>\(FederationNames.audience)</Audience></AudienceRestriction></Conditions>
                <!-- émulateur --><AttributeStatement/></Assertion>
                """
        }
        let entry = PeopleLedger.FederatedAssertion(userName: person.home.userPrincipalName, expiresAt: expiry)
        self.core.people.withState { $0.assertions[text] = entry }
        return text
    }

    private func answer(_ assertion: String) -> String {
        let type = self.core.configuration.federation.assertionVersion.tokenType
        let response = """
            <trust:RequestSecurityTokenResponse><trust:TokenType>\(type)</trust:TokenType>\
            <trust:RequestedSecurityToken>\(assertion)</trust:RequestedSecurityToken>\
            <trust:RequestType>\(self.version.requestType)</trust:RequestType><trust:KeyType>\(self.version.keyType)</trust:KeyType>\
            </trust:RequestSecurityTokenResponse>
            """
        let collection = "trust:RequestSecurityTokenResponseCollection"
        let namespace = "xmlns:trust=\"\(self.version.namespace)\""
        let body =
            self.version == .trust13
            ? "<\(collection) \(namespace)>\(response)</\(collection)>"
            : response.replacing(
                "<trust:RequestSecurityTokenResponse>", with: "<trust:RequestSecurityTokenResponse \(namespace)>")
        return Self.envelope(action: self.version.responseAction, body: body)
    }

    private static func text(_ fault: Fault) -> String {
        Self.envelope(
            action: "http://www.w3.org/2005/08/addressing/soap/fault",
            body: """
                <s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:a="\(FederationNames.security)">\(fault.subcode)\
                </s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">\(SignInPage.escaped(fault.reason))</s:Text>\
                </s:Reason></s:Fault>
                """
        )
    }

    private static func envelope(action: String, body: String) -> String {
        """
        <s:Envelope xmlns:s="\(FederationNames.envelope)" xmlns:a="\(FederationNames.addressing)"><s:Header>\
        <a:Action s:mustUnderstand="1">\(action)</a:Action></s:Header><s:Body>\(body)</s:Body></s:Envelope>
        """
    }
}
