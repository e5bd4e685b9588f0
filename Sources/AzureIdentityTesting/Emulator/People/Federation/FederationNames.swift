// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The names of XML that WS-Trust and its metadata are made of.
enum FederationNames {
    static let envelope = "http://www.w3.org/2003/05/soap-envelope"
    static let addressing = "http://www.w3.org/2005/08/addressing"
    static let anonymous = "http://www.w3.org/2005/08/addressing/anonymous"
    private static let wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"
    static let security = Self.wss + "secext-1.0.xsd"
    static let utility = Self.wss + "utility-1.0.xsd"
    static let policy = "http://schemas.xmlsoap.org/ws/2004/09/policy"
    static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
    static let soap12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
    /// Whom assertions are meant for.
    static let audience = "urn:federation:MicrosoftOnline"
}

extension EmulatorConfiguration.FederationServer.TrustVersion {
    var namespace: String {
        switch self {
        case .trust13: "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
        case .trust2005: "http://schemas.xmlsoap.org/ws/2005/02/trust"
        }
    }

    var action: String { self.namespace + "/RST/Issue" }
    var responseAction: String { self.namespace + (self == .trust13 ? "/RSTRC/IssueFinal" : "/RSTR/Issue") }
    var requestType: String { self.namespace + "/Issue" }

    var keyType: String {
        switch self {
        case .trust13: self.namespace + "/Bearer"
        case .trust2005: "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
        }
    }

    /// The namespace of its security policies.
    var securityPolicy: String {
        switch self {
        case .trust13: "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
        case .trust2005: "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"
        }
    }

    /// The path of its endpoint for user names and passwords.
    var path: String { EmulatorRoute.federationRoot + (self == .trust13 ? "13" : "2005") + "/usernamemixed" }
}

extension EmulatorConfiguration.FederationServer.AssertionVersion {
    var namespace: String {
        switch self {
        case .saml11: "urn:oasis:names:tc:SAML:1.0:assertion"
        case .saml2: "urn:oasis:names:tc:SAML:2.0:assertion"
        }
    }

    /// What the server says is the type of its assertions.
    var tokenType: String { self.namespace }
}
