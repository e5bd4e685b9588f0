// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import Testing

@testable import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Requests for users to the emulator's core, on a date that the test turns.
struct PeopleDesk {
    typealias Sample = EmulatorConfiguration.Sample

    static let vault = "https://vault.azure.net/.default"
    static let signIn = "openid profile offline_access"

    var core: EmulatorCore
    var date = HostRequests.date

    init(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) { self.core = HostRequests.core(change) }

    /// What the emulator answers; of JSON its members.
    struct Answer {
        var status: Int
        var json: EmulatorJSON
        var code: Int? { self.json["error_codes"]?.elements?.first?.integer }
        var error: String? { self.json["error"]?.string }
        func text(_ name: String) -> String? { self.json[name]?.string }
        func claims(_ name: String) throws -> EmulatorJSON { try HostRequests.claims(self.json[name]) }
    }

    static func form(_ parameters: [String: String]) -> [UInt8] {
        Array(FormBody.encoded(parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }).utf8)
    }

    func post(_ path: String, _ parameters: [String: String?]) throws -> Answer {
        let request = EmulatorRequest(
            method: "POST",
            path: path,
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Self.form(parameters.compactMapValues { $0 }),
            host: "localhost:8443"
        )
        let response = self.core.response(to: request, at: self.date)
        return Answer(status: response.status, json: try HostRequests.json(response))
    }

    func token(_ parameters: [String: String?], tenant: String = Sample.tenantID) throws -> Answer {
        try self.post("/\(tenant)/oauth2/v2.0/token", parameters)
    }

    /// A password for a token of the sample's tool; each test changes one thing.
    func password(
        _ userName: String = Sample.userName,
        _ changes: [String: String?] = [:],
        tenant: String = Sample.tenantID
    ) throws -> Answer {
        var form: [String: String?] = [
            "grant_type": "password", "client_id": Sample.publicClientID, "username": userName, "password": Sample.password,
            "scope": "\(Self.vault) \(Self.signIn)", "client_info": "1",
        ]
        for (name, value) in changes { form[name] = value }
        return try self.token(form, tenant: tenant)
    }

    func refresh(
        _ token: String?,
        _ changes: [String: String?] = [:],
        tenant: String = Sample.tenantID
    ) throws -> Answer {
        var form: [String: String?] = [
            "grant_type": "refresh_token", "client_id": Sample.publicClientID, "refresh_token": token, "scope": Self.vault,
        ]
        for (name, value) in changes { form[name] = value }
        return try self.token(form, tenant: tenant)
    }

    // MARK: Pages

    /// A page as a browser gets it.
    struct Page {
        var status: Int
        var headers: TransportHeaders
        var text: String

        /// The value of an input.
        func value(_ name: String) -> String? {
            let parts = self.text.split(separator: "name=\"\(name)\" value=\"", maxSplits: 1)
            return parts.count == 2 ? String(parts[1].prefix { $0 != "\"" }).replacing("&amp;", with: "&") : nil
        }

        var heading: String? {
            let parts = self.text.split(separator: "<h1>", maxSplits: 1)
            return parts.count == 2 ? parts[1].split(separator: "</h1>", maxSplits: 1).first.map(String.init) : nil
        }

        var cookie: String? { self.headers["Set-Cookie"]?.split(separator: ";").first.map(String.init) }

        /// The parameters of a redirect.
        var redirect: [String: String] {
            guard let location = self.headers["Location"], let mark = location.firstIndex(where: { $0 == "?" || $0 == "#" })
            else {
                return [:]
            }
            return FormBody(location[mark...].dropFirst().utf8)?.values ?? [:]
        }
    }

    func page(
        _ path: String,
        query: [String: String] = [:],
        form: [String: String]? = nil,
        cookie: String? = nil
    ) -> Page {
        var headers: TransportHeaders = [:]
        headers["Cookie"] = cookie
        if form != nil { headers["Content-Type"] = "application/x-www-form-urlencoded" }
        let request = EmulatorRequest(
            method: form == nil ? "GET" : "POST",
            path: path,
            query: String(decoding: Self.form(query), as: UTF8.self),
            headers: headers,
            body: form.map(Self.form) ?? [],
            host: "localhost:8443"
        )
        let response = self.core.response(to: request, at: self.date)
        return Page(status: response.status, headers: response.headers, text: String(decoding: response.body, as: UTF8.self))
    }

    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let authorizePath = "/\(Sample.tenantID)/oauth2/v2.0/authorize"

    /// A good authorization request; each test changes one thing. The challenge is the one of RFC 7636.
    static func authorization(_ changes: [String: String?] = [:]) -> [String: String] {
        var query = [
            "client_id": Sample.publicClientID, "response_type": "code", "redirect_uri": "http://localhost:8400",
            "scope": "\(Self.vault) \(Self.signIn)", "state": "state-1", "nonce": "nonce-1", "client_info": "1",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        ]
        for (name, value) in changes { query[name] = value }
        return query
    }

    static func credentials(_ userName: String = Sample.userName) -> [String: String] {
        ["action": "signin", "username": userName, "password": Sample.password]
    }

    func redeem(_ code: String?, _ changes: [String: String?] = [:], tenant: String = Sample.tenantID) throws -> Answer {
        var form: [String: String?] = [
            "grant_type": "authorization_code", "client_id": Sample.publicClientID, "code": code,
            "redirect_uri": "http://localhost:8400", "code_verifier": Self.verifier, "client_info": "1",
            "scope": "\(Self.vault) \(Self.signIn)",
        ]
        for (name, value) in changes { form[name] = value }
        return try self.token(form, tenant: tenant)
    }
}
