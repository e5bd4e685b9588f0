// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import AzureIdentityTesting
import Foundation
import Testing

/// The Azure Identity library for Python as a client of each emulated host, in both of its forms.
///
/// What Python itself gets wrong (azure-identity 1.27.0) is left out: the asynchronous form sends `resource_id` for a resource id, except to
/// Azure Arc; the synchronous one can't read the dates of App Service of 2017.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: RealPart.pythonIdentity.isWanted)) struct HostClientsPythonTests {
    /// One token that Python is to get.
    struct Case: Sendable, Encodable {
        enum Credential: String, Encodable { case managedIdentity, workloadIdentity, azurePipelines }

        let name: String
        /// `nil`: those that the program was started with.
        var variables: [String: String]?
        var credential = Credential.managedIdentity
        var clientID: String?, objectID: String?, resourceID: String?
        var enablesProxy = false
        /// The application that the token must be for.
        var expected = Sample.systemAssignedClientID

        /// The same with a user-assigned identity, by each id that a host knows.
        func userAssigned(_ ids: [UserAssigned]) -> [Case] {
            ids.map { id in
                var one = self
                one.expected = Sample.userAssignedClientID
                switch id {
                case .clientID: one.clientID = Sample.userAssignedClientID
                case .objectID: one.objectID = Sample.userAssignedObjectID
                case .resourceID: one.resourceID = Sample.userAssignedResourceID
                }
                return one
            }
        }
    }

    /// The ways to name a user-assigned identity.
    enum UserAssigned { case clientID, objectID, resourceID }

    private struct Answer: Decodable {
        let name: String, token: String?, expiry: Int?, error: String?
    }

    private static let script = """
        import asyncio, json, os, sys
        is_async = sys.argv[1] == "aio"
        if is_async:
            import azure.identity.aio as identity
        else:
            import azure.identity as identity
        common = dict(os.environ)

        def credential(case):
            if case["credential"] == "workloadIdentity":
                return identity.WorkloadIdentityCredential(disable_instance_discovery=True, enable_azure_proxy=case["enablesProxy"])
            if case["credential"] == "azurePipelines":
                return identity.AzurePipelinesCredential(
                    tenant_id=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"],
                    service_connection_id=os.environ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
                    system_access_token=os.environ["SYSTEM_ACCESSTOKEN"], disable_instance_discovery=True)
            if "clientID" in case:
                return identity.ManagedIdentityCredential(client_id=case["clientID"])
            if "objectID" in case:
                return identity.ManagedIdentityCredential(identity_config=dict(object_id=case["objectID"]))
            if "resourceID" in case:
                return identity.ManagedIdentityCredential(identity_config=dict(resource_id=case["resourceID"]))
            return identity.ManagedIdentityCredential()

        async def token(case):
            made = credential(case)
            try:
                token = made.get_token("https://vault.azure.net/.default")
                return await token if is_async else token
            finally:
                closing = made.close()
                if is_async:
                    await closing

        async def answer(case):
            os.environ.clear()
            os.environ.update(dict(common, **case.get("variables", {})))
            try:
                got = await token(case)
                return dict(name=case["name"], token=got.token, expiry=got.expires_on)
            except Exception as error:
                return dict(name=case["name"], error=type(error).__name__ + ": " + str(error))

        async def main():
            return [await answer(case) for case in json.loads(sys.argv[2])]

        print(json.dumps(asyncio.run(main())))
        """

    /// The cases of an emulator on sockets. Azure Arc has a test of its own, since its key files have to be where Python looks for them.
    private static func cases(_ kind: String, _ stage: Stage) throws -> [Case] {
        func on(_ host: EmulatedHost, _ credential: Case.Credential = .managedIdentity) throws -> Case {
            var one = Case(name: host.rawValue, variables: try stage.server.environment(for: host).dictionary)
            one.credential = credential
            one.expected = host.applicationID
            return one
        }
        let ids: [UserAssigned] = kind == "aio" ? [.clientID, .objectID] : [.clientID, .objectID, .resourceID]
        var cases: [Case] = []
        for host in [EmulatedHost.appService, .virtualMachine, .podIdentity] {
            cases += [try on(host)] + (try on(host).userAssigned(ids))
        }
        for host in [EmulatedHost.appService2017, .azureMachineLearning] {
            cases += [try on(host)] + (try on(host).userAssigned([.clientID]))
        }
        cases += [try on(.cloudShell), try on(.serviceFabric), try on(.workloadIdentity, .workloadIdentity)]
        var managed = try on(.workloadIdentity)
        managed.expected = Sample.clientID
        return cases + [managed, try on(.azurePipelines, .azurePipelines)]
    }

    /// Its token is for another audience, and in a file of its own.
    private static func identityBinding(on stage: Stage) throws -> [Case] {
        var one = Case(name: "identity-binding", variables: try stage.server.environment(for: .identityBinding).dictionary)
        one.credential = .workloadIdentity
        one.expected = Sample.clientID
        one.enablesProxy = true
        return [one]
    }

    private static func arguments(_ kind: String, _ cases: [Case]) throws -> [String] {
        ["-c", Self.script, kind, String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)]
    }

    private static func answers(_ run: Program.Run) throws -> [Answer] {
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode([Answer].self, from: Data(run.output.utf8))
    }

    private static func environment(_ stage: Stage) -> [String: String] {
        ["PATH": "/usr/bin:/bin", "SSL_CERT_FILE": stage.caFile, "REQUESTS_CA_BUNDLE": stage.caFile]
    }

    private static func check(_ answers: [Answer], _ cases: [Case]) throws {
        #expect(answers.map(\.name) == cases.map(\.name))
        for (answer, one) in zip(answers, cases) {
            #expect(answer.error == nil, "\(one.name) \(one.expected)")
            guard let token = answer.token else { continue }
            let claims = try TokenClaims(token)
            #expect(claims.appid == one.expected && claims.aud == "https://vault.azure.net", "\(one.name) \(claims)")
            #expect(answer.expiry.map { Date(timeIntervalSince1970: Double($0)) > .now } == true, "\(one.name)")
        }
    }

    @Test(arguments: ["sync", "aio"]) func getsTokensOfEachHost(kind: String) async throws {
        var configuration = EmulatorConfiguration.sample
        // Else it is a date, which the synchronous form can't read.
        if kind == "sync" { configuration.hosts.appService2017Expiry = .numericString }
        try await Stage.with(configuration) { stage in
            for part in [Self.cases, { _, stage in try Self.identityBinding(on: stage) }] {
                let cases = try part(kind, stage)
                let run = try await Program(path: RealPart.pythonPath, environment: Self.environment(stage))
                    .run(try Self.arguments(kind, cases))
                try Self.check(try Self.answers(run), cases)
            }
            #expect(Set(stage.emulator.requests.map(\.listener)) == Set(EmulatorListener.allCases))
        }
    }

    /// The key files are where the agent's are, in a file system that goes with the program.
    @Test(.enabled(if: RealPart.mountNamespace.isWanted), arguments: ["sync", "aio"])
    func getsTokensOfAzureArc(kind: String) async throws {
        let system = Case(name: "azure-arc")
        let cases = [system] + system.userAssigned([.clientID, .objectID, .resourceID])
        let (program, prefix) = Program.inNamespaces(["--mount"], lines: Program.emptyArcFolder, environment: [:])
        let emulator = [Program.azid().path, "emulator", "--port", "0", "--env", "azure-arc", "--", RealPart.pythonPath]
        let run = try await program.run(prefix + emulator + (try Self.arguments(kind, cases)))
        try Self.check(try Self.answers(run), cases)
    }

    /// Python's synchronous form compares thumbprints too, so the emulator's is right by another's reckoning.
    @Test func itsSynchronousFormRefusesAnotherCertificateOfServiceFabric() async throws {
        try await Stage.with { stage in
            var variables = try stage.server.environment(for: .serviceFabric).dictionary
            variables["IDENTITY_SERVER_THUMBPRINT"] = String(repeating: "0", count: 40)
            let cases = [Case(name: "service-fabric", variables: variables)]
            let run = try await Program(path: RealPart.pythonPath, environment: Self.environment(stage))
                .run(try Self.arguments("sync", cases))
            let answer = try #require(try Self.answers(run).first)
            #expect(answer.token == nil && answer.error?.contains("SSLError") == true, "\(answer)")
            #expect(stage.emulator.requestCount == 0)
        }
    }
}
#endif
