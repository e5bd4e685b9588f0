// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP
package import AzureIdentityTesting
import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of one run of a scenario, with its files. Gone when nobody has the place any more.
package final class ScenarioPlace: Sendable {
    /// The folder, without a slash at the end.
    package let path: String

    package init() throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
            path: "scenario-\(UUID().uuidString)")
        self.path = folder.path(percentEncoded: false)
        for name in ["", "/bin", "/bin/home"] {
            try FileManager.default.createDirectory(
                atPath: self.path + name, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// The variables that a program has in every scenario: no account, no tool, no metadata service of this machine is in reach.
    package func environment(_ words: ScenarioWords) -> [String: String] {
        [
            "AZURE_AUTHORITY_HOST": words["entra"], "AZURE_POD_IDENTITY_AUTHORITY_HOST": Self.nowhere,
            "HOME": self.path + "/bin/home",
            "PATH": self.path + "/bin",
        ]
    }

    /// An address at which nobody listens, in the place of the metadata service.
    package static let nowhere = "http://127.0.0.1:1"

    /// Writes the scenario's files.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - words: Its words, with the places.
    ///   - emulator: Who makes tokens that are in files.
    package func write(_ scenario: Scenario, _ words: ScenarioWords, emulator: EntraEmulator) throws {
        for (name, file) in scenario.files ?? [:] {
            var contents = try Self.contents(file, words, emulator: emulator)
            contents += Array((file.ending ?? "").utf8)
            try self.write(contents, name)
        }
    }

    /// Writes a file that this user alone can read.
    package func write(_ contents: [UInt8], _ name: String) throws {
        let isMade = FileManager.default.createFile(
            atPath: "\(self.path)/\(name)", contents: Data(contents), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw ScenarioProblem("\(name) can't be written.") }
    }

    private static func contents(_ file: Scenario.File, _ words: ScenarioWords, emulator: EntraEmulator) throws -> [UInt8] {
        if let text = file.text { return Array(text.utf8) }
        if let name = file.fixture {
            let path = "\(ScenarioLibrary.tests)/Fixtures/certificates/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { throw ScenarioProblem("There is no \(path).") }
            return Array(data)
        }
        if let audience = file.serviceAccountToken { return Array(try emulator.serviceAccountToken(audience: audience).utf8) }
        if let user = file.userToken { return Array(try emulator.accessToken(of: user).utf8) }
        if let claims = file.assertion { return Array(try self.assertion(claims, words, date: emulator.clock.date).utf8) }
        throw ScenarioProblem("A file has no contents.")
    }

    /// An assertion of the sample's application, signed by the key of `pkcs8.pem` with PS256.
    private static func assertion(_ changes: [String: String], _ words: ScenarioWords, date: Date) throws -> String {
        let path = "\(ScenarioLibrary.tests)/Fixtures/certificates/pkcs8.pem"
        let pem = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        let key = try _RSA.Signing.PrivateKey(pemRepresentation: pem)
        let thumbprint = SHA256.hash(data: try EmulatorConfiguration.ClientCertificateRegistration(pem: pem).der)
        let now = Int(date.timeIntervalSince1970)
        var claims = [
            "aud": "\(words["entra"])/\(words["tenant"])/oauth2/v2.0/token", "iss": words["client"], "sub": words["client"],
            "jti": UUID().uuidString,
        ]
        claims.merge(changes) { $1 }
        let members = claims.sorted { $0.key < $1.key }.map { EmulatorJSON.Member(name: $0.key, value: .string($0.value)) }
        let times = [EmulatorJSON.Member(name: "nbf", value: .integer(now)), .init(name: "exp", value: .integer(now + 600))]
        let header: EmulatorJSON = .object(["alg": "PS256", "typ": "JWT", "x5t#S256": .string(Self.encoded(thumbprint))])
        let input = Self.encoded(header.bytes) + "." + Self.encoded(EmulatorJSON.object(members + times).bytes)
        return input + "." + Self.encoded(try key.signature(for: Array(input.utf8), padding: .PSS).rawRepresentation)
    }

    private static func encoded(_ bytes: some Sequence<UInt8>) -> String { Base64URL.encode(bytes) }
}
#endif
