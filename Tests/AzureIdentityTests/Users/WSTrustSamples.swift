// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

@testable import AzureIdentity

/// Documents as federation services write them.
enum WSTrustSamples {
    static let address13 = "https://sts.contoso.example/adfs/services/trust/13/usernamemixed"
    static let address2005 = "https://sts.contoso.example/adfs/services/trust/2005/usernamemixed"
    static let metadataAddress = "https://sts.contoso.example/adfs/services/trust/mex"

    /// The metadata of a service that speaks both versions.
    static func metadata(
        address13: String = address13,
        address2005: String = address2005,
        has13: Bool = true
    ) -> String {
        let tokens = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
        let older = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" \
            xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" \
            xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsa10="http://www.w3.org/2005/08/addressing" \
            xmlns:tns="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice">
              <!-- Certificates come first: they don't count. -->
              \(self.policy("CertificatePolicy", namespace: tokens, tokens: "EndorsingSupportingTokens", token: "X509Token"))
              \(has13 ? self.policy("UserNamePolicy", namespace: tokens, tokens: "SignedEncryptedSupportingTokens") : "")
              \(self.policy("UserNamePolicy1", namespace: older, tokens: "SignedSupportingTokens"))
              \(self.binding("CertificateBinding", policy: "CertificatePolicy", version: .trust13))
              \(self.binding("UserNameBinding1", policy: "UserNamePolicy1", version: .trust2005))
              \(self.binding("UserNameBinding", policy: "UserNamePolicy", version: .trust13))
              <wsdl:service name="SecurityTokenService">
                \(self.port("tns:CertificateBinding", "https://sts.contoso.example/adfs/services/trust/13/certificatemixed"))
                \(self.port("tns:UserNameBinding1", address2005))
                \(self.port("tns:UserNameBinding", address13))
              </wsdl:service>
            </wsdl:definitions>
            """
    }

    private static func policy(_ id: String, namespace: String, tokens: String, token: String = "UsernameToken") -> String {
        """
        <wsp:Policy wsu:Id="\(id)"><wsp:ExactlyOne><wsp:All><sp:TransportBinding xmlns:sp="\(namespace)"><wsp:Policy/></sp:TransportBinding>\
        <sp:\(tokens) xmlns:sp="\(namespace)"><wsp:Policy><sp:\(token)><wsp:Policy><sp:WssUsernameToken10/></wsp:Policy></sp:\(token)>\
        </wsp:Policy></sp:\(tokens)></wsp:All></wsp:ExactlyOne></wsp:Policy>
        """
    }

    private static func binding(_ name: String, policy: String, version: WSTrustVersion) -> String {
        """
        <wsdl:binding name="\(name)" type="tns:x"><wsp:PolicyReference URI="#\(policy)"/>\
        <soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Issue">\
        <soap12:operation soapAction="\(version.action)" style="document"/></wsdl:operation></wsdl:binding>
        """
    }

    private static func port(_ binding: String, _ address: String) -> String {
        """
        <wsdl:port name="p" binding="\(binding)"><soap12:address location="\(address)"/><wsa10:EndpointReference>\
        <wsa10:Address> \(address) </wsa10:Address></wsa10:EndpointReference></wsdl:port>
        """
    }

    /// An assertion whose bytes a careful writer would change: quotes, order, blanks, line breaks, an empty element, a reference.
    static let assertion = """
        <saml:Assertion MajorVersion="1"   MinorVersion='1' AssertionID="_a"\r\n xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"\t>\
        <saml:Conditions></saml:Conditions><!-- kept --><saml:Name>J&#xF6;rg &amp; Zo\u{EB}</saml:Name ><saml:Empty  />\r\n\
        <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>bm8=\r\n</ds:SignatureValue></ds:Signature>\
        </saml:Assertion>
        """

    static func answer(
        _ version: WSTrustVersion,
        assertion: String = assertion,
        type: String? = "urn:oasis:names:tc:SAML:1.0:assertion"
    ) -> String {
        let (start, end) =
            version == .trust13
            ? ("<t:RequestSecurityTokenResponseCollection>", "</t:RequestSecurityTokenResponseCollection>") : ("", "")
        return """
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="\(version.namespace)"><s:Header/><s:Body>\(start)\
            <t:RequestSecurityTokenResponse><t:Lifetime/><t:RequestedSecurityToken>\(assertion)</t:RequestedSecurityToken>\
            \(type.map { "<t:TokenType>\($0)</t:TokenType>" } ?? "")</t:RequestSecurityTokenResponse>\(end)</s:Body></s:Envelope>
            """
    }

    static func fault(
        code: String = "a:FailedAuthentication",
        reason: String = "ID3242: The security token could not be authenticated or authorized."
    ) -> String {
        """
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>\
        <s:Subcode><s:Value xmlns:a="urn:x">\(code)</s:Value></s:Subcode></s:Code>\
        <s:Reason><s:Text xml:lang="en-US">\(reason)</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>
        """
    }
}
