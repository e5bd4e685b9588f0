// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// The emulator signs people in as Microsoft's library for Python expects it of Microsoft Entra ID.
    @Suite(.timeLimit(.minutes(5))) struct PythonPeopleTests {
        private struct Answer: Decodable {
            var token: String?
            /// A token for another scope, which nobody was asked for.
            var other: String?
            var isKept: Bool?
            /// The authentication record.
            var record: String?
            var error: String?
            /// The pages that were seen, and what the last one complained of.
            var headings: [String]
            var problem: String?

            func claims(_ token: String?) throws -> [String: Any] {
                let parts = try #require(token).split(separator: ".")
                let bytes = try #require(parts.dropFirst().first.flatMap { Base64URL.decode($0) })
                let json = try JSONSerialization.jsonObject(with: Data(bytes))
                return try #require(json as? [String: Any])
            }
        }

        /// Runs one credential of the library's.
        private static func run(
            _ kind: String,
            as userName: String = Sample.userName,
            password: String = Sample.password,
            wish: String = "sign in",
            on stage: Stage
        ) async throws -> Answer {
            var environment = stage.environment
            environment["PATH"] = "/usr/bin:/bin"
            environment["REQUESTS_CA_BUNDLE"] = stage.caFile
            environment["PEER_USER"] = userName
            environment["PEER_PASSWORD"] = password
            environment["PEER_WISH"] = wish
            environment["PEER_PUBLIC_CLIENT"] = Sample.publicClientID
            environment["PEER_REDIRECT"] = Sample.redirectURL
            let python = Program(path: RealPart.pythonPath, environment: environment)
            let run = try await python.run(["-W", "ignore", "-c", PythonPeopleScript.text, kind])
            #expect(run.status == 0, "\(run.errors)")
            return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
        }

        private static let configuration: EmulatorConfiguration = {
            var configuration = EmulatorConfiguration.sample
            configuration.deviceCodeInterval = 1
            return configuration
        }()

        @Test(
            .enabled(if: RealPart.pythonIdentity.isWanted),
            arguments: [
                ("password", Sample.userName, []), ("password", Sample.federatedUserName, []),
                ("device", Sample.userName, ["Sign in", "Are you trying to sign in to Sample tool?", "Signed in"]),
                (
                    "device", Sample.multifactorUserName,
                    ["Sign in", "Approve sign-in request", "Are you trying to sign in to Sample tool?", "Signed in"]
                ),
                ("browser", Sample.userName, ["Sign in", "Working..."]),
                ("browser", Sample.consentUserName, ["Sign in", "Permissions requested", "Working..."]),
                ("code", Sample.userName, ["Sign in"]), ("on-behalf-of", Sample.userName, []),
                ("on-behalf-of-async", Sample.userName, []),
            ] as [(String, String, [String])]
        )
        func signsIn(kind: String, userName: String, headings: [String]) async throws {
            try await Stage.with(Self.configuration) { stage in
                let answer = try await Self.run(kind, as: userName, on: stage)
                try #require(answer.error == nil, "\(answer)")
                #expect(answer.headings == headings)
                #expect(answer.isKept == true)
                let claims = try answer.claims(answer.token)
                #expect(claims["upn"] as? String == userName)
                #expect(claims["aud"] as? String == "https://vault.azure.net")
                #expect(claims["tid"] as? String == Sample.tenantID)
                if !["code", "on-behalf-of-async"].contains(kind) {
                    #expect(try answer.claims(answer.other)["aud"] as? String == "https://graph.microsoft.com")
                }
                if ["device", "browser"].contains(kind) {
                    let text = try #require(answer.record)
                    let record = try AuthenticationRecord(json: text)
                    #expect(record.username == userName)
                    #expect(record.tenantID == Sample.tenantID)
                    #expect(record.clientID == Sample.publicClientID)
                    #expect(record.homeAccountID.hasSuffix(".\(Sample.tenantID)"))
                }
            }
        }

        @Test(
            .enabled(if: RealPart.pythonIdentity.isWanted),
            arguments: [
                ("password", Sample.multifactorUserName, Sample.password, "AADSTS50076"),
                ("password", Sample.registrationUserName, Sample.password, "AADSTS50079"),
                ("password", Sample.consentUserName, Sample.password, "AADSTS65001"),
                ("password", Sample.expiredPasswordUserName, Sample.password, "AADSTS50055"),
                ("password", Sample.disabledUserName, Sample.password, "AADSTS50057"),
                ("password", "nobody@contoso.example", Sample.password, "AADSTS50034"),
                ("password", Sample.userName, "wrong", "AADSTS50126"),
                ("device", Sample.userName, "cancel", "AADSTS65004"), ("browser", Sample.userName, "cancel", "AADSTS65004"),
            ]
        )
        func isRefused(kind: String, userName: String, password: String, message: String) async throws {
            try await Stage.with(Self.configuration) { stage in
                let isCancelled = password == "cancel"
                let answer = try await Self.run(
                    kind,
                    as: userName,
                    password: isCancelled ? Sample.password : password,
                    wish: isCancelled ? "cancel" : "sign in",
                    on: stage
                )
                #expect(answer.error?.contains(message) == true, "\(answer)")
            }
        }

        @Test(.enabled(if: RealPart.pythonIdentity.isWanted)) func tellsThatItCanHandleChallenges() async throws {
            try await Stage.with(Self.configuration) { stage in
                let answer = try await Self.run("cae", on: stage)
                #expect(try answer.claims(answer.token)["xms_cc"] as? [String] == ["CP1"], "\(answer)")
            }
        }

        @Test(.enabled(if: RealPart.pythonIdentity.isWanted)) func asksOnBehalfOfNobodyWithoutTheSecondFactor() async throws {
            var configuration = Self.configuration
            configuration.accessPolicies = [.init(requirement: .multifactor(), resources: ["https://vault.azure.net"])]
            try await Stage.with(configuration) { stage in
                for kind in ["on-behalf-of", "on-behalf-of-async"] {
                    let answer = try await Self.run(kind, on: stage)
                    #expect(answer.error?.contains("AADSTS50076") == true, "\(answer)")
                    #expect(answer.error?.contains("capolids") == true, "\(answer)")
                }
            }
        }
    }
}
#endif
