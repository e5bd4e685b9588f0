// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureHTTP
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Assertions that clients sign with certificates: which the emulator takes, and how it refuses the others.
@Suite struct EmulatorAssertionTests {
    typealias Sample = EmulatorConfiguration.Sample

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var recipe: AssertionRecipe
        var refusal: ExpectedRefusal?
        var testDescription: String { self.name }

        init(_ name: String, _ refusal: ExpectedRefusal? = nil, _ change: (inout AssertionRecipe) -> Void = { _ in }) {
            (self.name, self.recipe, self.refusal) = (name, AssertionRecipe(), refusal)
            change(&self.recipe)
        }
    }

    static let now = AssertionRecipe.now
    static let other = EmulatorJSON.string("c0000000-0000-4000-8000-00000000000f")
    static let root = "https://localhost:8443/\(Sample.tenantID)"
    static let malformed = ExpectedRefusal(50027, "JWT")
    static let wrongIdentifier = ExpectedRefusal(700021, "'client_id'")
    static let wrongAudience = ExpectedRefusal(700023, "audience claim does not match Realm issuer")
    static let outside = ExpectedRefusal(
        700024, "Client assertion is not within its valid time range. Current time: 2026-01-01T00:00:00.0000000Z")
    static let notFound = ExpectedRefusal(700027, "[Reason - The key was not found., Thumbprint of key used by client: '")
    static let wrongSignature = ExpectedRefusal(700027, "The provided signature value did not match")
    static let wrongAlgorithm = ExpectedRefusal(5_002_730, status: 400, error: "invalid_request")

    // MARK: Taken

    static let good: [Case] = [
        Case("PS256, x5t#S256"),
        Case("RS256, x5t") { ($0.algorithm, $0.thumbprint) = ("RS256", .sha1) },
        Case("both thumbprints") { $0.thumbprint = .both },
        Case("another registered certificate") { $0.certificate = TestCertificates.second },
        Case("the issuer as audience") { $0.claims["aud"] = .string("\(root)/v2.0") },
        Case("no type") { $0.header["typ"] = .some(nil) },
        Case("further claims") { $0.claims["iat"] = .integer(now) },
        Case("begins within five minutes") { $0.claims = ["nbf": .integer(now + 300), "exp": .integer(now + 900)] },
        Case("expired within five minutes") { $0.claims = ["nbf": .integer(now - 600), "exp": .integer(now - 299)] },
        Case("valid for a day") { $0.claims["exp"] = .integer(now + 86_400) },
        Case("a registered certificate in x5c") { $0.chain = [TestCertificates.registered] },
    ]

    @Test("takes a good assertion", arguments: good)
    func takes(_ good: Case) throws {
        let response = try good.recipe.response(AssertionRecipe.core())
        try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
        #expect(try EmulatorTests.claims(response)["appid"]?.string == Sample.clientID)
    }

    /// What some libraries send, and the service takes.
    static let inexact: [Case] = [
        Case("padding") { $0.isPadded = true },
        Case("a padded thumbprint") { $0.thumbprint = .padded },
        Case("a thumbprint in plain base64") { $0.thumbprint = .plain },
        Case("fractions") { $0.claims["exp"] = .number(Double(now) + 600.25) },
        Case("no nbf") { $0.claims["nbf"] = .some(nil) },
    ]

    @Test("takes what libraries send, but for the strict rules", arguments: inexact)
    func takesInexact(_ inexact: Case) throws {
        let text = try inexact.recipe.text()
        #expect(AssertionRecipe.response(to: text, try AssertionRecipe.core(rules: .init())).status == 200)
        try Self.malformed.check(AssertionRecipe.response(to: text, try AssertionRecipe.core(rules: .init(isExact: true))))
    }

    // MARK: Refused

    static let badForm: [Case] = [
        Case("not a JWT", malformed) { $0.spoil = { _ in "not-a-jwt" } },
        Case("two segments", malformed) { $0.spoil = { $0.split(separator: ".").prefix(2).joined(separator: ".") } },
        Case("four segments", malformed) { $0.spoil = { $0 + ".AA" } },
        Case("no signature", malformed) { $0.spoil = { $0.split(separator: ".").prefix(2).joined(separator: ".") + "." } },
        Case("a line break at the end", malformed) { $0.spoil = { $0 + "\n" } },
        Case("padding within", malformed) { $0.spoil = { "=" + $0 } },
        Case("plain base64", malformed) { $0.spoil = { $0 + "+/" } },
        Case("a header that is no JSON", malformed) { $0.spoil = { "bm9uZQ" + $0.drop { $0 != "." } } },
        Case("a header that is an array", malformed) { $0.spoil = { "W10" + $0.drop { $0 != "." } } },
        Case("a huge assertion", malformed) { $0.claims["x"] = .string(String(repeating: "x", count: 70_000)) },
        Case("no algorithm", malformed) { $0.header["alg"] = .some(nil) },
        Case("another type", ExpectedRefusal(5_002_727, status: 400, error: "invalid_request")) { $0.header["typ"] = "JOSE" },
        Case("critical extension", malformed) { $0.header["crit"] = ["exp"] },
        Case("algorithm none", wrongAlgorithm) { $0.algorithm = "none" },
        Case("algorithm HS256", wrongAlgorithm) { $0.algorithm = "HS256" },
        Case("algorithm ES256", wrongAlgorithm) { $0.algorithm = "ES256" },
        Case("algorithm RS512", wrongAlgorithm) { $0.algorithm = "RS512" },
        Case("algorithm in small letters", wrongAlgorithm) { $0.algorithm = "ps256" },
        Case("no thumbprint", ExpectedRefusal(50027, "No certificate thumbprint specified")) { $0.thumbprint = .none },
        Case("a short thumbprint", malformed) { $0.header["x5t#S256"] = "AAAA" },
        Case("a thumbprint that is no text", malformed) { $0.header["x5t"] = 7 },
        Case("chain that is no list", malformed) { $0.header["x5c"] = "x" },
        Case("empty chain", malformed) { $0.header["x5c"] = [] },
        Case("chain of something else", malformed) { $0.header["x5c"] = ["bm9uZQ=="] },
    ]

    static let badClaims: [Case] = [
        Case("wrong issuer", wrongIdentifier) { $0.claims["iss"] = other },
        Case("wrong subject", wrongIdentifier) { $0.claims["sub"] = other },
        Case("no issuer", wrongIdentifier) { $0.claims["iss"] = .some(nil) },
        Case("no subject", wrongIdentifier) { $0.claims["sub"] = .some(nil) },
        Case("both wrong", wrongIdentifier) { $0.claims = ["iss": other, "sub": other] },
        Case("an issuer that is a list", wrongIdentifier) { $0.claims["iss"] = [.string(Sample.clientID)] },
        Case("no audience", wrongAudience) { $0.claims["aud"] = .some(nil) },
        Case("audience of a list", wrongAudience) { $0.claims["aud"] = [.string(AssertionRecipe.endpoint)] },
        Case("audience of the guide", wrongAudience) { $0.claims["aud"] = .string("\(root)/v2") },
        Case("audience of v1", wrongAudience) { $0.claims["aud"] = .string("\(root)/oauth2/token") },
        Case("audience with a slash", wrongAudience) { $0.claims["aud"] = .string(AssertionRecipe.endpoint + "/") },
        Case("another host", wrongAudience) {
            $0.claims["aud"] = .string("https://login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/token")
        },
        Case("another port", wrongAudience) {
            $0.claims["aud"] = .string("https://localhost/\(Sample.tenantID)/oauth2/v2.0/token")
        },
        Case("another tenant", wrongAudience) {
            $0.claims["aud"] = .string("https://localhost:8443/\(Sample.otherTenantID)/oauth2/v2.0/token")
        },
        Case("the domain, where the id was asked for", wrongAudience) {
            $0.claims["aud"] = .string("https://localhost:8443/\(Sample.domain)/oauth2/v2.0/token")
        },
        Case("expired", outside) { $0.claims = ["nbf": .integer(now - 1200), "exp": .integer(now - 300)] },
        Case("not yet valid", outside) { $0.claims = ["nbf": .integer(now + 301), "exp": .integer(now + 900)] },
        Case("valid for more than a day", outside) { $0.claims["exp"] = .integer(now + 86_701) },
        Case("expires before it begins", outside) { $0.claims = ["nbf": .integer(now + 60), "exp": .integer(now + 30)] },
        Case("no expiry", malformed) { $0.claims["exp"] = .some(nil) },
        Case("expiry that is text", malformed) { $0.claims["exp"] = .string("\(now + 600)") },
        Case("expiry beyond all dates", malformed) { $0.claims["exp"] = .integer(.max) },
        Case("beginning beyond all dates", malformed) { $0.claims["nbf"] = .integer(.min) },
        Case("no id", malformed) { $0.claims["jti"] = .some(nil) },
        Case("empty id", malformed) { $0.claims["jti"] = "" },
    ]

    static let badKeys: [Case] = [
        Case("unknown certificate", notFound) { $0.certificate = TestCertificates.unknown },
        Case("thumbprints of two", notFound) { $0.header["x5t"] = .string(Base64URL.encode(Array(repeating: 1, count: 20))) },
        Case(
            "expired certificate",
            ExpectedRefusal(700027, "[Reason - The key used is expired., Thumbprint of key used by client: '")
        ) {
            $0.certificate = TestCertificates.expired
        },
        Case("early certificate", ExpectedRefusal(700027, "not yet valid")) { $0.certificate = TestCertificates.early },
        Case("signed by another", wrongSignature) { $0.signer = TestCertificates.second },
        Case("changed claims", wrongSignature) { recipe in
            let good = recipe
            recipe.spoil = { text in
                let signature = text.split(separator: ".")[2]
                let changed = (try? good.text())?.split(separator: ".") ?? []
                return changed.prefix(2).joined(separator: ".") + "." + signature
            }
        },
        Case("PKCS#1 under PS256", wrongSignature) { ($0.algorithm, $0.header["alg"]) = ("RS256", "PS256") },
        Case("PSS under RS256", wrongSignature) { ($0.algorithm, $0.header["alg"]) = ("PS256", "RS256") },
        Case("a short signature", wrongSignature) {
            $0.spoil = { $0.split(separator: ".").prefix(2).joined(separator: ".") + ".AAAA" }
        },
        Case("x5c that begins with another", ExpectedRefusal(700027, "first certificate of x5c")) {
            $0.chain = [TestCertificates.second, TestCertificates.registered]
        },
        Case("unregistered certificate in x5c, without trust by name", notFound) {
            ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.direct])
        },
    ]

    @Test("refuses a bad assertion", arguments: badForm + badClaims + badKeys)
    func refuses(_ bad: Case) throws {
        let response = try bad.recipe.response(AssertionRecipe.core())
        try #require(bad.refusal).check(response)
    }

    @Test func messagesHaveTheTimesAndTheThumbprint() throws {
        var recipe = AssertionRecipe(certificate: TestCertificates.registered)
        recipe.claims = ["nbf": .integer(Self.now - 1200), "exp": .integer(Self.now - 600)]
        try ExpectedRefusal(
            700024,
            "assertion valid from 2025-12-31T23:40:00.0000000Z, expiry time of assertion 2025-12-31T23:50:00.0000000Z."
        ).check(recipe.response(AssertionRecipe.core()))
        recipe.header = ["x5t": .string(Base64URL.encode(Array(repeating: 0xA1, count: 20)))]
        try ExpectedRefusal(700027, "'\(String(repeating: "A1", count: 20))'").check(recipe.response(AssertionRecipe.core()))
    }

    @Test func theClockOfTheEmulatorCounts() throws {
        let later = EmulatorTests.date.addingTimeInterval(7 * 60 + 600)
        try ExpectedRefusal(700024, "Current time: 2026-01-01T00:17:00").check(
            AssertionRecipe().response(AssertionRecipe.core(), at: later)
        )
    }

    @Test func aRegistrationCanExpireEarlier() throws {
        let core = try AssertionRecipe.core { $0.certificates[1].expiresOn = EmulatorTests.date }
        try ExpectedRefusal(700027, "The key used is expired.").check(AssertionRecipe().response(core))
    }

    @Test func anAssertionWorksOnceUnderTheRules() throws {
        let text = try AssertionRecipe().text()
        let core = try AssertionRecipe.core()
        #expect(AssertionRecipe.response(to: text, core).status == 200)
        try ExpectedRefusal(50027, "'jti'").check(AssertionRecipe.response(to: text, core))
        let lenient = try AssertionRecipe.core(rules: .init(isExact: true))
        #expect(AssertionRecipe.response(to: text, lenient).status == 200)
        #expect(AssertionRecipe.response(to: text, lenient).status == 200)
    }

    @Test func anAssertionThatWasRefusedIsNotUsedUp() throws {
        let text = try AssertionRecipe().text()
        let core = try AssertionRecipe.core()
        let early = EmulatorTests.date.addingTimeInterval(-3600)
        #expect(AssertionRecipe.response(to: text, core, at: early).status == 401)
        #expect(AssertionRecipe.response(to: text, core).status == 200)
    }

    // MARK: Hosts

    static let hosts: [(host: String, audience: String, isTaken: Bool, isTakenExactly: Bool)] = [
        ("westeurope.login.microsoft.com", "login.microsoftonline.com", true, true),
        ("westeurope.login.microsoft.com", "login.windows.net", true, true),
        ("westeurope.login.microsoft.com", "westeurope.login.microsoft.com", true, false),
        ("westeurope.login.microsoft.com", "login.microsoftonline.us", false, false),
        ("usgovvirginia.login.microsoftonline.us", "login.microsoftonline.us", true, true),
        ("login.microsoftonline.com", "login.windows.net", false, false),
        ("login.microsoftonline.com", "login.microsoftonline.com", true, true),
        ("westeurope.login.example", "login.microsoftonline.com", false, false),
    ]

    @Test("knows the central host of a regional one", arguments: hosts)
    func regionalHosts(host: String, audience: String, isTaken: Bool, isTakenExactly: Bool) throws {
        var recipe = AssertionRecipe()
        recipe.claims["aud"] = .string("https://\(audience)/\(Sample.tenantID)/oauth2/v2.0/token")
        #expect(try (recipe.response(AssertionRecipe.core(rules: .init()), host: host).status == 200) == isTaken)
        #expect(try (recipe.response(AssertionRecipe.core(), host: host).status == 200) == isTakenExactly)
    }

    @Test func theDomainIsAnAudienceIfItWasAskedFor() throws {
        var recipe = AssertionRecipe()
        recipe.claims["aud"] = .string("https://localhost:8443/\(Sample.domain)/oauth2/v2.0/token")
        #expect(try recipe.response(AssertionRecipe.core(), tenant: Sample.domain).status == 200)
    }

    // MARK: Trust by name and authority

    static let trusted: [Case] = [
        Case("issued by the authority") {
            ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.direct])
        },
        Case("with the authority") {
            ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.direct, TestCertificates.authority])
        },
        Case("by way of another authority") {
            ($0.certificate, $0.chain) = (TestCertificates.indirect, [TestCertificates.indirect, TestCertificates.intermediate])
        },
    ]

    static let untrustedChain = ExpectedRefusal(700027, "do not lead to a trusted authority")
    static let untrusted: [Case] = [
        Case("without x5c", notFound) { $0.certificate = TestCertificates.direct },
        Case("another authority of that name", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.foreign, [TestCertificates.foreign])
        },
        Case("another authority, sent along", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.foreign, [TestCertificates.foreign, TestCertificates.otherAuthority])
        },
        Case("another authority, with the right one sent along", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.foreign, [TestCertificates.foreign, TestCertificates.authority])
        },
        Case("the link is missing", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.indirect, [TestCertificates.indirect, TestCertificates.authority])
        },
        Case("leaf last", ExpectedRefusal(700027, "first certificate of x5c")) {
            ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.authority, TestCertificates.direct])
        },
        Case("another name", ExpectedRefusal(700030, "CN=other.contoso.example")) {
            ($0.certificate, $0.chain) = (TestCertificates.misnamed, [TestCertificates.misnamed])
        },
        Case("signed by another", wrongSignature) {
            ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.direct])
            $0.signer = TestCertificates.second
        },
        Case("signed by the authority in another name", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.renamed, [TestCertificates.renamed])
        },
        Case("its own authority", untrustedChain) {
            ($0.certificate, $0.chain) = (TestCertificates.unknown, [TestCertificates.unknown])
        },
    ]

    @Test("trusts a name under an authority", arguments: trusted + untrusted, ["job.contoso.example", "CN=job.contoso.example"])
    func subjectNameIssuer(_ chain: Case, name: String) throws {
        let core = try AssertionRecipe.core {
            $0.subjectNameIssuer = .init(subjectName: name, authorities: [try TestCertificates.authority.get().der])
        }
        let response = try chain.recipe.response(core)
        if let refusal = chain.refusal { return try refusal.check(response) }
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }

    // MARK: The sample certificate

    @Test func aCertificateIsARegistrationInPEMToo() throws {
        let certificate = try TestCertificates.registered.get()
        #expect(try EmulatorConfiguration.ClientCertificateRegistration(pem: certificate.pem).der == certificate.der)
        #expect(certificate.pem.hasPrefix(certificate.certificatePEM))
        #expect(certificate.pem.contains("-----BEGIN PRIVATE KEY-----"))
        let summary = try CertificateSummary(der: certificate.der)
        #expect(
            summary.subjectName == "CN=Azure Identity emulator, client" || summary.subjectName.contains("Azure Identity emulator")
        )
        #expect(summary.subject == summary.issuer)
    }

    @Test func theKeyOfACertificateDoesNotShow() throws {
        let certificate = try TestCertificates.registered.get()
        var text = "\(certificate) \(String(reflecting: certificate))"
        dump(certificate, to: &text)
        #expect(!text.contains("PRIVATE KEY") && !text.contains("RSA"))
    }
}
#endif
