// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// The emulated vault answers Microsoft's client for Python as a key vault does.
    @Suite(.timeLimit(.minutes(5))) struct KeyVaultPythonTests {
        private struct Answer: Decodable {
            var names: [String]?
            var versions: Int?
            var values: [String]?
            var refusal: String?
            var missing: Bool?
            var recovered: String?
            var restored: String?
            var conflict: Bool?
            /// The status and the message of an error.
            var status: Int?
            var message: String?
            /// What was asked for with each token: the claims.
            var claims: [String?]?
        }

        private static let script = """
            import json, os, sys, time
            from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
            from azure.identity import ClientSecretCredential
            from azure.keyvault.secrets import SecretClient

            class Recording(ClientSecretCredential):
                claims = []
                def get_token_info(self, *scopes, options=None):
                    self.claims.append((options or {}).get("claims"))
                    return super().get_token_info(*scopes, options=options)

            credential = Recording(os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"],
                                   authority=os.environ["AZURE_AUTHORITY_HOST"], disable_instance_discovery=True)
            kind, more = sys.argv[1], json.loads(sys.argv[2])
            client = SecretClient(os.environ["AZURE_AUTHORITY_HOST"], credential, verify_challenge_resource=False, **more)

            def operations():
                first = client.set_secret("db", "one", content_type="text/plain", tags={"team": "blue"})
                second = client.set_secret("db", "zwei €")
                assert first.properties.tags == {"team": "blue"} and first.properties.content_type == "text/plain"
                assert first.properties.recovery_level == "Recoverable+Purgeable"
                answer = {
                    "values": [client.get_secret("db").value, client.get_secret("db", first.properties.version).value],
                    "names": [item.name for item in client.list_properties_of_secrets(max_page_size=1)],
                    "versions": len(list(client.list_properties_of_secret_versions("db", max_page_size=1))),
                }
                client.update_secret_properties("db", enabled=False)
                try:
                    client.get_secret("db")
                except HttpResponseError as error:
                    answer["refusal"] = error.error.innererror["code"]
                client.update_secret_properties("db", enabled=True)
                backup = client.backup_secret("db")
                client.begin_delete_secret("db").wait()
                assert [item.name for item in client.list_deleted_secrets()] == ["db"]
                try:
                    client.set_secret("db", "three")
                except ResourceExistsError:
                    answer["conflict"] = True
                client.begin_recover_deleted_secret("db").wait()
                answer["recovered"] = client.get_secret("db").value
                client.begin_delete_secret("db").wait()
                client.purge_deleted_secret("db")
                try:
                    client.get_deleted_secret("db")
                except ResourceNotFoundError:
                    answer["missing"] = True
                answer["restored"] = client.restore_secret_backup(backup).name
                return answer

            def refused():
                try:
                    client.get_secret("secret1")
                except HttpResponseError as error:
                    return {"status": error.status_code, "message": error.message}

            def claims():
                values = [client.get_secret("secret1").value]
                try:
                    client.get_secret("marker")  # Tells the test that the token is there to be revoked.
                except ResourceNotFoundError:
                    pass
                for _ in range(2000):
                    values = [values[0], client.get_secret("secret1").value]
                    if len(credential.claims) > 1:
                        break
                client.get_secret("secret1")
                return {"values": values, "claims": credential.claims}

            print(json.dumps({"operations": operations, "refused": refused, "claims": claims}[kind]()))
            """

        private static func run(_ kind: String, version: String? = nil, on stage: Stage) async throws -> Answer {
            var environment = stage.environment
            environment["PATH"] = "/usr/bin:/bin"
            environment["REQUESTS_CA_BUNDLE"] = stage.caFile
            let more = version.map { #"{"api_version":"\#($0)"}"# } ?? "{}"
            let python = Program(path: RealPart.pythonPath, environment: environment)
            let run = try await python.run(["-W", "ignore", "-c", Self.script, kind, more])
            #expect(run.status == 0, "\(run.errors)")
            return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
        }

        @Test(
            "all operations, by the library's own version of the interface and by ours",
            .enabled(if: RealPart.pythonKeyVault.isWanted), arguments: [nil, "7.6"])
        func operations(version: String?) async throws {
            try await Stage.with { stage in
                let answer = try await Self.run("operations", version: version, on: stage)
                #expect(answer.values == ["zwei €", "one"] && answer.versions == 2, "\(answer)")
                #expect(answer.names == ["db", "disabled-secret", Sample.vaultSecretName], "\(answer)")
                #expect(answer.refusal == "SecretDisabled" && answer.conflict == true && answer.missing == true, "\(answer)")
                #expect(answer.recovered == "zwei €" && answer.restored == "db", "\(answer)")
                #expect(stage.emulator.tokenRequestCount == 1)
            }
        }

        @Test("who has no role is refused", .enabled(if: RealPart.pythonKeyVault.isWanted))
        func refused() async throws {
            var configuration = EmulatorConfiguration.sample
            configuration.vaults[0].assignments = []
            try await Stage.with(configuration) { stage in
                let answer = try await Self.run("refused", on: stage)
                #expect(answer.status == 403 && answer.message?.contains("ForbiddenByRbac") == true, "\(answer)")
            }
        }

        @Test("a revoked token is replaced by one that is asked for with claims", .enabled(if: RealPart.pythonKeyVault.isWanted))
        func claims() async throws {
            try await Stage.with { stage in
                async let running = Self.run("claims", on: stage)
                let revocation = Task {
                    var count = 0
                    while !stage.emulator.requests.contains(where: { $0.path.hasPrefix("/secrets/marker") }) {
                        try Task.checkCancellation()
                        count += 1
                        await stage.emulator.waitForRequests(count)
                    }
                    stage.emulator.revokeTokens(ofApplication: Sample.clientID)
                }
                defer { revocation.cancel() }
                let answer = try await running
                #expect(answer.values == [Sample.vaultSecretValue, Sample.vaultSecretValue], "\(answer)")
                #expect(answer.claims?.count == 2 && answer.claims?.first == .some(nil), "\(answer)")
                #expect(answer.claims?.last??.contains("nbf") == true, "\(answer)")
                #expect(stage.emulator.tokenRequestCount == 2)
            }
        }
    }
}
#endif
