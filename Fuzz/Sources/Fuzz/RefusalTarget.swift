// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Refusals: the body of a token service's answer with status 400, as each kind of proof gets it.
enum RefusalTarget {
    private static let tenant = "a0000000-0000-4000-8000-000000000001"
    private static let client = "c0000000-0000-4000-8000-000000000001"
    /// An expired one, of which a refusal says so.
    private static let certificate = try? ClientCertificate(contentsOf: Fixtures.folder + "expired.pem")

    static func run(_ bytes: [UInt8]) async {
        let response = TransportResponse(status: 400, headers: ["Content-Type": "application/json"], body: bytes)
        await Self.check(Scene.credential { _ in response })
        await Self.check(
            ClientAssertionCredential(tenantID: Self.tenant, clientID: Self.client, options: Scene.options { _ in response }) {
                _ in
                Promises.secret
            }
        )
        // An assertion of its own is all that this one sends, so what looks like the secret, escaped or not, is none.
        if Promises.mayShowSecret(bytes) { return }
        guard let certificate = Self.certificate else { Violation.report("there is no expired.pem in \(Fixtures.folder)") }
        await Self.check(
            ClientCertificateCredential(
                tenantID: Self.tenant,
                clientID: Self.client,
                certificate: certificate,
                options: Scene.options { _ in response }
            )
        )
    }

    private static func check(_ credential: some TokenCredential) async {
        do {
            _ = try await credential.token(for: Promises.context)
        } catch {
            Promises.check(error)
            if (error as? AuthenticationError)?.code != .authenticationFailed { Violation.report("a refusal is \(error)") }
            return
        }
        Violation.report("a token of an answer with status 400")
    }
}

/// The files of the tests, and a place for files of the targets' own.
enum Fixtures {
    private static let repository: URL = {
        var repository = URL(filePath: #filePath)
        for _ in 0..<4 { repository.deleteLastPathComponent() }
        return repository
    }()

    /// The folder of certificate files, with a slash at its end.
    static let folder = repository.appending(path: "Tests/Fixtures/certificates/").path(percentEncoded: false)

    /// A folder of this process's, with a slash at its end.
    static let scratch: String = {
        let folder = repository.appending(path: "Fuzz/.build/scratch/\(ProcessInfo.processInfo.processIdentifier)/")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            Violation.report("\(folder) can't be made: \(error)")
        }
        return folder.path(percentEncoded: false)
    }()

    /// Writes a file anew. Foundation would wait for the disk.
    static func write(_ bytes: [UInt8], to path: String) {
        remove(path)
        guard let file = fopen(path, "wb") else { Violation.report("\(path) can't be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
