// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Certificate files: the bytes of a PEM or PKCS#12 file, as they are.
///
/// Each is read with the password of the fixtures and without one. What can be read must be good for a token request.
enum CertificateTarget {
    /// The password of the fixtures, and of no file that holds it as text.
    private static let password = "fixture-password"
    /// A message names a path, three subjects and the reason at most.
    private static let maximumMessage = 1200

    static func run(_ bytes: [UInt8]) async {
        await Self.check(bytes, password: Secret(Self.password))
        await Self.check(bytes, password: nil)
    }

    private static func check(_ bytes: [UInt8], password: Secret?) async {
        let certificate: ClientCertificate
        do {
            certificate = try ClientCertificate(bytes, password: password)
        } catch {
            return Self.check(error, bytes)
        }
        Promises.checkLine(certificate.description, "the certificate's description")
        if certificate.description.utf8.count > 1200 {
            Violation.report("a description of \(certificate.description.utf8.count) bytes")
        }
        let chain = certificate.current().chain
        guard let leaf = chain.first else { Violation.report("a certificate without a chain") }
        if Set(chain.map(\.der)).count != chain.count { Violation.report("a certificate twice in its chain") }
        for (one, next) in zip(chain, chain.dropFirst()) where one.issuer != next.subject {
            Violation.report("a chain that isn't one")
        }
        guard (try? CertificateSummary(der: leaf.der)) == leaf else {
            Violation.report("a certificate that isn't read the same again")
        }
        guard let again = try? ClientCertificate(bytes, password: password), again.identity == certificate.identity else {
            Violation.report("the same bytes give another certificate")
        }
        for tenant in ["a0000000-0000-4000-8000-000000000001", "adfs"] { await Self.use(certificate, tenant: tenant) }
    }

    /// Gets a token with the certificate: its key must be able to sign.
    private static func use(_ certificate: ClientCertificate, tenant: String) async {
        let credential = ClientCertificateCredential(
            tenantID: tenant,
            clientID: "c0000000-0000-4000-8000-000000000001",
            certificate: certificate,
            sendsCertificateChain: true,
            options: Scene.options { request in
                Self.check(request)
                return Scene.grant
            }
        )
        do {
            _ = try await credential.token(for: Promises.context)
        } catch {
            Promises.check(error)
            Violation.report("the certificate was read but can't be used: \(error)")
        }
    }

    private static func check(_ request: TransportRequest) {
        let form = String(decoding: request.body, as: UTF8.self).split(separator: "&")
        guard let field = form.first(where: { $0.hasPrefix("client_assertion=") }) else {
            Violation.report("no assertion was sent")
        }
        let parts = field.dropFirst("client_assertion=".count).split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = field.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
        // 256 to 512 bytes in base64url.
        guard parts.count == 3, isPlain, (342...683).contains(parts[2].utf8.count) else {
            Violation.report("an assertion that is none")
        }
    }

    /// Checks why a file can't be used. What the file itself says of a password is no secret.
    private static func check(_ error: any Error, _ bytes: [UInt8]) {
        Promises.check(error)
        guard let error = error as? AuthenticationError else { return }
        if error.code != .invalidConfiguration { Violation.report("a file that can't be used is \(error.code)") }
        if error.message.count > Self.maximumMessage { Violation.report("a message of \(error.message.count) characters") }
        if error.description.contains(Self.password), !Self.mentionsPassword(bytes) {
            Violation.report("the password shows: \(error.description.debugDescription)")
        }
    }

    private static func mentionsPassword(_ bytes: [UInt8]) -> Bool {
        let first = Array(Self.password.utf8.prefix(8))
        let wide: [UInt8] = first.flatMap { [0, $0] as [UInt8] }
        return bytes.firstRange(of: first) != nil || bytes.firstRange(of: wide) != nil
    }
}
