// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// People who really sign in: a real browser, the emulator over TLS, the credential as it is.
    @Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: RealPart.chromium.isWanted))
    struct ChromiumTests {
        private static let context = TokenRequestContext(scopes: [vaultScope])
        private static let password = ChromiumStage.Step(
            fields: ["username": Sample.userName, "password": Sample.password], press: "signin")

        @Test func signsInThroughARealBrowser() async throws {
            try await ChromiumStage.with([Self.password]) { person in
                let credential = person.credential()
                let (record, sight) = try await person.signIn { try await credential.authenticate(for: Self.context) }
                #expect(record.username == Sample.userName)
                #expect(sight.title == "You are signed in" && sight.text.contains(Sample.userName), "\(sight)")
                // Nothing of the answer is in the address.
                #expect(sight.address.wholeMatch(of: /http:\/\/localhost:[0-9]+\//) != nil, "\(sight)")
                let token = try await credential.token(for: Self.context)
                #expect(token.source == .memory && token.token.split(separator: ".").count == 3)
                #expect(person.stage.emulator.tokenRequestCount == 1)
            }
        }

        @Test func goesThroughASecondFactorAndConsentToAGivenPortAndPath() async throws {
            let steps = [
                ChromiumStage.Step(
                    fields: ["username": Sample.multifactorUserName, "password": Sample.password], press: "signin"),
                ChromiumStage.Step(press: "continue"),
            ]
            try await ChromiumStage.with(steps) { person in
                person.stage.emulator.update { configuration in
                    for index in configuration.tenants[0].applications.indices
                    where configuration.tenants[0].applications[index].clientID == Sample.publicClientID {
                        configuration.tenants[0].applications[index].redirectURLs = ["http://localhost/auth/back"]
                    }
                }
                let port = try await self.freePort()
                let credential = person.credential {
                    $0.redirectURL = "http://localhost:\(port)/auth/back"
                    $0.pages.applicationName = "the test"
                }
                let (record, sight) = try await person.signIn { try await credential.authenticate(for: Self.context) }
                #expect(record.username == Sample.multifactorUserName)
                #expect(
                    sight.address == "http://localhost:\(port)/auth/back" && sight.text.contains("go back to the test"),
                    "\(sight)")
            }
        }

        @Test func showsWhyItFailed() async throws {
            try await ChromiumStage.with([.init(press: "cancel")]) { person in
                let credential = person.credential()
                let (error, sight) = try await person.signIn {
                    try await authenticationError { try await credential.token(for: Self.context) }
                }
                #expect(error.serviceError?.error == "access_denied" && error.remedy != nil, "\(error)")
                #expect(sight.title == "The sign-in did not succeed" && sight.text.contains("What to do"), "\(sight)")
            }
        }

        /// A port that was free a moment ago.
        private func freePort() async throws -> Int {
            let listener = try await RedirectListener.start(port: nil) { _, _ in nil }
            await listener.close()
            return listener.port
        }
    }
}
#endif
