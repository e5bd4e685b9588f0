// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The variables by which hosts are told apart, `NAME=value` in a line; the names `id`, `vendor`, `tag`, `cloud`, `agent` and `container`
/// make the identity and what files tell.
enum HostVariablesTarget {
    private struct Input {
        var variables: [String: String] = [:]
        var facts = HostFacts()
        var identity = ManagedIdentityID.systemAssigned

        init(_ bytes: [UInt8]) {
            for line in lines(of: bytes) {
                let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard halves.count == 2 else { continue }
                switch halves[0] {
                case "id" where halves[1].hasPrefix("/"): self.identity = .userAssigned(resourceID: halves[1])
                case "id": self.identity = .userAssigned(clientID: halves[1])
                case "vendor": self.facts.vendor = halves[1]
                case "tag": self.facts.chassisAssetTag = halves[1]
                case "cloud": self.facts.cloudID = halves[1]
                case "agent": self.facts.hasArcAgent = true
                case "container": self.facts.isContainer = true
                case "IDENTITY_HEADER", "MSI_SECRET": self.variables[halves[0]] = halves[1] + Promises.secret
                default: self.variables[halves[0]] = halves[1]
                }
            }
        }
    }

    static func run(_ bytes: [UInt8]) async {
        // An input that holds the secret says it in places where it is no secret, such as a tenant.
        guard !Promises.mayShowSecret(bytes) else { return }
        let input = Input(bytes)
        Self.checkSelection(input)
        for value in input.variables.values {
            Self.checkEndpoint(value)
            Self.checkThumbprint(value)
            // An error shows what is no URL, but for the password; a mark makes another character of the one before it.
            guard !Promises.containsSecret(Array(value.utf8)) else { continue }
            for text in [value, "https://user:\(Promises.secret)@\(value)", "https://user:\(Promises.secret)@\u{301}\(value)"] {
                Self.checkIssuer(text)
            }
        }
        let options = HostScene.options(input.variables, facts: input.facts) { request in
            let isEntra = request.method == .post && request.url.scheme == "https" && request.headers["Metadata"] == nil
            if isEntra {
                VariablesTarget.check(request)
            } else if request.headers["Authorization"] == nil {
                HostScene.check(request)
            }
            return Scene.grant
        }
        let credential = ManagedIdentityCredential(identity: input.identity, options: options)
        do {
            try credential.validate()
        } catch {
            Promises.check(error)
        }
        await Promises.check(credential)
    }

    /// Which host it is depends on which variables are set, and nothing shows what they are set to.
    private static func checkSelection(_ input: Input) {
        let replaced = input.variables.mapValues { $0.isEmpty ? "" : Promises.secret }
        for excludes in [false, true] {
            let selection = Self.select(input.variables, input, excludes)
            let host = selection.host
            if host != Self.select(replaced, input, excludes).host { Violation.report("values decide: \(host)") }
            if excludes && selection.source == .workloadIdentity { Violation.report("workload identity, though excluded") }
            var isNone = false
            if case .none = selection.source { isNone = true }
            if isNone != (host.kind == nil) || isNone != (host.problem != nil) {
                Violation.report("\(host) for \(selection.source)")
            }
            // By their names alone: what files tell was cleaned when it was read.
            let bare = Self.select(replaced, nil, excludes).host
            for text in bare.evidence + [bare.problem ?? "", bare.description] {
                Promises.checkLine(text, "what speaks for a host")
            }
        }
    }

    private static func select(_ variables: [String: String], _ input: Input?, _ excludes: Bool) -> HostSelection {
        HostSelection.select(
            EnvironmentVariables(variables),
            facts: { input?.facts ?? HostFacts() },
            excludesWorkloadIdentity: excludes
        )
    }

    /// An address that is accepted is an http URL, and stays the same with parameters.
    private static func checkEndpoint(_ text: String) {
        let parameters = [(name: "api-version", value: "1"), (name: "resource", value: "https://a b/&?#%")]
        for text in [text, text + Promises.secret, "http://user:\(Promises.secret)@\(text)"] {
            let endpoint: SourceEndpoint
            do {
                endpoint = try SourceEndpoint(text, variable: "X", credential: "Y")
            } catch {
                Promises.check(error)
                continue
            }
            let (bare, url) = (endpoint.address, endpoint.url(parameters))
            let isHTTP = ["http", "https"].contains(url.scheme?.lowercased() ?? "")
            if !isHTTP || url.host()?.isEmpty ?? true || url.user() != nil || url.fragment() != nil {
                Violation.report("\(text.debugDescription) is accepted as \(url.absoluteString.debugDescription)")
            }
            let isSame =
                url.scheme == bare.scheme && url.host() == bare.host() && url.port == bare.port && url.path() == bare.path()
            let suffix = "api-version=1&resource=https%3A%2F%2Fa+b%2F%26%3F%23%25"
            if !isSame || !(url.query() ?? "").hasPrefix(bare.query() ?? "") || !(url.query() ?? "").hasSuffix(suffix) {
                Violation.report("\(text.debugDescription) becomes \(url.absoluteString.debugDescription)")
            }
            if endpoint.isSecure != (url.scheme?.lowercased() == "https") { Violation.report("\(url) is said to be secure") }
        }
    }

    /// An issuer's address that is accepted stays the same with a parameter, and is https, or http of this machine.
    private static func checkIssuer(_ text: String) {
        let url: URL
        do {
            url = try OIDCEndpoint.url(text, variable: "X", parameters: [("audience", "https://a b/&?#%")], credential: "Y")
        } catch {
            return Promises.check(error)
        }
        let host = (url.host() ?? "").lowercased()
        let isLoopback = ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.") && !host.contains { $0.isLetter }
        let isAllowed = url.scheme?.lowercased() == "https" || url.scheme?.lowercased() == "http" && isLoopback
        let suffix = "audience=https%3A%2F%2Fa%20b%2F%26%3F%23%25"
        if !isAllowed || url.user() != nil || url.fragment() != nil || !(url.query() ?? "").hasSuffix(suffix) {
            Violation.report("\(text.debugDescription) becomes \(url.absoluteString.debugDescription)")
        }
    }

    /// A thumbprint that is accepted has 40 digits, and is read as itself.
    private static func checkThumbprint(_ text: String) {
        guard let thumbprint = ServiceFabricSource.normalized(text) else { return }
        let isHexadecimal = thumbprint.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        if thumbprint.utf8.count != 40 || !isHexadecimal || ServiceFabricSource.normalized(thumbprint) != thumbprint {
            Violation.report("\(text.debugDescription) is the thumbprint \(thumbprint.debugDescription)")
        }
    }
}
