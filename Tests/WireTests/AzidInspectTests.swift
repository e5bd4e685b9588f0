// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

extension ToolProcesses {
    /// `azid inspect` as a process: what it shows, what it never shows, and its exit status.
    @Suite(.timeLimit(.minutes(5))) struct AzidInspectTests {
        private struct Report: Decodable {
            let isVerified: Bool, isCAE: Bool, isExpired: Bool?, secondsToExpiry: Int?
            let audience: [String], roles: [String], scopes: [String], clientCapabilities: [String]
            let issuer: String?, tenantId: String?, objectId: String?, clientId: String?, userName: String?, expiresOn: String?
        }

        private struct Failure: Decodable {
            struct Details: Decodable { let code: String, message: String }
            let error: Details
        }

        private static func encoded(_ text: String) -> String {
            Data(text.utf8).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }

        private static func token(expiry: Int = 4_000_000_000) -> String {
            let claims = """
                {"aud":"https://vault.azure.net","iss":"https://sts.windows.net/t/","tid":"t-1","oid":"o-1","appid":"a-1","roles":["Reader"],\
                "idtyp":"app","xms_cc":["CP1"],"iat":1893452100,"exp":\(expiry)}
                """
            return "\(Self.encoded("{}")).\(Self.encoded(claims)).MARKED-signature"
        }

        /// Runs the tool with a text on standard input.
        private func inspect(_ input: String, _ arguments: [String] = []) async throws -> Program.Run {
            let azid = Program.azid()
            let shell = Program(path: "/bin/sh", environment: ["INPUT": input, "AZID": azid.path, "PATH": "/usr/bin:/bin"])
            return try await shell.run(["-c", #"printf %s "$INPUT" | "$AZID" inspect "$@""#, "sh"] + arguments)
        }

        /// Runs a test with a file that holds a text.
        private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
            let file = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(text.utf8).write(to: file)
            try await body(file.path())
        }

        @Test func showsWhatATokenSaysAndNeverTheToken() async throws {
            let run = try await self.inspect(Self.token())
            #expect(run.status == 0 && run.errors.contains("Nothing was checked"), "\(run)")
            for part in [
                "audience     https://vault.azure.net", "tenant       t-1", "app, object id o-1", "roles        Reader",
                "application  a-1",
                "2096-10-02T07:06:40Z, in ", "CAE          yes",
            ] {
                #expect(run.output.contains(part), "\(part) in \(run.output)")
            }
            let middle = Self.token().split(separator: ".")[1]
            #expect(!run.output.contains("MARKED") && !run.errors.contains("MARKED") && !run.output.contains(middle))
        }

        @Test func printsJSON() async throws {
            let run = try await self.inspect(Self.token(expiry: 1000), ["--output", "json"])
            let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
            #expect(
                run.status == 0 && !report.isVerified && report.isExpired == true && report.secondsToExpiry.map { $0 < 0 } == true
            )
            #expect(report.audience == ["https://vault.azure.net"] && report.roles == ["Reader"] && report.scopes.isEmpty)
            #expect(report.tenantId == "t-1" && report.objectId == "o-1" && report.clientId == "a-1" && report.userName == nil)
            #expect(report.isCAE && report.clientCapabilities == ["CP1"] && report.expiresOn == "1970-01-01T00:16:40Z")
            #expect(!run.output.contains("MARKED"))
        }

        @Test func readsFilesAndTheFormsThatToolsPrint() async throws {
            let token = Self.token()
            let texts = [
                token + "\n", "Bearer \(token)", "Authorization: Bearer \(token)", "\"\(token)\"",
                #"{"accessToken":"\#(token)","x":1}"#,
                #"{"access_token":"\#(token)"}"#, #"{"token":"\#(token)"}"#, #"{"status":{"token":"\#(token)"}}"#,
            ]
            for text in texts {
                let run = try await self.inspect(text, ["--output", "json"])
                #expect(run.status == 0 && run.output.contains(#""objectId":"o-1""#), "\(text): \(run)")
            }
            try await self.withFile(token) { path in
                for arguments in [[path], ["--file", path]] {
                    let run = try await Program.azid().run(["inspect"] + arguments)
                    #expect(run.status == 0 && run.output.contains("o-1"), "\(run)")
                }
            }
        }

        @Test(arguments: ["", " \n", "MARKED", "MARKED.b.c", "a b c d", "{", #"{"accessToken":5}"#, #"{"other":"x"}"#])
        func whatIsNoTokenIsAnErrorOfConfiguration(text: String) async throws {
            let run = try await self.inspect(text, ["--output", "json"])
            let failure = try JSONDecoder().decode(Failure.self, from: Data(run.errors.utf8))
            #expect(run.status == 4 && run.output.isEmpty && failure.error.code == "invalidConfiguration", "\(run)")
            #expect(!run.errors.contains("MARKED"))
        }

        @Test func inputIsBounded() async throws {
            for arguments in [["--file", "/dev/zero"], ["--file", "/nonexistent"]] {
                let run = try await Program.azid().run(["inspect"] + arguments)
                #expect(run.status == 4 && run.output.isEmpty, "\(run)")
            }
            let shell = Program(path: "/bin/sh", environment: ["AZID": Program.azid().path, "PATH": "/usr/bin:/bin"])
            let run = try await shell.run(["-c", #"head -c 300000 /dev/zero | "$AZID" inspect"#])
            #expect(run.status == 4 && run.output.isEmpty && run.errors.contains("131072"), "\(run)")
        }

        @Test(arguments: [["a", "--file", "b"], ["a", "b"], ["--output", "value"], ["--nonsense"]])
        func usageErrorsAre64(arguments: [String]) async throws {
            let run = try await Program.azid().run(["inspect"] + arguments)
            #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty)
        }
    }
}
#endif
