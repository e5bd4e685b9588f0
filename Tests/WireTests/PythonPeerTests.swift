// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentityTesting
import Foundation
import Testing

/// The Azure Identity library for Python as a client of the emulator, over TLS.
@Suite(.timeLimit(.minutes(5))) struct PythonPeerTests {
    private struct Answer: Decodable {
        let token: String?, error: String?
    }

    private static let script = """
        import asyncio, json, os, sys
        from azure.core.exceptions import ClientAuthenticationError
        kind, secret = sys.argv[1], os.environ["PEER_SECRET"]
        arguments = dict(tenant_id=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"], client_secret=secret,
                         authority=os.environ["AZURE_AUTHORITY_HOST"], disable_instance_discovery=True)
        scope = "https://vault.azure.net/.default"
        async def run_async():
            from azure.identity.aio import ClientSecretCredential
            async with ClientSecretCredential(**arguments) as credential:
                return (await credential.get_token(scope)).token
        def run_sync():
            from azure.identity import ClientSecretCredential
            return ClientSecretCredential(**arguments).get_token(scope).token
        try:
            print(json.dumps({"token": asyncio.run(run_async()) if kind == "aio" else run_sync()}))
        except ClientAuthenticationError as error:
            print(json.dumps({"error": str(error)}))
        """

    private func run(_ kind: String, secret: String, on stage: Stage) async throws -> Answer {
        var environment = stage.environment
        environment["PATH"] = "/usr/bin:/bin"
        environment["REQUESTS_CA_BUNDLE"] = stage.caFile
        environment["PEER_SECRET"] = secret
        let run = try await Program(path: RealPart.pythonPath, environment: environment).run(["-c", Self.script, kind])
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    @Test(.enabled(if: RealPart.pythonIdentity.isWanted), arguments: ["sync", "aio"])
    func getsATokenAndARefusal(kind: String) async throws {
        try await Stage.with { stage in
            let answer = try await self.run(kind, secret: Sample.clientSecret, on: stage)
            #expect(answer.token?.split(separator: ".").count == 3, "\(answer)")
            #expect(stage.emulator.tokenRequestCount == 1)
            let refused = try await self.run(kind, secret: "wrong", on: stage)
            #expect(refused.error?.contains("AADSTS7000215") == true, "\(refused)")
        }
    }
}
#endif
