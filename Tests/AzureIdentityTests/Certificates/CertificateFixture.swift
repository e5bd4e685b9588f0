// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file of Tests/Fixtures/certificates, made by dev/make-certificates, and what must become of it.
struct CertificateFixture: Sendable, CustomStringConvertible {
    let name: String
    var password: Secret?
    /// The common names of the chain, or nothing.
    var chain: [String] = []
    /// A part of the message, if the file is refused.
    var refusal: String?

    var description: String { self.name }

    static let password: Secret = "fixture-password"

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Fixtures/certificates")

    var path: String { Self.folder.appending(path: self.name).path }

    var bytes: [UInt8] {
        get throws { try Array(Data(contentsOf: Self.folder.appending(path: self.name))) }
    }

    static func bytes(of name: String) throws -> [UInt8] { try CertificateFixture(name: name).bytes }

    private static func loads(_ names: String..., password: Secret? = nil, chain: [String] = ["leaf"]) -> [CertificateFixture] {
        names.map { CertificateFixture(name: $0, password: password, chain: chain) }
    }

    private static func refused(_ name: String, password: Secret? = nil, _ part: String) -> [CertificateFixture] {
        [CertificateFixture(name: name, password: password, refusal: part)]
    }

    private static let whole = ["leaf", "intermediate", "root"]
    private static let nonASCII: Secret = "pässwörd-密-🔑"

    private static let readable: [[CertificateFixture]] = [
        loads("pkcs1.pem", "pkcs8.pem", "certificate-first.pem", "crlf.pem", "cr.pem", "byte-order-mark.pem", "two-keys.pem"),
        loads("pkcs8-aes256-sha256.pem", "pkcs8-aes192-sha512.pem", "pkcs8-aes128-sha384.pem", password: password),
        loads("pkcs8-aes128-sha1.pem", "pkcs8-3des.pem", "pkcs8-pbe-3des.pem", "pkcs8-pbe-2des.pem", password: password),
        loads("pkcs8-pbe-rc2-40.pem", "pkcs8-pbe-rc2-128.pem", password: password),
        loads("proc-type-aes128.pem", "proc-type-aes192.pem", "proc-type-aes256.pem", "proc-type-des3.pem", password: password),
        loads("ec-and-rsa.pem"),
        loads("chain.pem", "chain-reversed.pem", "chain-unrelated.pem", "bag-attributes.pem", chain: whole),
        loads("rsa3072.pem", chain: ["rsa3072"]), loads("rsa4096.pem", chain: ["rsa4096"]),
        loads("expired.pem", chain: ["expired"]), loads("version1.pem", chain: ["version 1"]),
        loads(
            "default.pfx", "aes128-sha1.pfx", "sha384.pfx", "sha512.pfx", "legacy.pfx", "3des.pfx", "rc2-128.pfx",
            password: password),
        loads("no-mac.pfx", "unencrypted.pfx", "pbmac1.pfx", "pbmac1-sha512.pfx", "iterations-300000.pfx", password: password),
        loads("empty-password.pfx", "empty-password-legacy.pfx", "unprotected.pfx", "mac-without-password.pfx", "nested-3.pfx"),
        loads("empty-password.pfx", "empty-password-legacy.pfx", "mac-without-password.pfx", password: ""),
        loads("non-ascii-password.pfx", "non-ascii-password-legacy.pfx", password: nonASCII),
        loads("chain.pfx", "indefinite-lengths.pfx", password: password, chain: whole),
        // A password that isn't needed does no harm.
        loads("pkcs8.pem", "unprotected.pfx", "nested-3.pfx", password: password),
    ]

    private static let unreadable: [[CertificateFixture]] = [
        refused("ec-sec1.pem", "its private key is an EC key"), refused("ec-pkcs8.pem", "its private key is an EC key"),
        refused("ec-parameters.pem", "its private key is an EC key"),
        refused("ec.pfx", password: password, "its private key is an EC key"),
        refused("ed25519.pem", "its private key is an Ed25519 key"),
        refused("rsa-pss.pem", "its private key is an RSASSA-PSS key"),
        refused("rsa1024.pem", "its RSA key has 1024 bits"),
        refused("mismatch.pem", "belongs to its private key (certificates: CN=other,O=azure-identity-swift fixture)"),
        refused("key-only.pem", "a private key, but no certificate"),
        refused("no-certificate.pfx", password: password, "a private key, but no certificate"),
        refused("certificate-only.pem", "a certificate, but no private key"),
        refused("certificate.cer", "a certificate (DER), but no private key"),
        refused("no-key.pfx", password: password, "a certificate, but no private key"),
        refused("pkcs8-scrypt.pem", password: password, "scrypt"),
        refused("pkcs8-md5-des.pem", password: password, "its encryption, 1.2.840.113549.1.5.3, is not supported"),
        refused("pkcs8-sha224.pem", password: password, "1.2.840.113549.2.8, is not supported"),
        refused("proc-type-camellia.pem", password: password, "CAMELLIA-128-CBC, which is not supported"),
        refused("iterations-10000000.pfx", password: password, "more than 2000000 rounds"),
        refused("nested-4.pfx", "more than 3 deep"), refused("signed.pfx", "protected by a signature"),
        refused("enveloped.pfx", "encrypted for a public key"), refused("key.der", "no PKCS#12 file"),
        refused("utf16.pem", "UTF-16"), refused("base64.txt", password: password, "base64 without a PEM label"),
        refused("README.md", "neither a PEM nor a PKCS#12 file"),
    ]

    private static let protected = [
        "pkcs8-aes256-sha256.pem", "pkcs8-aes128-sha1.pem", "pkcs8-3des.pem", "pkcs8-pbe-3des.pem", "pkcs8-pbe-2des.pem",
        "pkcs8-pbe-rc2-40.pem", "pkcs8-pbe-rc2-128.pem", "proc-type-aes128.pem", "proc-type-aes192.pem", "proc-type-aes256.pem",
        "proc-type-des3.pem", "default.pfx", "aes128-sha1.pfx", "sha384.pfx", "sha512.pfx", "legacy.pfx", "3des.pfx",
        "rc2-128.pfx",
        "no-mac.pfx", "unencrypted.pfx", "pbmac1.pfx", "chain.pfx", "indefinite-lengths.pfx", "non-ascii-password.pfx",
        "non-ascii-password-legacy.pfx",
    ]

    /// Every file with its password, and the protected ones without and with another.
    static let all =
        (readable + unreadable).flatMap { $0 }
        + protected.map { CertificateFixture(name: $0, refusal: "it is protected by a password, and none was given") }
        + protected.map { CertificateFixture(name: $0, password: "another one", refusal: "the password is wrong") }
        + [CertificateFixture(name: "empty-password.pfx", password: "another one", refusal: "the password is wrong")]
}
#endif
