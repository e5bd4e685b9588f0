// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Documents as the libraries of several languages write them, all for the same user and tokens.
enum CacheSamples {
    static let host = "login.microsoftonline.com"
    static let hosts = [host, "login.windows.net", "login.microsoft.com", "sts.windows.net"]
    static let home = "UID.UTID"
    static let vault = "https://vault.azure.net/.default"
    /// When the tokens were kept; they live for an hour.
    static let cachedAt = Date(timeIntervalSince1970: 1_700_000_000)
    static let now = cachedAt.addingTimeInterval(60)

    /// As the Python library's cache writes it (version 1.39.0), but for line breaks.
    static let python = """
        {"AccessToken": {
        "uid.utid-login.microsoftonline.com-accesstoken-client-id-organizations-https://vault.azure.net/.default openid": {
        "credential_type": "AccessToken", "secret": "user-access", "home_account_id": "UID.UTID",
        "environment": "login.microsoftonline.com", "client_id": "Client-ID", "target": "https://vault.azure.net/.default openid",
        "realm": "organizations", "token_type": "Bearer", "cached_at": "1700000000", "expires_on": "1700003600",
        "extended_expires_on": "1700003600", "refresh_on": "1700001800"},
        "-login.microsoftonline.com-accesstoken-app-tenant-id-https://vault.azure.net/.default": {
        "credential_type": "AccessToken", "secret": "app-access", "home_account_id": null,
        "environment": "login.microsoftonline.com", "client_id": "app", "target": "https://vault.azure.net/.default",
        "realm": "tenant-id", "token_type": "Bearer", "cached_at": "1700000000", "expires_on": "1700003600",
        "extended_expires_on": "1700003600"},
        "-login.microsoftonline.com-atext-app-tenant-id-https://vault.azure.net/.default-ov4rzjpp": {
        "credential_type": "AccessToken", "secret": "fmi-access", "home_account_id": null,
        "environment": "login.microsoftonline.com", "client_id": "app", "target": "https://vault.azure.net/.default",
        "realm": "tenant-id", "token_type": "Bearer", "cached_at": "1700000000", "expires_on": "1700003600",
        "extended_expires_on": "1700003600", "ext_cache_key": "ov4rzjpp"}},
        "Account": {"uid.utid-login.microsoftonline.com-organizations": {
        "home_account_id": "UID.UTID", "environment": "login.microsoftonline.com", "realm": "organizations",
        "local_account_id": "object-id", "username": "ada@contoso.example", "authority_type": "MSSTS",
        "account_source": "authorization_code"}},
        "IdToken": {"uid.utid-login.microsoftonline.com-idtoken-client-id-organizations-": {
        "credential_type": "IdToken", "secret": "head.body.sig", "home_account_id": "UID.UTID",
        "environment": "login.microsoftonline.com", "realm": "organizations", "client_id": "Client-ID"}},
        "RefreshToken": {"uid.utid-login.microsoftonline.com-refreshtoken-client-id--https://vault.azure.net/.default openid": {
        "credential_type": "RefreshToken", "secret": "user refresh", "home_account_id": "UID.UTID",
        "environment": "login.microsoftonline.com", "client_id": "Client-ID",
        "target": "https://vault.azure.net/.default openid", "last_modification_time": "1700000000", "family_id": "1"}},
        "AppMetadata": {"appmetadata-login.microsoftonline.com-Client-ID": {
        "client_id": "Client-ID", "environment": "login.microsoftonline.com", "family_id": "1"}}}
        """

