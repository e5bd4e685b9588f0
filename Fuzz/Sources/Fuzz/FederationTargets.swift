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

/// The token proxy of a cluster: its URL, then URLs of requests; lines `NAME=value` set the other variables of identity binding.
enum TokenProxyTarget {
    private static let requests = [
        "https://login.microsoftonline.com/tenant/oauth2/v2.0/token", "https://login.example:8443/a%2Fb/../c?x=%20&y#z",
    ]

    static func run(_ bytes: [UInt8]) {
        // An input that holds the secret says it in places where it is no secret, such as a host.
        guard !Promises.mayShowSecret(bytes) else { return }
        let values = lines(of: bytes)
        let text = values.first ?? ""
        let mark = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        for text in [text, "\(text[..<mark])user:\(Promises.secret)@\(text[mark...])", text + "?" + Promises.secret] {
            Self.check(text, urls: Self.requests + values.dropFirst())
        }
        var variables = [TokenProxyAddress.variable: text]
        for line in values.dropFirst() {
            let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if halves.count == 2 { variables["AZURE_KUBERNETES_" + halves[0]] = halves[1].replacing("\u{1E}", with: "\n") }
        }
        do {
            _ = try IdentityBinding(environment: EnvironmentVariables(variables), credential: "X")
        } catch {
            Self.check(error)
        }
    }

    private static func check(_ text: String, urls: [String]) {
        let address: TokenProxyAddress
        do {
            address = try TokenProxyAddress(text, credential: "X")
        } catch {
            return Self.check(error)
        }
        Promises.checkSecret(address.identity, "the proxy's address")
        guard let again = try? TokenProxyAddress(address.identity, credential: "X"), again == address else {
            Violation.report("\(text.debugDescription) is accepted as \(address.identity.debugDescription), which isn't")
        }
        let path = address.identity.dropFirst("https://".count).drop { $0 != "/" }
        if !text.contains(path) { Violation.report("\(text.debugDescription) has the path \(path.debugDescription)") }
        for url in urls.compactMap({ URL(string: $0) }) {
            guard let there = address.rewritten(url) else { continue }
            if there != url, !there.absoluteString.hasPrefix(address.identity + "/") {
                Violation.report("\(url) goes to \(there)")
            }
            if there.scheme?.lowercased() != "https" || there.query() != url.query() {
                Violation.report("\(url) becomes \(there)")
            }
            if address.rewritten(there) != there {
                Violation.report("\(there) becomes \(address.rewritten(there)?.absoluteString ?? "nothing")")
            }
        }
    }

    private static func check(_ error: any Error) {
        Promises.check(error)
        if (error as? AuthenticationError)?.code != .invalidConfiguration {
            Violation.report("a variable that can't be used is \(error)")
        }
    }
}

/// The content of the file in which a platform keeps a workload's token.
enum FederatedTokenTarget {
    static func run(_ bytes: [UInt8]) {
        let path = Fixtures.scratch + "token"
        // Nothing of the file may show, so the secret is in it as well.
        for content in [bytes, Array(Promises.secret.utf8) + bytes] {
            Fixtures.write(content, to: path)
            let file = FederatedTokenFile(path: path, credential: "X", clock: SystemClock())
            do {
                let token = try file.token()
                let isPlain = token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
                if token.isEmpty || !isPlain || FederatedToken.problem(token) != nil || !Self.isFound(token, in: content) {
                    Violation.report("the token \(token.debugDescription)")
                }
                if file.holdsAnother(than: token) { Violation.report("the same file holds another token") }
            } catch {
                Promises.check(error)
            }
        }
    }

    private static func isFound(_ token: String, in content: [UInt8]) -> Bool {
        content.firstRange(of: Array(token.utf8)) != nil
    }
}

/// Answers of build services that were asked for an identity token: `STATUS`, header lines, an empty line, a body.
enum IdentityTokenTarget {
    static func run(_ bytes: [UInt8]) async {
        let response = ResponseTarget.response(bytes)
        let isSuccess = (200..<300).contains(response.status)
        // Of a success, nothing but headers shows. What else is shown has to be without the secret that was sent.
        let headers = response.headers.fields.map { "\($0.name)\($0.value)" }.joined()
        if !isSuccess || !Promises.mayShowSecret(Array(headers.utf8)) {
            for issuer in [OIDCIssuer.azurePipelines, .gitHubActions] {
                Self.check(OIDCAnswer(credential: "X", issuer: issuer, secrets: isSuccess ? [] : [Promises.secret]), response)
            }
        }
        let options = Scene.options(environment: Self.variables) { request in
            if request.method == .get && request.url.host() == "tokens.fuzz.example" { return response }
            VariablesTarget.check(request)
            return Scene.grant
        }
        await Promises.check(GitHubActionsCredential(options: options))
    }

    private static let variables: EnvironmentVariables = [
        "AZURE_TENANT_ID": "a0000000-0000-4000-8000-000000000001", "AZURE_CLIENT_ID": "c0000000-0000-4000-8000-000000000001",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.fuzz.example/?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": Promises.secret,
    ]

    private static func check(_ answer: OIDCAnswer, _ response: TransportResponse) {
        let exchange = HTTPPipeline.Exchange(
            response: response, clockSkew: nil, retryAfter: nil, sentAt: MonotonicTime(nanoseconds: 0))
        do {
            let token = try answer.token(of: exchange)
            if FederatedToken.problem(token) != nil { Violation.report("the identity token \(token.debugDescription)") }
        } catch {
            Promises.check(error)
            let isSuccess = (200..<300).contains(response.status)
            if isSuccess, (error as? AuthenticationError)?.response?.body != nil {
                Violation.report("the body of a success shows")
            }
        }
    }
}
