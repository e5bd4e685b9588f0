// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The versions of WS-Trust that federation services speak.
enum WSTrustVersion: Sendable, CaseIterable {
    case trust13
    case trust2005

    var namespace: String {
        switch self {
        case .trust13: "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
        case .trust2005: "http://schemas.xmlsoap.org/ws/2005/02/trust"
        }
    }

    /// What asks for a token; also how a service names the version.
    var action: String { "\(self.namespace)/RST/Issue" }

    var requestType: String { "\(self.namespace)/Issue" }

    /// A token that needs no key of its own.
    var keyType: String {
        switch self {
        case .trust13: "\(self.namespace)/Bearer"
        case .trust2005: "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
        }
    }

    /// Security policies of the version's time, and the name of the tokens in them that are sent along.
    fileprivate var policy: (namespace: String, tokens: String) {
        switch self {
        case .trust13: ("http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702", "SignedEncryptedSupportingTokens")
        case .trust2005: ("http://schemas.xmlsoap.org/ws/2005/07/securitypolicy", "SignedSupportingTokens")
        }
    }
}

/// Where a federation service gives an assertion for a user name and a password. Pure.
struct WSTrustEndpoint: Sendable, Equatable {
    let url: URL
    let version: WSTrustVersion

    init?(address: String, version: WSTrustVersion) {
        guard let url = Self.url(address) else { return nil }
        self.url = url
        self.version = version
    }

    /// The endpoint that is known without the service's metadata; its path tells the version.
    ///
    /// - Parameter active: `federation_active_auth_url` of the user's realm.
    init?(active: String) {
        let isOlder = active.lowercased().contains("/trust/2005/")
        self.init(address: active, version: isOlder ? .trust2005 : .trust13)
    }

    /// An https URL, of bounded length.
    static func url(_ address: String) -> URL? {
        guard address.utf8.count <= 2048, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let url = URL(string: address), url.scheme?.lowercased() == "https", !(url.host() ?? "").isEmpty, url.user() == nil
        else { return nil }
        return url
    }

    /// The endpoint that a service's metadata (WS-MetadataExchange: a WSDL document) names for user names and passwords over TLS; WS-Trust 1.3
    /// if both versions are there.
    ///
    /// - Returns: `nil` if there is none.
    static func found(in metadata: SOAPElement) -> WSTrustEndpoint? {
        typealias Space = SOAPElement.Namespace
        let policies = Set(metadata.children(Space.policy, "Policy").compactMap(Self.passwordPolicy))
        var versions: [String: WSTrustVersion] = [:]
        for binding in metadata.children(Space.wsdl, "binding") {
            guard let name = binding.attribute("name"), let version = Self.version(of: binding),
                binding.children(Space.policy, "PolicyReference").contains(where: { policies.contains($0.attribute("URI") ?? "") }
                )
            else { continue }
            versions[name] = version
        }
        var endpoints: [WSTrustEndpoint] = []
        for port in metadata.children(Space.wsdl, "service").flatMap({ $0.children(Space.wsdl, "port") }) {
            // The prefix is that of the document's own names.
            let name = port.attribute("binding")?.split(separator: ":").last.map(String.init)
            let address = port.child(Space.addressing, "EndpointReference")?.child(Space.addressing, "Address")
            guard let version = name.flatMap({ versions[$0] }), let address,
                let endpoint = WSTrustEndpoint(address: address.word, version: version)
            else { continue }
            endpoints.append(endpoint)
        }
        return endpoints.first { $0.version == .trust13 } ?? endpoints.first
    }

    /// The version of a binding to SOAP 1.2 over HTTP; `nil` for other bindings.
    private static func version(of binding: SOAPElement) -> WSTrustVersion? {
        typealias Space = SOAPElement.Namespace
        guard binding.child(Space.soapBinding, "binding")?.attribute("transport") == "http://schemas.xmlsoap.org/soap/http"
        else { return nil }
        let actions = binding.children(Space.wsdl, "operation").compactMap {
            $0.child(Space.soapBinding, "operation")?.attribute("soapAction")
        }
        return WSTrustVersion.allCases.first { actions.contains($0.action) }
    }

    /// The reference to a policy that wants a user name and a password over TLS; `nil` for other policies.
    private static func passwordPolicy(_ policy: SOAPElement) -> String? {
        typealias Space = SOAPElement.Namespace
        guard let id = policy.attributes[.init(namespace: Space.utility, local: "Id")],
            let all = policy.child(Space.policy, "ExactlyOne")?.child(Space.policy, "All")
        else { return nil }
        let isFitting = WSTrustVersion.allCases.contains { version in
            let (namespace, tokens) = version.policy
            let token = all.child(namespace, tokens)?.child(Space.policy, "Policy")?.child(namespace, "UsernameToken")
            return all.child(namespace, "TransportBinding") != nil
                && token?.child(Space.policy, "Policy")?.child(namespace, "WssUsernameToken10") != nil
        }
        return isFitting ? "#\(id)" : nil
    }
}
