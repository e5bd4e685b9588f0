// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CertificateFileTests {
    @Test(arguments: CertificateFixture.all)
    func readsOrRefusesWithTheReason(fixture: CertificateFixture) throws {
        do {
            let certificate = try ClientCertificate(contentsOf: fixture.path, password: fixture.password)
            let names = certificate.current().chain.map(\.subjectName)
            #expect(names == fixture.chain.map { "CN=\($0),O=azure-identity-swift fixture" })
            #expect(fixture.refusal == nil)
        } catch let error as AuthenticationError {
            let refusal = try #require(fixture.refusal, "\(error.message)")
            #expect(
                error.message.contains(refusal) && error.message.hasPrefix("The certificate file ")
                    && error.message.hasSuffix("."))
            #expect(error.code == .invalidConfiguration && error.credential == "ClientCertificate" && !error.isRetryable)
            #expect(
                !error.message.contains("\n") && !"\(error)".contains("another one") && !"\(error)".contains("fixture-password"))
        }
    }

    @Test func everyFixtureHasARowInTheTable() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: CertificateFixture.folder.path)
        #expect(Set(names) == Set(CertificateFixture.all.map(\.name)))
    }

    @Test func anExpiredCertificateTellsItsDates() throws {
        let leaf = try #require(try ClientCertificate(CertificateFixture.bytes(of: "expired.pem")).current().chain.first)
        #expect(leaf.notBefore == Date(timeIntervalSince1970: 1_577_836_800))
        #expect(leaf.notAfter == Date(timeIntervalSince1970: 1_609_459_200))
    }

    @Test func filesThatArentThereOrAreNoneAreRefused() {
        func message(_ path: String) -> String? {
            #expect(throws: AuthenticationError.self) { try ClientCertificate(contentsOf: path) }?.message
        }
        #expect(message("no/such/file.pem") == "The certificate file no/such/file.pem can't be used: it can't be found.")
        #expect(message(CertificateFixture.folder.path)?.contains("it is not a regular file") == true)
        #expect(message("/dev/zero")?.contains("it is not a regular file") == true)
        #expect(message("a\u{1B}[31mb\nc")?.contains("file ab c can't") == true)
    }

    /// Bytes that are no certificate file, and a part of what is said about them.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let part: String

        init(_ kind: String, _ bytes: some Sequence<UInt8>, _ part: String) {
            self.testDescription = kind
            self.bytes = Array(bytes)
            self.part = part
        }

        init(_ kind: String, text: String, count: Int = 1, _ part: String) {
            self.init(kind, Array(repeatElement(Array(text.utf8), count: count).joined()), part)
        }
    }

    static let hostile: [Hostile] = [
        Hostile("nothing", [], "it is empty"),
        Hostile("too much", repeatElement(0x41, count: (1 << 20) + 1), "larger than 1048576 bytes"),
        Hostile("zeros", repeatElement(0, count: 1 << 20), "neither a PEM nor a PKCS#12 file"),
        Hostile("depth", repeatElement(0x30, count: 1 << 20), "damaged"),
        Hostile("endless depth", repeatElement([0x30, 0x80], count: 1 << 19).joined(), "damaged"),
        Hostile(
            "many values", [0x30, 0x83, 0x01, 0xFB, 0xD0] + repeatElement([0x05, 0x00], count: 65_000).joined(), "damaged"),
        Hostile("length", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], "it is cut off: 7 of 4294967301 bytes are there"),
        Hostile("huge length", [0x30, 0x88] + repeatElement(0xFF, count: 8), "damaged"),
        Hostile("version", [0x30, 0x03, 0x02, 0x01, 0x04], "no PKCS#12 file"),
        Hostile("no end", text: "-----BEGIN CERTIFICATE-----\nMIIB", "the PEM block CERTIFICATE in it has no end"),
        Hostile("other end", text: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----\n", "has no end"),
        Hostile("begins twice", text: "-----BEGIN CERTIFICATE-----\n", count: 2, "has no end"),
        Hostile("one line", text: "-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----", "a line of its own"),
        Hostile("escaped lines", text: #"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"#, "a line of its own"),
        Hostile("spoiled", text: "-----BEGIN CERTIFICATE-----\nM!IB\n-----END CERTIFICATE-----\n", "is not base64"),
        Hostile("no content", text: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "is not base64"),
        Hostile("label", text: "-----BEGIN \u{1B}[31m-----\nMIIB\n", "a line of its own"),
        Hostile(
            "certificates", text: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", count: 65, "more than 64"),
        Hostile("keys", text: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", count: 17, "more than 16"),
        Hostile("blocks", text: "-----BEGIN X-----\nMIIB\n-----END X-----\n", count: 257, "more than 256 PEM blocks"),
        Hostile(
            "lines", Array("-----BEGIN X-----\n".utf8) + repeatElement(0x0A, count: 1_000_000), "the PEM block X in it has no end"
        ),
        Hostile(
            "short lines", Array("-----BEGIN X-----\n".utf8) + repeatElement([0x41, 0x0A], count: 50_000).joined(), "has no end"),
        Hostile(
            "headers", Array("-----BEGIN X-----\n".utf8) + repeatElement([0x41, 0x3A, 0x0A], count: 50_000).joined(),
            "has no end"),
    ]

    @Test(arguments: hostile)
    func hostileBytesAreRefused(hostile: Hostile) {
        for password in [nil, CertificateFixture.password] {
            let problem = #expect(throws: CertificateProblem.self) { try CertificateFile(hostile.bytes, password: password) }
            #expect(problem?.message.contains(hostile.part) == true, "\(problem?.message ?? "")")
        }
    }

    @Test func keysOfOtherFormatsAreNamed() throws {
        let certificate = try String(decoding: CertificateFixture.bytes(of: "certificate-only.pem"), as: UTF8.self)
        func message(_ label: String, _ headers: String = "") -> String? {
            let text = "-----BEGIN \(label)-----\n\(headers)MIIB\n-----END \(label)-----\n\(certificate)"
            return #expect(throws: CertificateProblem.self) { try CertificateFile(Array(text.utf8), password: "x") }?.message
        }
        #expect(message("OPENSSH PRIVATE KEY")?.contains("ssh-keygen -p -m PEM") == true)
        #expect(message("DSA PRIVATE KEY")?.contains("a DSA key") == true)
        #expect(message("FANCY PRIVATE KEY")?.contains("an unknown kind, FANCY PRIVATE KEY") == true)
        #expect(message("PRIVATE KEY") == "the private key is damaged")
        #expect(message("ENCRYPTED PRIVATE KEY") == "the private key is damaged")
        let processed = "Proc-Type: 4,ENCRYPTED\nDEK-Info: "
        #expect(message("RSA PRIVATE KEY", processed + "AES-256-CBC,00\n\n") == "the private key is damaged")
        #expect(
            message("RSA PRIVATE KEY", processed + "AES-256-CBC,\(String(repeating: "g", count: 32))\n\n")
                == "the private key is damaged")
        #expect(message("RSA PRIVATE KEY", processed + "RC4\u{1B}[31m,00\n\n")?.contains("encrypted with RC4, which") == true)
        #expect(message("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\n") == "the private key is damaged")
    }
}

/// Damaged files: whatever is done to them, they load or are refused with a reason.
@Suite struct DamagedCertificateTests {
    private static let files: [(String, Secret?)] = [
        ("default.pfx", CertificateFixture.password), ("legacy.pfx", CertificateFixture.password), ("unprotected.pfx", nil),
        ("no-mac.pfx", CertificateFixture.password), ("indefinite-lengths.pfx", CertificateFixture.password),
        ("pbmac1.pfx", CertificateFixture.password), ("chain.pem", nil), ("pkcs8-aes256-sha256.pem", CertificateFixture.password),
        ("proc-type-aes256.pem", CertificateFixture.password), ("certificate.cer", nil), ("utf16.pem", nil),
    ]

    private func check(_ problem: CertificateProblem) {
        let message = problem.message
        #expect(!message.isEmpty && !message.hasSuffix(".") && !message.contains("\n") && message.utf8.count < 900, "\(message)")
        #expect(!message.contains("fixture-password"))
    }

    @Test(arguments: files)
    func cutOffFilesAreRefused(name: String, password: Secret?) throws {
        let bytes = try CertificateFixture.bytes(of: name)
        for length in stride(from: 0, to: bytes.count, by: 37) {
            do throws(CertificateProblem) {
                _ = try CertificateFile(Array(bytes[..<length]), password: password)
                // Between two blocks of a PEM file, what is there may be enough.
                #expect(name.hasSuffix(".pem"), "\(length) bytes of \(bytes.count)")
            } catch {
                self.check(error)
                if name == "default.pfx" && length > 6 {
                    #expect(error.message == "it is cut off: \(length) of \(bytes.count) bytes are there")
                }
            }
        }
    }

    @Test(arguments: files)
    func filesWithAWrongBitLoadOrAreRefused(name: String, password: Secret?) throws {
        let bytes = try CertificateFixture.bytes(of: name)
        for position in stride(from: 0, to: bytes.count, by: 31) {
            var damaged = bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            do throws(CertificateProblem) {
                #expect(try !CertificateFile(damaged, password: password).chain.isEmpty)
            } catch {
                self.check(error)
            }
        }
    }

    @Test func noByteOfAFileWithAnIntegrityCheckCanBeChanged() throws {
        let bytes = try CertificateFixture.bytes(of: "unencrypted.pfx")
        // From the first to the last certificate and key: what stands around them is not under the check.
        for position in stride(from: 60, to: bytes.count - 120, by: 101) {
            var damaged = bytes
            damaged[position] ^= 0x10
            let problem = #expect(throws: CertificateProblem.self) {
                try CertificateFile(damaged, password: CertificateFixture.password)
            }
            #expect(problem?.message == CertificateProblem.wrongPassword.message)
        }
    }
}
#endif
