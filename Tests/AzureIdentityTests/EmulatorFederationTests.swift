// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import CryptoExtras
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Assertions of issuers elsewhere.
@Suite struct EmulatorFederationTests {
    typealias Sample = EmulatorConfiguration.Sample
    typealias Case = EmulatorAssertionTests.Case

    static let issuer = "https://token.example"
    static let subject = "repo:contoso/app:environment:production"

    /// A good assertion of the issuer; it has neither a thumbprint nor a `jti`.
    static func recipe(_ change: (inout AssertionRecipe) -> Void = { _ in }) -> AssertionRecipe {
        var recipe = AssertionRecipe(certificate: TestCertificates.unknown, algorithm: "RS256", thumbprint: .none)
        recipe.header["kid"] = "key-1"
        recipe.claims = [
            "iss": .string(Self.issuer), "sub": .string(Self.subject), "aud": "api://AzureADTokenExchange",
            "jti": nil, "nbf": nil,
        ]
        change(&recipe)
        return recipe
    }

    static func made(_ name: String, _ refusal: ExpectedRefusal? = nil, _ change: (inout AssertionRecipe) -> Void = { _ in })
        -> Case
    {
        var made = Case(name, refusal)
        made.recipe = Self.recipe(change)
        return made
    }

    private static func core(keyID: String? = "key-1") throws -> EmulatorCore {
        try AssertionRecipe.core { application in
            func key(_ certificate: Result<EmulatorClientCertificate, any Error>, id: String?) throws
                -> EmulatorConfiguration.FederatedCredential.PublicKey
            {
                let pem = try certificate.get().privateKey.publicKey.pemRepresentation
                return try .init(pem: pem, keyID: id)
            }
            application.federatedCredentials = [
                .init(
                    issuer: self.issuer,
                    subject: "another subject",
                    publicKeys: [try key(TestCertificates.second, id: nil)]
                ),
                .init(
                    issuer: self.issuer,
                    subject: self.subject,
                    publicKeys: [try key(TestCertificates.second, id: "key-0"), try key(TestCertificates.unknown, id: keyID)]
                ),
                .init(
                    issuer: "https://aks.example",
                    subject: "system:serviceaccount:jobs:backup",
                    audience: "api://custom",
                    publicKeys: [try key(TestCertificates.unknown, id: nil)]
                ),
            ]
        }
    }

    static let good: [Case] = [
        made("GitHub's form"),
        made("PS256") { $0.algorithm = "PS256" },
        made("no key id") { $0.header["kid"] = .some(nil) },
        made("an audience of one in a list") { $0.claims["aud"] = ["api://AzureADTokenExchange"] },
        made("an audience of its own") {
            $0.claims["iss"] = "https://aks.example"
            $0.claims["sub"] = "system:serviceaccount:jobs:backup"
            $0.claims["aud"] = "api://custom"
        },
        Case("the client's own, besides"),
    ]

    @Test("takes an assertion of a trusted issuer, again and again", arguments: good)
    func takes(_ good: Case) throws {
        let response = try good.recipe.response(Self.core())
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }

    @Test func assertionsOfIssuersWorkAgain() throws {
        let (core, text) = (try Self.core(), try Self.recipe().text())
        for _ in 0..<2 { #expect(AssertionRecipe.response(to: text, core).status == 200) }
    }

    static let unknownKey = ExpectedRefusal(7_000_272, "metadata of identity provider 'https://token.example'")
    static let bad: [Case] = [
        made("another issuer", ExpectedRefusal(700211, "issuer 'https://other.example'")) {
            $0.claims["iss"] = "https://other.example"
        },
        made("an issuer with a slash", ExpectedRefusal(700211)) { $0.claims["iss"] = .string(issuer + "/") },
        made("another audience", ExpectedRefusal(700212, "audience 'api://AKSIdentityBinding'")) {
            $0.claims["aud"] = "api://AKSIdentityBinding"
        },
        made("two audiences", ExpectedRefusal(700212)) { $0.claims["aud"] = ["api://AzureADTokenExchange", "x"] },
        made("no audience", ExpectedRefusal(700212)) { $0.claims["aud"] = .some(nil) },
        made("another subject", ExpectedRefusal(700213, "subject 'repo:contoso/app'")) { $0.claims["sub"] = "repo:contoso/app" },
        made("a subject in other letters", ExpectedRefusal(700213)) { $0.claims["sub"] = .string(subject.uppercased()) },
        made("no subject", ExpectedRefusal(700213)) { $0.claims["sub"] = .some(nil) },
        made("signed by another", unknownKey) { $0.signer = TestCertificates.registered },
        made("signed by the key of another id", unknownKey) { $0.signer = TestCertificates.second },
        made("unknown key id", unknownKey) { $0.header["kid"] = "key-7" },
        made("algorithm HS256", ExpectedRefusal(5_002_730, status: 400, error: "invalid_request")) { $0.algorithm = "HS256" },
        made("algorithm none", ExpectedRefusal(5_002_730, status: 400, error: "invalid_request")) { $0.algorithm = "none" },
        made("expired", ExpectedRefusal(700024, "assertion valid from 1970-01-01T00:00:00.0000000Z")) {
            $0.claims["exp"] = .integer(AssertionRecipe.now - 300)
        },
        made("no expiry", ExpectedRefusal(50027)) { $0.claims["exp"] = .some(nil) },
        made("no issuer", ExpectedRefusal(700021)) {
            $0.claims["iss"] = .some(nil)
            $0.thumbprint = .sha256
        },
    ]

    @Test("refuses a bad assertion of an issuer", arguments: bad)
    func refuses(_ bad: Case) throws {
        try #require(bad.refusal).check(try bad.recipe.response(Self.core()))
    }

    @Test func withoutFederatedCredentialsTheIssuerHasToBeTheClient() throws {
        let core = try AssertionRecipe.core { $0.federatedCredentials = [] }
        try ExpectedRefusal(700021).check(Self.recipe().response(core))
    }
}
#endif
