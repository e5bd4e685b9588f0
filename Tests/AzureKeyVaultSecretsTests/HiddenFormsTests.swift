// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureKeyVaultSecrets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A value that a vault sends back shows in no form.
@Suite struct HiddenFormsTests {
    @Test(
        arguments: [
            ("plain", ["plain"]), ("", []), (#"a"b\c"#, [#"a"b\c"#, #"a\"b\\c"#]), ("a/b", ["a/b", #"a\/b"#]),
            (
                "12345678\r\nshort\n\nABCDEFGH",
                ["12345678\r\nshort\n\nABCDEFGH", #"12345678\r\nshort\n\nABCDEFGH"#, "12345678", "ABCDEFGH"]
            ),
        ] as [(String, [String])]
    )
    func formsOfValues(value: String, expected: [String]) {
        #expect(HiddenForms.of(value) == expected)
    }

    @Test func longValuesHaveNoEndlessForms() {
        let value = String(repeating: "12345678\n", count: 2_800)
        #expect(HiddenForms.of(value).count == 3)
        let lines = (10_000..<12_800).map { "123-\($0)" }
        #expect(HiddenForms.of(lines.joined(separator: "\n")).count == 514)
    }

    @Test(arguments: [
        #"pass"word\one"#, "https://user:pass@host/path", "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n-----END KEY-----",
    ])
    func refusalsShowNone(value: String) async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        let forms = HiddenForms.of(value)
        for form in forms {
            let json = ["error": ["code": "BadParameter", "message": "Can't read '\(form)' here"]]
            let body = Array(try JSONEncoder().encode(json))
            stage.emulator.play(FaultScript(.response(status: 400, body: body), target: .path("/secrets"), requests: 1))
            let error = try await failure(HTTPResponseError.self) { try await client.setSecret("db", to: Secret(value)) }
            #expect(error.status == 400 && error.message.hasPrefix("Can't read '<redacted>"), "\(error)")
            for hidden in forms { #expect(!error.message.contains(hidden), "\(error)") }
        }
    }
}
