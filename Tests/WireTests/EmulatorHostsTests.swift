// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureIdentity
import AzureIdentityTesting
import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

/// The emulated hosts on their sockets, as programs on them find them.
@Suite(.timeLimit(.minutes(5))) struct EmulatorHostsTests {
    /// An emulator whose Azure Arc leaves its keys in a folder of the test's.
    private func withServer<Result>(
        isExpired: Bool = false, _ body: (EmulatorServer, String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arc-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = EmulatorConfiguration.sample
        configuration.hosts.arcKeyDirectory = folder
        let server = try await EmulatorServer.start(
            EntraEmulator(configuration: configuration), isServiceFabricCertificateExpired: isExpired)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server, folder)) } catch { result = .failure(error) }
        try await server.stop()
        return try result.get()
    }

    @Test(arguments: EmulatedHost.allCases)
    func aProgramOnEachHostGetsAToken(host: EmulatedHost) async throws {
        try await self.withServer { server, folder in
            let variables = try server.environment(for: host).dictionary
            let program = HostedProgram(host: host, variables: variables, authority: server.certificateAuthorityPEM)
            let token = try await program.token()
            #expect(token.split(separator: ".").count == 3)
            #expect(server.emulator.requests.allSatisfy { $0.headers["Host"]?.contains(":") == true })
            if host == .azureArc { #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) }
        }
    }

    @Test func allListenersShareTheEngine() async throws {
        try await self.withServer { server, _ in
            server.emulator.play(FaultScript(steps: [.init(.reset, requests: 1)]))
            let variables = try server.environment(for: .virtualMachine).dictionary
            let program = HostedProgram(host: .virtualMachine, variables: variables, authority: "")
            await #expect(throws: (any Error).self) { try await program.token() }
            _ = try await program.token()
            #expect(server.emulator.requestCount == 2)
        }
    }

    @Test(arguments: [nil, "localhost", "other.emulator.example", "x.binding.emulator.example"])
    func theProxyOfIdentityBindingsRefusesOtherServerNames(name: String?) async throws {
        try await self.withServer { server, _ in
            let address = server.endpoints.identityBinding + "/" + Sample.tenantID + "/v2.0/.well-known/openid-configuration"
            await #expect(throws: (any Error).self) {
                try await RawClient.send("GET", address, trust: .anybody(serverName: name))
            }
            #expect(server.emulator.requestCount == 0)
            // Its authority isn't the Entra part's, nor the other way round.
            let expected = server.endpoints.identityBindingServerName
            await #expect(throws: (any Error).self) {
                try await RawClient.send(
                    "GET", address, trust: .authority(pem: server.certificateAuthorityPEM, serverName: expected))
            }
            #expect(server.emulator.requestCount == 0)
            let authority = server.endpoints.identityBindingCAPEM
            let answer = try await RawClient.send(
                "GET", address, trust: .authority(pem: authority, serverName: expected.uppercased()))
            #expect(answer.status == 200 && server.emulator.requestCount == 1)
        }
    }

    @Test(arguments: [false, true])
    func theCertificateOfServiceFabricIsKnownByItsThumbprint(isExpired: Bool) async throws {
        try await self.withServer(isExpired: isExpired) { server, _ in
            let answer = try await RawClient.send("GET", server.endpoints.serviceFabric + "/")
            let der = try #require(answer.certificate)
            let thumbprint = Insecure.SHA1.hash(data: der).map { String(format: "%02x", $0) }.joined()
            #expect(server.endpoints.serviceFabricThumbprint == thumbprint)
            #expect(try server.environment(for: .serviceFabric)["IDENTITY_SERVER_THUMBPRINT"] == thumbprint)
            let certificate = try Certificate(derEncoded: der)
            #expect(certificate.issuer == certificate.subject && certificate.notValidBefore < .now)
            #expect((certificate.notValidAfter < .now) == isExpired)
            #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        }
        try await self.withServer { one, _ in
            try await self.withServer { other, _ in
                #expect(one.endpoints.serviceFabricThumbprint != other.endpoints.serviceFabricThumbprint)
            }
        }
    }

    @Test func filesArePrivateAndGoWithTheServer() async throws {
        let manager = FileManager.default
        let folder = try await self.withServer { server, _ in
            let folder = try #require(server.endpoints.folder)
            #expect(!manager.fileExists(atPath: folder))
            let variables = try server.environment(for: .identityBinding)
            #expect(try manager.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
            let first = try #require(variables["AZURE_FEDERATED_TOKEN_FILE"])
            for path in [first, try #require(variables["AZURE_KUBERNETES_CA_FILE"])] {
                #expect(path.hasPrefix(folder + "/"))
                #expect(try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            }
            let old = try String(contentsOfFile: first, encoding: .utf8)
            // The other audience's is another file, and each is written anew.
            let other = try #require(try server.environment(for: .workloadIdentity)["AZURE_FEDERATED_TOKEN_FILE"])
            #expect(other != first && manager.fileExists(atPath: other))
            #expect(try server.environment(for: .identityBinding)["AZURE_FEDERATED_TOKEN_FILE"] == first)
            #expect(try String(contentsOfFile: first, encoding: .utf8) != old)
            try await server.stop()
            #expect(!manager.fileExists(atPath: folder))
            #expect(throws: (any Error).self) { try server.environment(for: .workloadIdentity) }
            #expect(throws: Never.self) { try server.environment(for: .appService) }
            return folder
        }
        #expect(!manager.fileExists(atPath: folder))
    }

    @Test func aReleasedServerLeavesNothing() async throws {
        var server: EmulatorServer? = try await EmulatorServer.start(EntraEmulator())
        let path = try #require(try server?.environment(for: .workloadIdentity)["AZURE_FEDERATED_TOKEN_FILE"])
        #expect(FileManager.default.fileExists(atPath: path))
        server = nil
        #expect(!FileManager.default.fileExists(atPath: URL(filePath: path).deletingLastPathComponent().path()))
    }

    @Test func aPortThatIsTakenLeavesNoneOpen() async throws {
        let one = try await EmulatorServer.start(EntraEmulator())
        let taken = try #require(URL(string: one.endpoints.plain)?.port)
        // A test beside this one may get the port that was let go, so it has more than one try.
        var isClosed = false
        for _ in 0..<5 where !isClosed {
            let other = try await EmulatorServer.start(EntraEmulator())
            try await other.stop()
            await #expect(throws: (any Error).self) {
                try await EmulatorServer.start(EntraEmulator(), port: other.port, hostPorts: .init(plain: taken))
            }
            isClosed = (try? await RawClient.send("GET", other.url + "/")) == nil
        }
        #expect(isClosed)
        try await one.stop()
        await #expect(throws: (any Error).self) { try await RawClient.send("GET", one.endpoints.plain + "/") }
    }
}
#endif
