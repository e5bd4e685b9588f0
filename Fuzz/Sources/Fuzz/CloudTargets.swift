// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Documents that resource managers publish of their cloud.
enum MetadataTarget {
    static func run(_ bytes: [UInt8]) async {
        // What a document says is no secret.
        guard !Promises.containsSecret(bytes) else { return }
        for name in [nil, "AzureCloud"] {
            do {
                try await Self.check(AzureCloud(metadata: bytes, named: name), named: name)
            } catch {
                Promises.check(error)
                guard let error = error as? AuthenticationError else { continue }
                if error.code != .invalidConfiguration { Violation.report("a document that can't be used is \(error.code)") }
            }
        }
    }

    private static func check(_ cloud: AzureCloud, named name: String?) async {
        Promises.checkLine(cloud.name, "the cloud's name")
        Promises.checkLine(cloud.resourceManager ?? "", "the resource manager")
        if cloud.name.count > 101 || cloud.audiences.count > 104 || cloud.audiences.contains(where: { $0.utf8.count > 300 }) {
            Violation.report("a cloud without measure: \(cloud)")
        }
        guard let again = try? AuthorityHost(cloud.authorityHost.description), again == cloud.authorityHost else {
            Violation.report("the authority host \(cloud.authorityHost.description.debugDescription)")
        }
        var options = Scene.options { request in
            VariablesTarget.check(request)
            if request.method == .get { Violation.report("discovery for a cloud that was given: \(request.url)") }
            return Scene.grant
        }
        options.cloud = cloud
        await Promises.check(Scene.credential(options: options))
        if let audience = cloud.audiences.first {
            await Promises.check(Scene.credential(options: options), TokenRequestContext(scopes: ["\(audience)/.default"]))
        }
    }
}

/// Answers to discovery: `STATUS`, header lines, an empty line, a document. The same for an authority host that nobody knows and for
/// an issuer.
enum DiscoveryTarget {
    private static let host = "login.fuzz.example"
    private static let issuer = "https://login.fuzz.example/tenant/v2.0"

    static func run(_ bytes: [UInt8]) async {
        // What a document says is no secret.
        guard !Promises.containsSecret(bytes) else { return }
        let response = ResponseTarget.response(bytes)
        var options = Scene.options { request in
            if request.method == .get {
                Self.checkDiscovery(request)
                return response
            }
            VariablesTarget.check(request, isIssuer: false)
            if request.url.host() != Self.host { Violation.report("a request to \(request.url)") }
            return Scene.grant
        }
        guard let host = try? AuthorityHost(Self.host), let issuer = try? OpenIDAuthority(issuer: Self.issuer) else {
            Violation.report("a good authority is refused")
        }
        options.authorityHost = host
        await Promises.check(Scene.credential(options: options))

        options = Scene.options { request in
            if request.method == .get {
                Self.checkDiscovery(request)
                return response
            }
            VariablesTarget.check(request, isIssuer: true)
            return Scene.grant
        }
        options.openIDAuthority = issuer
        await Promises.check(Scene.credential(options: options))
    }

    /// Discovery asks the one host, and says nothing of the client.
    private static func checkDiscovery(_ request: TransportRequest) {
        let url = request.url
        if url.scheme != "https" || url.host() != Self.host || !request.body.isEmpty { Violation.report("discovery at \(url)") }
        Promises.checkSecret(url.absoluteString, "the URL of discovery")
    }
}
