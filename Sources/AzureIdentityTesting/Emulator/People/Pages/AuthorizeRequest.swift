// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// What a client asks the authorize page for, checked. Pure.
struct AuthorizeRequest: Sendable {
    /// How the redirect brings its parameters.
    enum Mode: String, Sendable { case query, fragment, formPost = "form_post" }

    /// A client and an address that it has registered: what it needs to be sent anything back.
    struct Target: Sendable {
        var application: EmulatorConfiguration.Application
        var tenant: EmulatorConfiguration.Tenant?
        var redirectURL: String
        var mode: Mode
        var state: String?
    }

    private static let known: Set<String> = [
        "client_id", "response_type", "redirect_uri", "scope", "state", "response_mode", "code_challenge",
        "code_challenge_method",
        "nonce", "client_info", "prompt", "login_hint", "domain_hint", "claims", "max_age", "x-anchormailbox",
        "client-request-id",
        "return-client-request-id", "mkt", "ui_locales", "instance_aware",
    ]

    var target: Target
    var scope: String
    var purpose: SignInPurpose
    var challenge: String?
    var nonce: String?
    var wantsClientInfo = false

    /// Reads what has to be right before anything may be sent back. What is wrong here is shown to the user alone.
    static func target(
        _ query: String,
        tenant: EmulatorConfiguration.Tenant?,
        _ core: EmulatorCore
    ) throws(EmulatorRefusal) -> (Target, [String: String]) {
        guard let form = FormBody(query.utf8) else { throw .malformed("the query is not percent-encoded UTF-8") }
        if let duplicate = form.firstDuplicate { throw .duplicate(duplicate) }
        let parameters = form.values
        let clientID = try EmulatorCore.required("client_id", in: parameters)
        let application = try core.checkApplication(clientID, in: tenant)
        let redirect = try EmulatorCore.required("redirect_uri", in: parameters)
        guard application.redirectURLs.contains(where: { RedirectRule.matches(redirect, registered: $0) }) else {
            throw .unregisteredRedirect(redirect, clientID: clientID)
        }
        guard let mode = Mode(rawValue: parameters["response_mode"] ?? "query") else {
            throw .malformed("the response_mode is not query, fragment or form_post")
        }
        let target = Target(
            application: application,
            tenant: tenant,
            redirectURL: redirect,
            mode: mode,
            state: parameters["state"]
        )
        return (target, parameters)
    }

    /// Reads the rest. What is wrong here is sent back to the client.
    init(_ target: Target, _ parameters: [String: String], id: String) throws(EmulatorRefusal) {
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            let name = name.lowercased()
            guard Self.known.contains(name) || name.hasPrefix("x-client-") || name.hasPrefix("x-app-") else {
                throw .malformed("the parameter '\(name.prefix(200))' does not belong to an authorization request")
            }
            if value.isEmpty { throw .missing(name) }
        }
        let type = try EmulatorCore.required("response_type", in: parameters)
        guard type == "code" else { throw .unsupportedResponse(type) }
        self.target = target
        self.scope = try EmulatorCore.required("scope", in: parameters)
        if let info = parameters["client_info"] {
            guard info == "1" else { throw .malformed("client_info has to be 1") }
            self.wantsClientInfo = true
        }
        self.nonce = parameters["nonce"]
        if let challenge = parameters["code_challenge"] {
            guard parameters["code_challenge_method"] == "S256" else {
                throw .malformed("the code_challenge_method has to be S256")
            }
            guard challenge.utf8.count == 43, challenge.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || "-_".utf8.contains($0) })
            else { throw .malformed("the code_challenge is no SHA-256 digest in base64url without padding") }
            self.challenge = challenge
        } else if parameters["code_challenge_method"] != nil {
            throw .missing("code_challenge")
        }
        self.purpose = SignInPurpose(
            tenant: target.tenant,
            application: target.application,
            scopes: try UserScopes(self.scope),
            claims: try RequestedClaims(parameters["claims"]),
            loginHint: parameters["login_hint"],
            prompts: try Self.prompts(parameters["prompt"]),
            maximumAge: try Self.age(parameters["max_age"]),
            id: id
        )
    }

    private static func prompts(_ text: String?) throws(EmulatorRefusal) -> Set<String> {
        let prompts = Set((text ?? "").split(separator: " ").map(String.init))
        guard prompts.isSubset(of: ["none", "login", "select_account", "consent"]),
            prompts.count == 1 || !prompts.contains("none")
        else { throw .malformed("the prompt is not none, login, select_account or consent") }
        return prompts
    }

    private static func age(_ text: String?) throws(EmulatorRefusal) -> Int? {
        guard let text else { return nil }
        guard let age = Int(text), age >= 0 else { throw .malformed("max_age has to be a number of seconds") }
        return age
    }
}

/// Whether an address to be sent back to is one that is registered. Pure.
enum RedirectRule {
    /// Addresses are compared exactly, but for the port of `http://localhost` and `http://127.0.0.1`, and for an empty path, which is
    /// the same as a slash.
    static func matches(_ redirect: String, registered: String) -> Bool {
        guard Self.isAddress(redirect) else { return false }
        if redirect == registered { return true }
        guard let given = Self.loopback(redirect), let meant = Self.loopback(registered) else { return false }
        return given.host == meant.host && given.path == meant.path && (meant.port == nil || given.port == meant.port)
    }

    /// Whether a text is an address of visible ASCII, without a fragment.
    static func isAddress(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && text.utf8.count <= 2048 && !text.contains("#")
            && text.contains("://")
    }

    private static func loopback(_ text: String) -> (host: String, port: Int?, path: String)? {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let parts = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, ["localhost", "127.0.0.1"].contains(host) else { return nil }
        let path = rest[end...]
        let normal = path.hasPrefix("/") ? String(path) : "/" + path
        guard parts.count == 2 else { return (String(host), nil, normal) }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(parts[1]), (1...65_535).contains(port)
        else {
            return nil
        }
        return (String(host), port, normal)
    }
}
