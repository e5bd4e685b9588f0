// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The challenges of the emulated Arc agent and the files they are about.
@Suite struct EmulatorArcTests {
    typealias Sample = EmulatorConfiguration.Sample

    /// A folder that is gone when the test ends.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/emulator-arc-\(UUID().uuidString)"

        /// The names of the files in it.
        var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? [] }

        deinit { try? FileManager.default.removeItem(atPath: self.path) }
    }

    private static func core(_ folder: Folder, _ change: (inout EmulatorConfiguration) -> Void = { _ in }) -> EmulatorCore {
        HostRequests.core {
            $0.hosts.arcKeyDirectory = folder.path
            change(&$0)
        }
    }

    /// Meets a challenge.
    private static func secret(_ response: EmulatorResponse) throws -> (path: String, secret: String) {
        #expect(response.status == 401)
        let challenge = try #require(response.headers["WWW-Authenticate"])
        #expect(challenge.hasPrefix("Basic realm="))
        let path = String(challenge.dropFirst("Basic realm=".count))
        let data = try #require(FileManager.default.contents(atPath: path))
        return (path, String(decoding: data, as: UTF8.self))
    }

    @Test func theSecretOfTheFileIsGoodOnce() throws {
        let folder = Folder()
        let core = Self.core(folder)
        var request = HostRequests.good(.azureArc)
        let (path, secret) = try Self.secret(core.response(to: request, at: HostRequests.date))
        #expect(path.hasPrefix(folder.path + "/") && path.hasSuffix(".key"))
        #expect(secret.utf8.count <= 4096)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)

        request.headers["Authorization"] = "Basic \(secret)"
        let response = core.response(to: request, at: HostRequests.date)
        #expect(response.status == 200)
        let json = try HostRequests.json(response)
        #expect(try HostRequests.claims(json["access_token"])["oid"]?.string == Sample.systemAssignedObjectID)
        #expect(json["expires_in"]?.string == "3599")
        #expect(folder.names.isEmpty)
        #expect(core.response(to: request, at: HostRequests.date).status == 401)
    }

    @Test("refuses other secrets", arguments: ["Basic x", "Basic ", "Bearer x", ""])
    func otherSecrets(authorization: String) throws {
        let folder = Folder()
        let core = Self.core(folder)
        var request = HostRequests.good(.azureArc)
        request.headers["Authorization"] = authorization
        let (_, secret) = try Self.secret(core.response(to: request, at: HostRequests.date))
        request.headers.append(name: "Authorization", value: "Basic \(secret)")
        #expect(core.response(to: request, at: HostRequests.date).status == 401)
    }

    @Test func eachChallengeHasAFileOfItsOwnAndOldOnesGo() throws {
        let folder = Folder()
        var core: EmulatorCore? = Self.core(folder)
        let request = HostRequests.good(.azureArc)
        let first = try Self.secret(try #require(core).response(to: request, at: HostRequests.date))
        for _ in 0..<100 { _ = core?.response(to: request, at: HostRequests.date) }
        #expect(folder.names.count == 100)
        #expect(!FileManager.default.fileExists(atPath: first.path))
        var late = request
        late.headers["Authorization"] = "Basic \(first.secret)"
        #expect(core?.response(to: late, at: HostRequests.date).status == 401)
        core = nil
        #expect(folder.names.isEmpty)
    }

    @Test func whereNoFileCanBeWrittenItFails() throws {
        let folder = Folder()
        let file = folder.path + "-file"
        #expect(FileManager.default.createFile(atPath: file, contents: Data()))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let core = HostRequests.core { $0.hosts.arcKeyDirectory = file }
        #expect(core.response(to: HostRequests.good(.azureArc), at: HostRequests.date).status == 500)
    }

    @Test(
        "confirms the identity that was asked for, unless it is an old agent",
        arguments: [
            ("client_id", Sample.userAssignedClientID), ("object_id", Sample.userAssignedObjectID),
            ("msi_res_id", Sample.userAssignedResourceID),
        ]
    )
    func userAssigned(name: String, id: String) throws {
        for isOld in [false, true] {
            let folder = Folder()
            let core = Self.core(folder) { $0.hosts.arcIgnoresIdentity = isOld }
            var request = HostRequests.good(.azureArc)
            request.query += "&\(name)=\(id)"
            let secret = try Self.secret(core.response(to: request, at: HostRequests.date)).secret
            request.headers["Authorization"] = "Basic \(secret)"
            let json = try HostRequests.json(core.response(to: request, at: HostRequests.date))
            let objectID = isOld ? Sample.systemAssignedObjectID : Sample.userAssignedObjectID
            #expect(try HostRequests.claims(json["access_token"])["oid"]?.string == objectID)
            #expect(json["client_id"]?.string == (isOld ? nil : Sample.userAssignedClientID))
            #expect(json["object_id"]?.string == (isOld ? nil : Sample.userAssignedObjectID))
            #expect(json["msi_res_id"]?.string == (isOld ? nil : Sample.userAssignedResourceID))
        }
    }

    @Test func answersAtTheAddressOfARealAgent() async throws {
        let folder = Folder()
        let emulator = HostRequests.emulator { $0.hosts.arcKeyDirectory = folder.path }
        let base = "http://localhost:40342/metadata/identity/oauth2/token"
        let url = try #require(URL(string: base + "?api-version=2020-06-01&resource=x"))
        let response = try await emulator.transport.send(TransportRequest(url: url, headers: ["Metadata": "true"]))
        #expect(response.status == 401)
        #expect(folder.names.count == 1)
        #expect(emulator.tokenRequestCount == 1)
    }
}
