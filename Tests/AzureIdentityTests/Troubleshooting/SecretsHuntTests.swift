// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureIdentityTesting
import ScenarioSupport
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// All scenarios and rows once more, each secret with a text of its own, and a search for those texts in everything that comes out: logs at
/// trace, tokens, errors, credentials, options and recorded requests in all the ways in which values show themselves, arguments of programs,
/// files. `SecretsHuntProcessTests` searches what comes out of processes.
@Suite(.timeLimit(.minutes(10))) struct SecretsHuntTests {
    @Test(arguments: ScenarioLibrary.all)
    func noScenarioShowsASecret(source: ScenarioLibrary.Source) async throws {
        let ground = try await HuntGround(source, isLoud: false)
        #expect(ground.outputs.count >= 10 && !ground.configured.isEmpty)
        #expect(ground.findings.isEmpty, "\(source): \(ground.findings.map(\.description).sorted())")
    }

    /// The rows that are no scenarios.
    private static let rows = {
        let scenarios = Set(ScenarioLibrary.all.map(\.name))
        return RowCases.all.filter { !scenarios.contains($0.situation) }
    }()

    @Test(arguments: Self.rows)
    func noRowShowsASecret(one: RowCase) async throws {
        let ground = try await HuntGround(one, isLoud: false)
        #expect(ground.findings.isEmpty, "\(one.testDescription): \(ground.findings.map(\.description).sorted())")
    }

    @Test func noSignInByCodeShowsASecret() async throws {
        let ground = try await HuntGround.authorizationCode(isLoud: false)
        #expect(ground.findings.isEmpty, "\(ground.findings.map(\.description).sorted())")
        let kinds = Set(ground.travelled.map(\.kind))
        #expect(
            kinds.isSuperset(of: ["authorization code", "PKCE verifier", "refresh token", "id token", "access token"]), "\(kinds)"
        )
    }

    // MARK: The hunt can find

    /// With content logging, which is explicit, each kind that travels is found in the log, in the form in which it travelled.
    @Test func contentLoggingShowsEveryKind() async throws {
        var (travelled, found, used) = (Set<String>(), Set<String>(), Set<String>())
        var grounds = [try await HuntGround.authorizationCode(isLoud: true)]
        for source in ScenarioLibrary.all { grounds.append(try await HuntGround(source, isLoud: true)) }
        for ground in grounds {
            travelled.formUnion(ground.travelled.map(\.kind))
            found.formUnion(SecretHunt(ground.travelled).findings(in: ground.log).map(\.kind))
            used.formUnion(SecretHunt(ground.configured).findings(in: ground.log).map(\.kind))
            // And nothing shows elsewhere even then.
            let elsewhere = SecretHunt(ground.configured.union(ground.travelled)).findings(in: ground.outputs)
            #expect(elsewhere.isEmpty, "\(elsewhere.map(\.description).sorted())")
        }
        #expect(travelled == SecretTrail.kinds, "never used: \(SecretTrail.kinds.subtracting(travelled).sorted())")
        #expect(found == travelled, "not found: \(travelled.subtracting(found).sorted())")
        // The other two don't travel, and are shown to be used below.
        let others = Set(ConfiguredSecret.allCases.map(\.kind)).subtracting(["certificate's password", "tool's token"])
        #expect(used.isSuperset(of: others), "not used: \(others.subtracting(used).sorted())")
    }

    @Test func whatDoesNotTravelIsUsed() async throws {
        let words = ScenarioWords.marked()
        let tool = try await ScenarioRun(ScenarioLibrary.named("azure-cli"), words: words).result()
        #expect(tool.token?.token == words["toolToken"])
        let certificate = try await ScenarioRun(ScenarioLibrary.named("client-certificate-pfx"), words: words).result()
        #expect(certificate.token != nil && HuntGround.keys.count > 10)
        // Without its password, the file can't be read.
        let wrong = try await ScenarioRun(ScenarioLibrary.named("client-certificate-pfx-wrong-password"), words: words).result()
        #expect(wrong.error?.code == .invalidConfiguration)
    }

    @Test(arguments: ["mark0123456789abcdef+/=", "two.parts-of~a_secret", "\u{FC}ml\u{E4}ut & more", "12345678"])
    func everyFormIsFound(secret: String) {
        let forms = SecretForms(secret, isCut: true).forms
        #expect(forms.count >= 11)
        let hunt = SecretHunt([.init(kind: "secret", text: secret, isCut: true)])
        for form in forms {
            #expect(hunt.findings(in: [.init("place", "before \(form.text) behind")]).count == 1, "\(form.name)")
        }
        for front in ["", "a", "ab", "abc"] {
            let text = Data("\(front)\(secret) and more".utf8).base64EncodedString()
            #expect(!hunt.findings(in: [.init("place", text)]).isEmpty, "base64 behind \(front.count) bytes")
        }
        #expect(hunt.findings(in: [.init("place", "nothing of the kind: 1234567 mark two.parts")]).isEmpty)
        #expect(SecretHunt([.init(kind: "secret", text: "short", isCut: true)]).findings(in: [.init("place", "short")]).isEmpty)
        #expect(!hunt.findings(in: [.init("place", secret)]).contains { $0.description.contains(secret) })
    }
}
#endif
