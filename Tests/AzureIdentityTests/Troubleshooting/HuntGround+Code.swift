// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Logging
import ScenarioSupport
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension HuntGround {
    /// A sign-in by an authorization code with PKCE, its renewal by the refresh token, and the cache that both get into: what no scenario has.
    static func authorizationCode(isLoud: Bool) async throws -> HuntGround {
        var ground = HuntGround()
        let (logging, handler) = Self.logging(isLoud: isLoud)
        let words = ScenarioWords.marked()
        let place = try ScenarioPlace()
        let emulator = Subject.emulator(secret: words["secret"])
        let password = words["password"]
        emulator.update { for index in $0.tenants[0].users.indices { $0.tenants[0].users[index].password = password } }
        let trail = SecretTrail(emulator.transport)
        let keyText = String(SecretMark.make().prefix(TokenCacheKey.byteCount))
        let cacheOptions = PersistentTokenCacheOptions(
            isRequired: true,
            encryptionKey: try TokenCacheKey(keyText.utf8),
            directory: place.path + "/cache",
            backends: [.encryptedFile],
            environment: [:]
        )
        let cache = TokenCache.persistent(name: "hunt", options: cacheOptions)
        let options = emulator.credentialOptions(transport: trail, tokenCache: cache, retry: .none, logging: logging)
        let proof = try #require(PKCE())
        let credential = AuthorizationCodeCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.clientID,
            authorizationCode: Secret(try Self.code(emulator, challenge: proof.challenge, password: password)),
            redirectURL: Sample.redirectURL,
            authentication: .secret(Secret(words["secret"])),
            codeVerifier: Secret(proof.verifier),
            options: options
        )
        for scope in [vaultScope, "https://management.azure.com/.default"] {
            let token = try await credential.token(forScopes: scope)
            ground.outputs += SecretHunt.Output.shown(token, as: "token")
        }
        for value in (isLoud ? [] : [credential, options, cacheOptions, cache]) as [Any] {
            ground.outputs += SecretHunt.Output.shown(value, as: "\(type(of: value))")
        }
        let files = try Self.files(in: place.path + "/cache")
        #expect(!files.isEmpty)
        ground.outputs += files
        ground.log = Self.lines(handler)
        ground.configured = words.secrets.union([
            .init(kind: "cache key", text: keyText, isCut: false),
            .init(kind: "PKCE verifier", text: proof.verifier, isCut: true),
        ])
        ground.travelled = trail.secrets
        return ground
    }

    /// A code that a page of the sample's application was given.
    private static func code(_ emulator: EntraEmulator, challenge: String, password: String) throws -> String {
        let query = FormEncoding.body([
            ("client_id", Sample.clientID), ("response_type", "code"), ("redirect_uri", Sample.redirectURL),
            ("scope", "\(vaultScope) offline_access openid profile"), ("state", "a-state"), ("client_info", "1"),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        let page =
            "https://login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/authorize?\(String(decoding: query, as: UTF8.self))"
        return try #require(try emulator.signIn(at: page, as: Sample.userName, password: password)["code"])
    }
}
#endif
