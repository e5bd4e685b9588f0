// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct RequestTests {
    @Test(arguments: [
        (nil as String?, false, nil as String?), (nil, true, #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#),
        (
            #"{ "access_token" : {"nbf":{"essential":true,"value":"1"}} }"#, false,
            #"{ "access_token" : {"nbf":{"essential":true,"value":"1"}} }"#
        ),
        (
            #"{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"x":[1,2.5,null,"ü/"]}}"#, true,
            #"{"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["CP1"]}},"id_token":{"x":[1,2.5,null,"ü/"]}}"#
        ),
        (#"{"access_token":{"xms_cc":{"values":["OLD"]}}}"#, true, #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#),
        (#"{"access_token":7}"#, true, #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#), ("{}", false, "{}"),
    ])
    func mergesTheCapability(claims: String?, isCAEEnabled: Bool, expected: String?) throws {
        #expect(try ClaimsRequest.value(claims: claims, isCAEEnabled: isCAEEnabled, credential: "X") == expected)
    }

    @Test(arguments: ["", "x", "[]", "1", "null", "{", "eyJhIjoxfQ", String(repeating: "[", count: 5000)])
    func claimsThatAreNoObjectAreRefused(claims: String) {
        for isCAEEnabled in [true, false] {
            let error = #expect(throws: AuthenticationError.self) {
                try ClaimsRequest.value(claims: claims, isCAEEnabled: isCAEEnabled, credential: "X")
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test(arguments: [("a b+c&d=e%~é*-._", "a+b%2Bc%26d%3De%25%7E%C3%A9*-._"), ("", ""), ("\n", "%0A")])
    func encodesForms(value: String, expected: String) {
        #expect(String(decoding: FormEncoding.body([("k", value), ("l", "m")]), as: UTF8.self) == "k=\(expected)&l=m")
    }

    @Test func theCallersCorrelationIDIsSent() async throws {
        let emulator = EntraEmulator()
        let credential = Subject.clientSecret.make(secret: "wrong", options: emulator.credentialOptions())
        let id = UUID()
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], correlationID: id))
        }
        #expect(emulator.requests.first?.headers["client-request-id"] == id.uuidString.lowercased())
        #expect(error.serviceError?.correlationID == id.uuidString.lowercased())
    }

    @Test(arguments: [
        ("abc", ["abc"]), ("a~b c", ["a~b c", "a%7Eb+c", "a%7Eb%20c", "a%7eb+c"]), ("a\"b", ["a\"b", "a%22b", #"a\"b"#]),
    ])
    func knowsTheFormsInWhichASecretComesBack(secret: String, forms: [String]) {
        #expect(Set(forms).isSubset(of: FormEncoding.echoes(of: secret)))
    }

    @Test func sendsExactlyWhatEntraWants() async throws {
        let emulator = EntraEmulator()
        let secret = "s&=+ ü%"
        emulator.update { $0.tenants[0].applications[0].secrets = [.init(value: "s&=+ ü%")] }
        let credential = ClientSecretCredential(
            tenantID: EmulatorConfiguration.Sample.tenantID,
            clientID: EmulatorConfiguration.Sample.clientID,
            clientSecret: Secret(secret),
            options: emulator.credentialOptions()
        )
        let token = try await credential.token(forScopes: "https://vault.azure.net/.default")
        let request = try #require(emulator.requests.first)
        #expect(emulator.requestCount == 1)
        #expect(request.method == "POST" && request.path == "/\(EmulatorConfiguration.Sample.tenantID)/oauth2/v2.0/token")
        #expect(
            request.form == [
                "grant_type": "client_credentials", "client_id": EmulatorConfiguration.Sample.clientID, "client_secret": secret,
                "scope": "https://vault.azure.net/.default",
            ]
        )
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(request.headers["client-request-id"]?.count == 36 && request.headers["authorization"] == nil)
        #expect(
            token.provenance?.credential == "ClientSecretCredential"
                && token.provenance?.tenantID == EmulatorConfiguration.Sample.tenantID)
        #expect(token.provenance?.clientID == EmulatorConfiguration.Sample.clientID && token.source == .network)
    }
}
