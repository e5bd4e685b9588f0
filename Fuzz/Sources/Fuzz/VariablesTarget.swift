// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Environment variables, `NAME=value` in a line; the names `scope`, `tenant`, `claims` and `cae` make the caller's request.
///
/// The byte 0x1E in a value stands for a line break, `fixtures/` at its beginning for the folder of the tests' certificate files.
enum VariablesTarget {
    private struct Input {
        var variables: [String: String] = ["AZURE_CLIENT_SECRET": Promises.secret]
        var scopes: [String] = []
        var context = Promises.context

        init(_ bytes: [UInt8]) {
            for line in lines(of: bytes) {
                let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard halves.count == 2 else { continue }
                let value = String(String.UnicodeScalarView(halves[1].unicodeScalars.map { $0 == "\u{1E}" ? "\n" : $0 }))
                self.take(String(halves[0]), value)
            }
            if !self.scopes.isEmpty { self.context.scopes = self.scopes }
        }

        private mutating func take(_ name: String, _ value: String) {
            switch name {
            case "scope": self.scopes.append(value)
            case "tenant": self.context.tenantID = value
            case "claims": self.context.claims = value
            case "cae": self.context.isCAEEnabled = true
            case "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD":
                self.variables[name] = Promises.secret + value
            case "AZURE_CLIENT_CERTIFICATE_PATH" where value.hasPrefix("fixtures/"):
                self.variables[name] = Fixtures.folder + value.dropFirst("fixtures/".count)
            default: self.variables[name] = value
            }
        }
    }

    static func run(_ bytes: [UInt8]) async {
        // An input that holds the secret says it in places where it is no secret, such as a scope.
        guard !Promises.containsSecret(bytes) else { return }
        let input = Input(bytes)
        if let text = input.variables["AZURE_AUTHORITY_HOST"] {
            Self.checkAuthorityHost(text)
            // A mark makes another character of the one before it.
            for mark in ["", "\u{301}"] { Self.checkAuthorityHost("https://user:\(Promises.secret)@\(mark)\(text)") }
        }
        let options = Scene.options(environment: EnvironmentVariables(input.variables)) { request in
            Self.check(request)
            return request.method == .get ? Self.document : Scene.grant
        }
        let credential = EnvironmentCredential(options: options)
        do {
            try credential.validate()
        } catch {
            Promises.check(error)
        }
        await Promises.check(credential, input.context)
    }

    /// A host that is accepted is an https URL, and its description is accepted as the same host.
    private static func checkAuthorityHost(_ text: String) {
        let host: AuthorityHost
        do {
            host = try AuthorityHost(text)
        } catch {
            Promises.check(error)
            return
        }
        if !host.description.hasPrefix("https://") { Violation.report("the authority host \(host.description.debugDescription)") }
        guard let again = try? AuthorityHost(host.description), again == host else {
            Violation.report("\(text.debugDescription) is accepted as \(host.description.debugDescription), which isn't")
        }
    }

    /// What a resource manager, an authority or this machine's metadata service might say.
    private static let document = TransportResponse(
        status: 200,
        headers: ["Content-Type": "application/json"],
        body: Array(#"{"tenant_discovery_endpoint":"https://fuzz.example/","location":"westeurope"}"#.utf8)
    )

    /// What is sent must be well-formed, whatever the variables say.
    ///
    /// - Parameters:
    ///   - request: What is sent.
    ///   - isIssuer: Whether an issuer may say where, so that the path may be any.
    static func check(_ request: TransportRequest, isIssuer: Bool = false) {
        for field in request.headers.fields where !(field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            Violation.report("a header \(field.name.debugDescription): \(field.value.debugDescription)")
        }
        if request.method == .get { return Self.checkDiscovery(request) }
        let url = request.url
        let hasMore = url.user() != nil || url.query() != nil || url.fragment() != nil
        if url.scheme != "https" || url.host()?.isEmpty ?? true || hasMore {
            Violation.report("a request to \(url.absoluteString.debugDescription)")
        }
        if !isIssuer, !url.path().hasSuffix("/oauth2/v2.0/token"), !url.path().hasSuffix("/adfs/oauth2/token") {
            Violation.report("a request to the path \(url.path().debugDescription)")
        }
        if !request.body.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { Violation.report("a body that is no form") }
    }

    /// Discovery, and the questions for this machine's region and for a user's realm, send no secret.
    private static func checkDiscovery(_ request: TransportRequest) {
        Promises.checkSecret(request.url.absoluteString, "the URL of discovery")
        if !request.body.isEmpty { Violation.report("a GET with a body to \(request.url)") }
        let path = request.url.path()
        if path.hasSuffix("/metadata/instance/compute") { return }
        // One part of a path, whatever is in the user's name.
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isRealm = parts.count == 4 && path.hasPrefix("/common/userrealm/")
        if request.url.scheme != "https" || !(isRealm || path.hasSuffix("/common/discovery/instance")) {
            Violation.report("a GET of \(request.url.absoluteString.debugDescription)")
        }
    }
}
