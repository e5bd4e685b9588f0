// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import Crypto
import CryptoExtras
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ClientCertificateTests {
    private static let input = Array("header.payload".utf8)

    private static func der(_ name: String) throws -> [[UInt8]] {
        try ClientCertificate(CertificateFixture.bytes(of: name)).current().chain.map(\.der)
    }

    /// What signs with the key of a file, as a vault would.
    private static func vault(_ name: String) throws -> ClientCertificate.Signer {
        let key = try CertificateFile(CertificateFixture.bytes(of: name), password: nil).key.key
        return { input, algorithm in
            let padding = algorithm == .ps256 ? _RSA.Signing.Padding.PSS : .insecurePKCS1v1_5
            return Array(try key.signature(for: SHA256.hash(data: input), padding: padding).rawRepresentation)
        }
    }

    private func isValid(
        _ signature: [UInt8], _ algorithm: ClientCertificate.SignatureAlgorithm, by certificate: CertificateSummary
    ) throws -> Bool {
        let key = try _RSA.Signing.PublicKey(derRepresentation: certificate.subjectPublicKeyInfo)
        return key.isValidSignature(
            .init(rawRepresentation: signature), for: SHA256.hash(data: Self.input),
            padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5)
    }

    @Test(arguments: ["pkcs1.pem", "rsa3072.pem", "rsa4096.pem"], [ClientCertificate.SignatureAlgorithm.ps256, .rs256])
    func signsWithTheCertificatesKey(name: String, algorithm: ClientCertificate.SignatureAlgorithm) async throws {
        let certificate = try ClientCertificate(CertificateFixture.bytes(of: name)).current()
        let signature = try await certificate.sign(Self.input, algorithm: algorithm)
        #expect(try self.isValid(signature, algorithm, by: certificate.chain[0]))
    }

    @Test func signsInNoOtherWay() async throws {
        let certificate = try ClientCertificate(CertificateFixture.bytes(of: "pkcs1.pem")).current()
        let error = await #expect(throws: AuthenticationError.self) {
            try await certificate.sign(Self.input, algorithm: .init(rawValue: "none\n"))
        }
        #expect(error?.code == .invalidConfiguration && error?.message == "There is no way to sign with none.")
    }

    @Test(arguments: [ClientCertificate.SignatureAlgorithm.ps256, .rs256])
    func aSignerSignsInPlaceOfAKey(algorithm: ClientCertificate.SignatureAlgorithm) async throws {
        let chain = try Self.der("chain.pem")
        let certificate = try ClientCertificate(certificates: [chain[0], chain[2], chain[1]], signer: Self.vault("pkcs1.pem"))
        #expect(certificate.current().chain.map(\.der) == chain)
        let signature = try await certificate.current().sign(Self.input, algorithm: algorithm)
        #expect(try self.isValid(signature, algorithm, by: certificate.current().chain[0]))
    }

    @Test func aSignersWrongSignatureIsRefusedBeforeItIsSent() async throws {
        let leaf = try Self.der("pkcs1.pem")
        let other = try Self.vault("two-keys.pem")
        let stranger = try Self.vault("rsa3072.pem")
        let signers: [ClientCertificate.Signer] = [
            { _, _ in [] }, { _, _ in Array(repeating: 0, count: 256) }, { _, _ in Array(repeating: 0xFF, count: 100_000) },
            { input, _ in try await other(input, .rs256) }, { input, algorithm in try await stranger(input, algorithm) },
        ]
        for signer in signers {
            let certificate = try ClientCertificate(certificates: leaf, signer: signer).current()
            let error = await #expect(throws: AuthenticationError.self) {
                try await certificate.sign(Self.input, algorithm: .ps256)
            }
            #expect(
                error?.code == .invalidConfiguration && error?.message.contains("doesn't fit the certificate CN=leaf") == true)
        }
    }

    @Test func whatASignerThrowsComesThrough() async throws {
        let leaf = try Self.der("pkcs1.pem")
        let certificate = try ClientCertificate(certificates: leaf) { _, _ in throw CancellationError() }
        await #expect(throws: CancellationError.self) { try await certificate.current().sign(Self.input, algorithm: .ps256) }
    }

    @Test func aSignerNeedsAnRSACertificate() throws {
        func message(_ certificates: [[UInt8]]) -> String? {
            #expect(throws: AuthenticationError.self) { try ClientCertificate(certificates: certificates) { _, _ in [] } }?
                .message
        }
        let pem = try CertificateFixture.bytes(of: "ec-sec1.pem")
        #expect(message([])?.contains("there is none") == true)
        #expect(message([[1, 2, 3]])?.contains("the certificate is damaged") == true)
        #expect(message(try PEMBlock.contents(of: pem).certificates)?.contains("no RSA key of 2048 to 4096 bits") == true)
        let small = try PEMBlock.contents(of: CertificateFixture.bytes(of: "rsa1024.pem")).certificates
        #expect(message(small)?.contains("no RSA key of 2048 to 4096 bits") == true)
        let leaf = try Self.der("pkcs1.pem")
        #expect(message(Array(repeating: leaf[0], count: 65))?.contains("more than 64") == true)
        #expect(message(leaf + [[0x30]])?.contains("(number 2 of 2)") == true)
    }

    @Test func identitiesTellWhoSharesTokens() throws {
        let bytes = try CertificateFixture.bytes(of: "pkcs1.pem")
        let path = CertificateFixture(name: "pkcs1.pem").path
        let leaf = try Self.der("pkcs1.pem")
        let signer = try ClientCertificate(certificates: leaf) { _, _ in [] }
        let chain = CertificateFixture(name: "chain.pem")
        #expect(try Self.der("chain.pem")[0] == leaf[0], "the same certificate, but with those above it")
        let identities = [
            try ClientCertificate(CertificateFixture.bytes(of: "chain.pem")).identity,
            try ClientCertificate(contentsOf: chain.path).identity,
            try ClientCertificate(bytes).identity, try ClientCertificate(CertificateFixture.bytes(of: "expired.pem")).identity,
            try ClientCertificate(contentsOf: path).identity,
            try ClientCertificate(contentsOf: CertificateFixture(name: "pkcs8.pem").path).identity,
            signer.identity, try ClientCertificate(certificates: leaf) { _, _ in [] }.identity,
        ]
        #expect(Set(identities).count == identities.count)
        #expect(try ClientCertificate(CertificateFixture.bytes(of: "pkcs8.pem")).identity == identities[2])
        #expect(try ClientCertificate(contentsOf: path).identity == identities[4])
        let copy = signer
        #expect(copy.identity == signer.identity)
    }

    @Test func nothingShowsTheKeyOrThePassword() throws {
        let file = try ClientCertificate(
            contentsOf: CertificateFixture(name: "default.pfx").path, password: CertificateFixture.password)
        let bytes = try ClientCertificate(CertificateFixture.bytes(of: "default.pfx"), password: CertificateFixture.password)
        let signer = try ClientCertificate(certificates: Self.der("pkcs1.pem")) { _, _ in Array("fixture-password".utf8) }
        for certificate in [file, bytes, signer] {
            var dump = ""
            Swift.dump(certificate, to: &dump)
            Swift.dump(certificate.current(), to: &dump)
            let shown = "\(certificate) \(String(reflecting: certificate)) \(certificate.current()) \(dump)"
            #expect(!shown.contains("fixture-password") && !shown.contains("PrivateKey") && shown.utf8.count < 2500)
            #expect(certificate.description.hasPrefix("ClientCertificate(CN=leaf,O=azure-identity-swift fixture, SHA-256 "))
            let thumbprint = SHA256.hash(data: certificate.current().chain[0].der).map {
                String(UInt16($0) | 0x100, radix: 16).dropFirst()
            }.joined()
            #expect(certificate.description.contains(thumbprint.uppercased()) && certificate.description.contains(", expires "))
        }
    }
}

