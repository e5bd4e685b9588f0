// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A request for an assertion, for a user name and a password (WS-Trust, RequestSecurityToken). Pure.
struct WSTrustRequest: Sendable {
    let endpoint: WSTrustEndpoint
    let username: String
    let password: Secret
    /// Whom the assertion is for.
    let audience: String
    let messageID: UUID
    let date: Date

    /// How long the request itself is good.
    private static let lifetime = TimeInterval(600)

    var headers: [(String, String)] {
        [("Content-Type", "application/soap+xml; charset=utf-8"), ("SOAPAction", self.endpoint.version.action)]
    }

    /// The SOAP envelope; all that comes from outside is escaped.
    var body: [UInt8] {
        typealias Space = SOAPElement.Namespace
        let version = self.endpoint.version
        let created = Self.text(self.date)
        let expires = Self.text(self.date.addingTimeInterval(Self.lifetime))
        let escaped = SOAPElement.escaped
        let envelope = """
            <s:Envelope xmlns:s="\(Space.envelope)" xmlns:a="\(Space.addressing)" xmlns:u="\(Space.utility)"><s:Header>\
            <a:Action s:mustUnderstand="1">\(version.action)</a:Action>\
            <a:MessageID>urn:uuid:\(self.messageID.uuidString.lowercased())</a:MessageID>\
            <a:ReplyTo><a:Address>\(Space.addressing)/anonymous</a:Address></a:ReplyTo>\
            <a:To s:mustUnderstand="1">\(escaped(self.endpoint.url.absoluteString))</a:To>\
            <o:Security s:mustUnderstand="1" xmlns:o="\(Space.security)">\
            <u:Timestamp u:Id="_0"><u:Created>\(created)</u:Created><u:Expires>\(expires)</u:Expires></u:Timestamp>\
            <o:UsernameToken u:Id="UsernameToken"><o:Username>\(escaped(self.username))</o:Username>\
            <o:Password Type="\(Self.passwordType)">\(escaped(self.password.revealed))</o:Password></o:UsernameToken>\
            </o:Security></s:Header><s:Body>\
            <t:RequestSecurityToken xmlns:t="\(version.namespace)"><p:AppliesTo xmlns:p="\(Space.policy)"><a:EndpointReference>\
            <a:Address>\(escaped(self.audience))</a:Address></a:EndpointReference></p:AppliesTo>\
            <t:KeyType>\(version.keyType)</t:KeyType><t:RequestType>\(version.requestType)</t:RequestType>\
            </t:RequestSecurityToken></s:Body></s:Envelope>
            """
        return Array(envelope.utf8)
    }

    private static let passwordType =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"

    /// A moment in UTC, in whole seconds.
    private static func text(_ date: Date) -> String {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)).formatted(.iso8601)
    }
}

/// What a federation service answers: an assertion, or a fault. Pure.
struct WSTrustAnswer: Sendable, Equatable {
    /// What an assertion is to the token endpoint.
    enum Kind: String, Sendable, Equatable {
        case saml11 = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
        case saml2 = "urn:ietf:params:oauth:grant-type:saml2-bearer"

        /// By the type of the token, or by the assertion's namespace.
        init?(type: String) {
            switch type {
            case "urn:oasis:names:tc:SAML:1.0:assertion",
                "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1":
                self = .saml11
            case "urn:oasis:names:tc:SAML:2.0:assertion",
                "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0":
                self = .saml2
            default: return nil
            }
        }
    }

    /// The assertion as it came, each byte of it.
    let assertion: [UInt8]
    let kind: Kind

    /// Why the service gave no assertion, in its own words; cleaned by who shows them.
    struct Fault: Error, Equatable {
        /// Such as `FailedAuthentication`.
        let code: String
        let reason: String
    }

    /// - Parameters:
    ///   - body: The answer, whatever its status: a fault has that of an error.
    ///   - version: What was asked by.
    /// - Throws: ``Fault``, or `SOAPReader.Problem` if the answer is neither a fault nor has an assertion.
    init(_ body: [UInt8], version: WSTrustVersion) throws {
        typealias Space = SOAPElement.Namespace
        let root = try SOAPReader.root(of: body)
        guard root.name == .init(namespace: Space.envelope, local: "Envelope"), let content = root.child(Space.envelope, "Body")
        else {
            throw SOAPReader.Problem(message: "it is no SOAP envelope")
        }
        if let fault = content.child(Space.envelope, "Fault") { throw Self.fault(fault) }
        let trust = version.namespace
        let collection = content.child(trust, "RequestSecurityTokenResponseCollection") ?? content
        guard let response = collection.child(trust, "RequestSecurityTokenResponse"),
            let token = response.child(trust, "RequestedSecurityToken"), token.isBlank, token.children.count == 1,
            let assertion = token.children.first, assertion.name.local == "Assertion"
        else { throw SOAPReader.Problem(message: "it holds no assertion") }
        let type = response.child(trust, "TokenType")?.word ?? assertion.name.namespace
        guard let kind = Kind(type: type) else {
            throw SOAPReader.Problem(message: "its token is of no known type")
        }
        self.kind = kind
        self.assertion = Array(body[assertion.range])
    }

    private static func fault(_ fault: SOAPElement) -> Fault {
        typealias Space = SOAPElement.Namespace
        let code = fault.child(Space.envelope, "Code")
        let value = code?.child(Space.envelope, "Subcode")?.child(Space.envelope, "Value") ?? code?.child(Space.envelope, "Value")
        return Fault(
            code: value?.word.split(separator: ":").last.map(String.init) ?? "",
            reason: fault.child(Space.envelope, "Reason")?.child(Space.envelope, "Text")?.word ?? ""
        )
    }
}
