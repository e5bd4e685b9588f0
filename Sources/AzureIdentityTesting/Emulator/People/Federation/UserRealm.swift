// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Who checks the password of a user, and the metadata of the server that does so for federated users.
extension EmulatorCore {
    func userRealm(_ userName: String, _ exchange: EmulatorExchange) throws(EmulatorRefusal) -> EmulatorJSON {
        guard let query = FormBody(exchange.request.query.utf8) else {
            throw .malformed("the query is not percent-encoded UTF-8")
        }
        if let duplicate = query.firstDuplicate { throw .duplicate(duplicate) }
        guard query.pairs.allSatisfy({ $0.name == "api-version" }), ["1.0", "2.0"].contains(query.values["api-version"] ?? "")
        else { throw .malformed("the query is api-version alone, which has to be 1.0 or 2.0") }
        let host = CloudHosts.withoutPort(exchange.request.host)
        guard let domain = userName.split(separator: "@", omittingEmptySubsequences: false).last,
            let tenant = try? self.configuration.tenant(named: String(domain))
        else {
            return .object([
                "ver": "1.0", "account_type": "Unknown", "cloud_instance_name": .string(host),
                "cloud_audience_urn": .string(FederationNames.audience),
            ])
        }
        let server = self.configuration.federation
        let isFederated = self.configuration.person(named: userName, in: tenant)?.home.isFederated ?? false
        let address = server.trustVersions.last.map { exchange.url($0.path) }
        return .object([
            "ver": "1.0",
            "account_type": isFederated ? "Federated" : "Managed",
            "domain_name": .string(String(domain)),
            "federation_protocol": isFederated ? "WSTrust" : nil,
            "federation_metadata_url": isFederated && server.hasMetadata
                ? .string(exchange.url(EmulatorRoute.federationRoot + "mex")) : nil,
            "federation_active_auth_url": isFederated ? address.map { .string($0) } : nil,
            "cloud_instance_name": .string(host),
            "cloud_audience_urn": .string(FederationNames.audience),
        ])
    }

    /// The metadata: for each version of WS-Trust a policy, a binding and a port, and besides a port for Windows' own sign-in, which
    /// is no use without it.
    func federationMetadata(_ exchange: EmulatorExchange) -> EmulatorResponse {
        let versions = self.configuration.federation.trustVersions
        let windows = exchange.url(EmulatorRoute.federationRoot + "13/windowsmixed")
        let text = """
            <?xml version="1.0" encoding="utf-8"?>
            <wsdl:definitions name="SecurityTokenService" targetNamespace="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" \
            xmlns:wsdl="\(FederationNames.wsdl)" xmlns:soap12="\(FederationNames.soap12)" xmlns:wsp="\(FederationNames.policy)" \
            xmlns:wsu="\(FederationNames.utility)" xmlns:wsa10="\(FederationNames.addressing)" \
            xmlns:tns="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice">
            <wsp:Policy wsu:Id="Windows_policy"><wsp:ExactlyOne><wsp:All><http:NegotiateAuthentication \
            xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http"/></wsp:All></wsp:ExactlyOne></wsp:Policy>
            \(versions.map(Self.policy).joined(separator: "\n"))
            \(Self.binding("Windows", action: EmulatorConfiguration.FederationServer.TrustVersion.trust13.action))
            \(versions.map { Self.binding(Self.name($0), action: $0.action) }.joined(separator: "\n"))
            <wsdl:service name="SecurityTokenService">
            \(Self.port("Windows", address: windows))
            \(versions.map { Self.port(Self.name($0), address: exchange.url($0.path)) }.joined(separator: "\n"))
            </wsdl:service>
            </wsdl:definitions>

            """
        return exchange.xml(text)
    }

    private static func name(_ version: EmulatorConfiguration.FederationServer.TrustVersion) -> String {
        version == .trust13 ? "UserName13" : "UserName2005"
    }

    private static func policy(_ version: EmulatorConfiguration.FederationServer.TrustVersion) -> String {
        let tokens = version == .trust13 ? "SignedEncryptedSupportingTokens" : "SignedSupportingTokens"
        return """
            <wsp:Policy wsu:Id="\(Self.name(version))_policy" xmlns:sp="\(version.securityPolicy)"><wsp:ExactlyOne><wsp:All>\
            <sp:TransportBinding><wsp:Policy><sp:TransportToken><wsp:Policy><sp:HttpsToken/></wsp:Policy></sp:TransportToken>\
            </wsp:Policy></sp:TransportBinding><sp:\(tokens)><wsp:Policy><sp:UsernameToken><wsp:Policy><sp:WssUsernameToken10/>\
            </wsp:Policy></sp:UsernameToken></wsp:Policy></sp:\(tokens)></wsp:All></wsp:ExactlyOne></wsp:Policy>
            """
    }

    private static func binding(_ name: String, action: String) -> String {
        """
        <wsdl:binding name="\(name)Binding" type="tns:Trust"><wsp:PolicyReference URI="#\(name)_policy"/>\
        <soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Issue">\
        <soap12:operation soapAction="\(action)" style="document"/></wsdl:operation></wsdl:binding>
        """
    }

    private static func port(_ name: String, address: String) -> String {
        let address = SignInPage.escaped(address)
        return """
            <wsdl:port name="\(name)Port" binding="tns:\(name)Binding"><soap12:address location="\(address)"/>\
            <wsa10:EndpointReference><wsa10:Address>\(address)</wsa10:Address></wsa10:EndpointReference></wsdl:port>
            """
    }
}

extension EmulatorExchange {
    /// An answer of XML.
    func xml(_ text: String, status: Int = 200) -> EmulatorResponse {
        let type = status == 200 && self.request.method == "GET" ? "text/xml" : "application/soap+xml"
        let headers: TransportHeaders = [
            "Date": HTTPDate.format(self.date), "Content-Type": "\(type); charset=utf-8", "Cache-Control": "no-store",
        ]
        return EmulatorResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