    /// As .NET writes it: its own keys, the preferred cache's host, and members of its own.
    static let dotnet = """
        {"AccessToken":{"uid.utid-login.windows.net-accesstoken-client-id-organizations-openid https://vault.azure.net/.default":{
        "home_account_id":"UID.UTID","environment":"login.windows.net","client_info":"e30","client_id":"client-id",
        "secret":"user-access","credential_type":"AccessToken","realm":"organizations",
        "target":"openid https://vault.azure.net/.default","token_type":"Bearer","cached_at":"1700000000","expires_on":"1700003600",
        "extended_expires_on":"1700003600","ext_expires_on":"1700003600","refresh_on":"1700001800"}},
        "RefreshToken":{"uid.utid-login.windows.net-refreshtoken-1--":{"home_account_id":"UID.UTID",
        "environment":"login.windows.net","client_info":"e30","client_id":"client-id","secret":"user refresh",
        "credential_type":"RefreshToken","family_id":"1"}},
        "IdToken":{"uid.utid-login.windows.net-idtoken-client-id-organizations-":{"home_account_id":"UID.UTID",
        "environment":"login.windows.net","client_id":"client-id","secret":"head.body.sig","credential_type":"IdToken",
        "realm":"organizations"}},
        "Account":{"uid.utid-login.windows.net-organizations":{"home_account_id":"UID.UTID","environment":"login.windows.net",
        "client_info":"e30","username":"ada@contoso.example","name":"Ada","local_account_id":"object-id","authority_type":"MSSTS",
        "realm":"organizations","wam_account_ids":{"client-id":"x"}}},
        "AppMetadata":{"appmetadata-login.windows.net-client-id":{"client_id":"client-id","environment":"login.windows.net",
        "family_id":"1"}}}
        """

    /// As Go writes it: other keys again.
    static let go = """
        {"AccessToken":{"uid.utid-login.microsoftonline.com-accesstoken-client-id-organizations-openid https://vault.azure.net/.default":{
        "home_account_id":"UID.UTID","environment":"login.microsoftonline.com","realm":"organizations",
        "credential_type":"AccessToken","client_id":"client-id","secret":"user-access",
        "target":"openid https://vault.azure.net/.default","refresh_on":"1700001800","expires_on":"1700003600",
        "extended_expires_on":"1700003600","cached_at":"1700000000","token_type":"Bearer"}},
        "RefreshToken":{"uid.utid-login.microsoftonline.com-refreshtoken-1":{"home_account_id":"UID.UTID",
        "environment":"login.microsoftonline.com","credential_type":"RefreshToken","client_id":"client-id","family_id":"1",
        "secret":"user refresh"}},
        "IdToken":{"uid.utid-login.microsoftonline.com-idtoken-client-id-organizations":{"home_account_id":"UID.UTID",
        "environment":"login.microsoftonline.com","realm":"organizations","credential_type":"IdToken","client_id":"client-id",
        "secret":"head.body.sig"}},
        "Account":{"uid.utid-login.microsoftonline.com-organizations":{"home_account_id":"UID.UTID",
        "environment":"login.microsoftonline.com","realm":"organizations","local_account_id":"object-id","authority_type":"MSSTS",
        "username":"ada@contoso.example"}},
        "AppMetadata":{"appmetadata-login.microsoftonline.com-client-id":{"environment":"login.microsoftonline.com",
        "client_id":"client-id","family_id":"1"}}}
        """

    /// Whose library has written a document.
    enum Language: String, CaseIterable, Sendable {
        case python, dotnet, go

        var json: String {
            switch self {
            case .python: CacheSamples.python
            case .dotnet: CacheSamples.dotnet
            case .go: CacheSamples.go
            }
        }
    }

    static func document(_ json: String) throws -> CacheDocument { try CacheDocument(json: Array(json.utf8)) }

    static var query: CacheDocument.AccessQuery {
        .init(homeAccountID: home, environments: hosts, clientID: "client-id", realm: "organizations", target: [vault])
    }

    static func access(_ secret: String, target: [String] = [vault], change: (inout CacheDocument.AccessEntry) -> Void = { _ in })
        -> CacheDocument.AccessEntry
    {
        var entry = CacheDocument.AccessEntry(
            homeAccountID: home, environment: host, clientID: "client-id", realm: "organizations", target: target,
            secret: Secret(secret), cachedAt: cachedAt, expiresOn: cachedAt.addingTimeInterval(3600))
        change(&entry)
        return entry
    }

    static func refresh(_ secret: String, change: (inout CacheDocument.RefreshEntry) -> Void = { _ in })
        -> CacheDocument.RefreshEntry
    {
        var entry = CacheDocument.RefreshEntry(
            homeAccountID: home, environment: host, clientID: "client-id", target: [vault], secret: Secret(secret),
            lastModified: cachedAt)
        change(&entry)
        return entry
    }

    /// The document as JSON values.
    static func value(_ document: CacheDocument) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(document.json))
    }

    static func value(_ json: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)) }
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var names: [String] {
        guard case .object(let members) = self else { return [] }
        return members.keys.sorted()
    }
}