/// A file that changes while the program runs.
@Suite struct CertificateRotationTests {
    /// A folder that is removed with what is in it.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "azure-identity-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: self.url) }

        var file: URL { self.url.appending(path: "client.pem") }

        /// Writes the file, in place of the old one or into it.
        func write(_ bytes: [UInt8], isAtomic: Bool = true) throws {
            try Data(bytes).write(to: self.file, options: isAtomic ? .atomic : [])
        }
    }

    private static let old = "CN=leaf,O=azure-identity-swift fixture"
    private static let new = "CN=rsa3072,O=azure-identity-swift fixture"

    private func subject(_ certificate: ClientCertificate) -> String { certificate.current().chain[0].subjectName }

    @Test func aNewFileIsReadWithoutBeingAsked() throws {
        let folder = try Folder()
        try folder.write(CertificateFixture.bytes(of: "pkcs1.pem"))
        let certificate = try ClientCertificate(contentsOf: folder.file.path)
        let identity = certificate.identity
        #expect(self.subject(certificate) == Self.old)
        try folder.write(CertificateFixture.bytes(of: "rsa3072.pem"))
        #expect(self.subject(certificate) == Self.new)
        #expect(certificate.identity == identity && certificate.description.contains(Self.new))
    }

    @Test func whileTheFileCantBeUsedTheOldCertificateStays() throws {
        let folder = try Folder()
        try folder.write(CertificateFixture.bytes(of: "pkcs1.pem"))
        let certificate = try ClientCertificate(contentsOf: folder.file.path)
        let next = try CertificateFixture.bytes(of: "rsa3072.pem")
        try folder.write(Array(next.prefix(1000)), isAtomic: false)
        #expect(self.subject(certificate) == Self.old)
        certificate.reread()
        #expect(self.subject(certificate) == Self.old)
        try folder.write([], isAtomic: false)
        #expect(self.subject(certificate) == Self.old)
        certificate.reread()
        #expect(self.subject(certificate) == Self.old)
        try FileManager.default.removeItem(at: folder.file)
        #expect(self.subject(certificate) == Self.old)
        certificate.reread()
        #expect(self.subject(certificate) == Self.old)
        try folder.write(next, isAtomic: false)
        #expect(self.subject(certificate) == Self.new)
    }

    @Test func aFileCanBeReadAgainThoughItLooksTheSame() throws {
        let folder = try Folder()
        try folder.write(CertificateFixture.bytes(of: "pkcs1.pem"))
        let certificate = try ClientCertificate(contentsOf: folder.file.path)
        try folder.write(CertificateFixture.bytes(of: "rsa3072.pem"))
        certificate.reread()
        #expect(self.subject(certificate) == Self.new)
    }

    @Test func anotherChainOfTheSameCertificateIsReadToo() throws {
        let folder = try Folder()
        try folder.write(CertificateFixture.bytes(of: "pkcs1.pem"))
        let certificate = try ClientCertificate(contentsOf: folder.file.path)
        #expect(certificate.current().chain.count == 1)
        try folder.write(CertificateFixture.bytes(of: "chain.pem"))
        #expect(certificate.current().chain.count == 3)
    }

    @Test func manyCallersSeeOneOfTheTwo() async throws {
        let folder = try Folder()
        let path = folder.file.path
        let (old, new) = (try CertificateFixture.bytes(of: "pkcs1.pem"), try CertificateFixture.bytes(of: "rsa3072.pem"))
        try folder.write(old)
        let certificate = try ClientCertificate(contentsOf: path)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).allSatisfy { _ in [Self.old, Self.new].contains(certificate.current().chain[0].subjectName) }
                }
            }
            for round in 0..<50 {
                try? Data(round % 2 == 0 ? new : old).write(to: URL(filePath: path), options: .atomic)
                certificate.reread()
            }
            for await isFine in group { #expect(isFine) }
        }
        #expect(self.subject(certificate) == Self.old)
    }
}
#endif
