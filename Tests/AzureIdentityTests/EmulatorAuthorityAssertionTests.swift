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

/// Assertions at an AD FS and at an issuer with paths of its own.
@Suite struct EmulatorAuthorityAssertionTests {
    typealias Case = EmulatorAssertionTests.Case

    static let adfsEndpoint = "https://localhost:8443/adfs/oauth2/token"

    static func made(_ name: String, _ change: (inout AssertionRecipe) -> Void = { _ in }) -> Case {
        Case(name) { recipe in
            (recipe.algorithm, recipe.thumbprint) = ("RS256", .sha1)
            recipe.claims["aud"] = .string(Self.adfsEndpoint)
            change(&recipe)
        }
    }

    /// An AD FS and an issuer beside the sample's tenants, all with the certificates of the application.
    private static func core() throws -> EmulatorCore {
        var core = try AssertionRecipe.core {
            $0.subjectNameIssuer = .init(
                subjectName: "job.contoso.example",
                authorities: [try TestCertificates.authority.get().der]
            )
        }
        let application = core.configuration.tenants[0].applications[0]
        core.configuration.tenants.append(.init(id: "adfs", applications: [application], isADFS: true))
        core.configuration.issuers = EmulatorAuthorityTests.configuration.issuers
        return core
    }

    @Test(
        "an AD FS takes RS256 with x5t",
        arguments: [
            made("as it is"), made("with a slash at the end of the audience") { $0.claims["aud"] = .string(adfsEndpoint + "/") },
            made("with the other thumbprint, besides") { $0.thumbprint = .both },
        ]
    )
    func adfsTakes(_ good: Case) throws {
        #expect(try good.recipe.response(Self.core(), path: "/adfs/oauth2/token").status == 200)
    }

    @Test(
        "an AD FS refuses the rest",
        arguments: [
            made("PS256") { $0.algorithm = "PS256" },
            made("x5t#S256 alone") { $0.thumbprint = .sha256 },
            made("the path of Microsoft Entra ID as audience") {
                $0.claims["aud"] = "https://localhost:8443/adfs/oauth2/v2.0/token"
            },
            made("the issuer as audience") { $0.claims["aud"] = "https://localhost:8443/adfs" },
            made("another host") { $0.claims["aud"] = "https://localhost/adfs/oauth2/token" },
            made("unknown certificate") { $0.certificate = TestCertificates.unknown },
            made("expired certificate") { $0.certificate = TestCertificates.expired },
            made("trust by name") {
                ($0.certificate, $0.chain) = (TestCertificates.direct, [TestCertificates.direct])
            },
            made("another issuer") { $0.claims["iss"] = "x" },
            made("expired") { $0.claims = ["aud": .string(adfsEndpoint), "exp": 0] },
            made("not a JWT") { $0.spoil = { _ in "x" } },
        ]
    )
    func adfsRefuses(_ bad: Case) throws {
        let response = try bad.recipe.response(Self.core(), path: "/adfs/oauth2/token")
        let json = try EmulatorTests.json(response)
        #expect(response.status == 400)
        #expect(json["error"]?.string == "invalid_client")
        #expect(json["error_description"]?.string?.hasPrefix("MSIS9622: ") == true)
        #expect(json["error_codes"] == nil)
    }

    @Test(
        "an issuer wants its own addresses as audience",
        arguments: [
            ("https://localhost:8443\(EmulatorAuthorityTests.endpoint)", true),
            ("https://localhost:8443\(EmulatorAuthorityTests.path)", true), (AssertionRecipe.endpoint, false),
        ]
    )
    func issuerAudience(audience: String, isTaken: Bool) throws {
        var recipe = AssertionRecipe()
        recipe.claims["aud"] = .string(audience)
        let response = try recipe.response(Self.core(), path: EmulatorAuthorityTests.endpoint)
        #expect((response.status == 200) == isTaken)
        if !isTaken { try EmulatorAssertionTests.wrongAudience.check(response) }
    }
}
#endif
