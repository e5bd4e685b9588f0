// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One trip of the browser: what it is sent away with, and what has to come back. Good for one sign-in. Pure, once made.
struct BrowserSession: Sendable {
    /// What the sign-in page is told besides.
    struct Wishes: Sendable {
        var loginHint: String?
        var domainHint: String?
        /// `nil`: the service decides.
        var prompt: String?
        /// As JSON text.
        var claims: String?
    }

    /// Tells this sign-in from all others.
    let state = RandomText.make()
    /// Comes back within the id token.
    let nonce = RandomText.make()
    let proof: PKCE
    let clientID: String
    /// The same, to the letter, in both requests. Known as soon as somebody listens.
    var redirectURL = ""

    init(proof: PKCE, clientID: String) {
        self.proof = proof
        self.clientID = clientID
    }

    /// Where the browser is sent; `nil` if the endpoint is no URL that can be added to.
    ///
    /// The answer is asked for as a form, not in an address, where a history and logs would keep it.
    func signInURL(at endpoint: URL, scopes: [String], wishes: Wishes) -> URL? {
        var parameters: [(name: String, value: String)] = [
            ("client_id", self.clientID),
            ("response_type", "code"),
            ("redirect_uri", self.redirectURL),
            ("response_mode", "form_post"),
            ("scope", TokenGrant.ScopeRule.withSignInScopes.value(scopes) ?? ""),
            ("state", self.state),
            ("nonce", self.nonce),
            ("code_challenge", self.proof.challenge),
            ("code_challenge_method", "S256"),
            ("client_info", "1"),
        ]
        let optional: [(name: String, value: String?)] = [
            ("prompt", wishes.prompt), ("login_hint", wishes.loginHint), ("domain_hint", wishes.domainHint),
            ("claims", wishes.claims),
        ]
        for (name, value) in optional {
            if let value, !value.isEmpty { parameters.append((name, value)) }
        }
        // In a query a plus sign is a plus sign to some.
        let query = String(decoding: FormEncoding.body(parameters), as: UTF8.self).replacing("+", with: "%20")
        let text = endpoint.absoluteString
        guard !text.contains("#") else { return nil }
        return URL(string: "\(text)\(text.contains("?") ? "&" : "?")\(query)")
    }

    /// The grant for a code that came back.
    func grant(for parameters: RedirectParameters, code: String) -> TokenGrant {
        var grant = TokenGrant(
            parameters: [
                ("grant_type", "authorization_code"), ("client_id", self.clientID), ("client_info", "1"), ("code", code),
                ("redirect_uri", self.redirectURL), ("code_verifier", self.proof.verifier),
            ],
            secrets: FormEncoding.echoes(of: code) + FormEncoding.echoes(of: self.proof.verifier),
            clientID: self.clientID
        )
        grant.scopes = .withSignInScopes
        if let mailbox = Self.mailbox(parameters["client_info"]) { grant.headers.append(("X-AnchorMailbox", mailbox)) }
        return grant
    }

    /// Whether an id token was issued for this sign-in; one without a nonce wasn't.
    func isIssuedHere(idToken: String) -> Bool {
        struct Claims: Decodable { let nonce: String? }
        let parts = idToken.split(separator: ".", omittingEmptySubsequences: false)
        guard idToken.utf8.count <= 1 << 18, parts.count == 3, let payload = Base64URL.decode(parts[1]),
            let nonce = try? JSONDecoder().decode(Claims.self, from: Data(payload)).nonce
        else { return false }
        return RandomText.isSame(nonce, self.nonce)
    }

    /// What leads the token request to where the account is kept, made of ids alone.
    private static func mailbox(_ clientInfo: String?) -> String? {
        struct Info: Decodable { let uid, utid: String? }
        guard let clientInfo, clientInfo.utf8.count <= 4096, let json = Base64URL.decode(clientInfo),
            let info = try? JSONDecoder().decode(Info.self, from: Data(json)), let uid = info.uid, let utid = info.utid,
            TenantID.isValid(uid), TenantID.isValid(utid)
        else { return nil }
        return "Oid:\(uid)@\(utid)"
    }
}
