// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Subject {
    /// Those that get tokens for a person.
    static let people: [Subject] = [.onBehalfOf, .usernamePassword, .authorizationCode]

    /// The credential, of a person whom the emulator knows by the secret.
    func makePerson(
        secret: String,
        tenantID: String,
        options: CredentialOptions,
        emulator: EntraEmulator?
    ) -> any TokenCredential {
        switch self {
        case .usernamePassword:
            return UsernamePasswordCredential(
                name: "UsernamePasswordCredential",
                tenantID: tenantID,
                clientID: Sample.publicClientID,
                username: Sample.userName,
                password: Secret(secret),
                options: options
            )
        case .authorizationCode:
            return AuthorizationCodeCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                authorizationCode: Secret(emulator.flatMap { Self.code($0, tenantID: tenantID, password: secret) } ?? ""),
                redirectURL: Sample.redirectURL,
                authentication: .secret(Secret(secret)),
                options: options
            )
        default:
            return OnBehalfOfCredential(
                tenantID: tenantID,
                clientID: Sample.clientID,
                authentication: .secret(Secret(secret)),
                userAssertion: Secret(Self.userAssertion),
                options: options
            )
        }
    }

    /// A user's token for the sample's application, good for the first day of the fixtures' time: the checks let clocks go on for hours.
    private static let userAssertion: String = {
        let emulator = EntraEmulator(clock: .inTheFixturesTime)
        return (try? emulator.accessToken(of: Sample.userName, lifetime: .seconds(86_400))) ?? ""
    }()

    /// A code that a page of the sample's application was given.
    private static func code(_ emulator: EntraEmulator, tenantID: String, password: String) -> String? {
        let query = FormEncoding.body([
            ("client_id", Sample.clientID), ("response_type", "code"), ("redirect_uri", Sample.redirectURL),
            ("scope", "\(vaultScope) offline_access openid profile"), ("state", "a-state"), ("client_info", "1"),
        ])
        let page = "https://login.microsoftonline.com/\(tenantID)/oauth2/v2.0/authorize?\(String(decoding: query, as: UTF8.self))"
        return try? emulator.signIn(at: page, as: Sample.userName, password: password)["code"]
    }
}
