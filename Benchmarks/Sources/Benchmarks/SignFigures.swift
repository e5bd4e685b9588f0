// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What certificates cost: a file read, an assertion signed with each size of key, beside a client secret.
enum SignFigures {
    private static let signCount = 50
    private static let loadCount = 50

    @concurrent
    static func measure() async throws {
        let title = "a whole miss without a network"
        try await Self.printMisses("\(title): client secret", CannedTransport.tokens(length: 1300).credential(cache: .inMemory))
        for (bits, file) in [(2048, "pkcs8.pem"), (3072, "rsa3072.pem"), (4096, "rsa4096.pem")] {
            try await Self.printMisses(
                "… certificate, RSA \(bits), PS256", Self.credential(file, tenantID: CannedTransport.tenantID))
        }
        try await Self.printMisses("… certificate, RSA 2048, RS256 (AD FS)", Self.credential("pkcs8.pem", tenantID: "adfs"))
        let chain = try Self.credential("chain.pem", tenantID: CannedTransport.tenantID, sendsChain: true)
        try await Self.printMisses("… certificate, RSA 2048, PS256, a chain of three sent", chain)

        let password = Secret("fixture-password")
        try await Self.printLoads("a certificate read: PEM", "pkcs8.pem", password: nil)
        try await Self.printLoads("… PEM, encrypted, 2048 rounds", "pkcs8-aes256-sha256.pem", password: password)
        try await Self.printLoads("… PKCS#12 as openssl makes it, 3 times 2048 rounds", "default.pfx", password: password)
        try await Self.printLoads("… PKCS#12 as old programs make it", "legacy.pfx", password: password)
    }

    private static func credential(
        _ file: String,
        tenantID: String,
        sendsChain: Bool = false
    ) throws -> ClientCertificateCredential {
        ClientCertificateCredential(
            tenantID: tenantID,
            clientID: CannedTransport.clientID,
            certificate: try ClientCertificate(contentsOf: Fixtures.path(file)),
            sendsCertificateChain: sendsChain,
            options: CannedTransport.tokens(length: 1300).options(cache: .inMemory)
        )
    }

    /// One sample is the mean of many misses, each after the cache was emptied.
    private static func printMisses(_ name: String, _ credential: any CachingCredential) async throws {
        let values = try await samples {
            let start = Machine.nanoseconds
            for _ in 0..<Self.signCount {
                credential.removeCachedTokens()
                _ = try await credential.token(for: Scene.context)
            }
            return Double(Machine.nanoseconds - start) / Double(Self.signCount) / 1000
        }
        Machine.print(Figure(name, unit: "µs", samples: values).row)
    }

    private static func printLoads(_ name: String, _ file: String, password: Secret?) async throws {
        let path = Fixtures.path(file)
        let values = try await samples {
            let start = Machine.nanoseconds
            for _ in 0..<Self.loadCount { _ = try ClientCertificate(contentsOf: path, password: password) }
            return Double(Machine.nanoseconds - start) / Double(Self.loadCount) / 1000
        }
        Machine.print(Figure(name, unit: "µs", samples: values).row)
    }
}

/// A credential whose kept tokens can be dropped.
private protocol CachingCredential: TokenCredential {
    func removeCachedTokens()
}

extension ClientSecretCredential: CachingCredential {}
extension ClientCertificateCredential: CachingCredential {}

/// The certificate files of the tests.
enum Fixtures {
    static func path(_ name: String) -> String {
        var repository = URL(filePath: #filePath)
        for _ in 0..<4 { repository.deleteLastPathComponent() }
        return repository.appending(path: "Tests/Fixtures/certificates/\(name)").path(percentEncoded: false)
    }
}
