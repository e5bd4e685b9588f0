// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentityTesting
import Testing

@testable import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a request is authorized with, answer by answer.
@Suite struct AuthorizationPlanTests {
    /// An answer, and what comes of it: `-` without a token, `scope@tenant+claims` with one, `finish` at the end, `refused` for an error.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var discovery = ChallengeDiscovery.none
        var scopes = ["s"]
        var tenantID: String?
        var allowedTenants: Set<String>?
        var hasBody = false
        var canSendBodyAgain = true
        var known: String?
        var answers: [(status: Int, challenges: [String])]
        var expected: String
        var testDescription: String { self.name }
    }

    private static let vaultScope = "https://vault.azure.net/.default"

    private static let cases: [Case] = [
        Case(name: "success", answers: [(200, [])], expected: "s finish"),
        Case(name: "a claims challenge", answers: [(401, [claimsChallenge()]), (200, [])], expected: "s s+claims finish"),
        Case(
            name: "claims are answered once", answers: [(401, [claimsChallenge()]), (401, [claimsChallenge(#"{"b":1}"#)])],
            expected: "s s+claims finish"),
        Case(
            name: "among other schemes", tenantID: "own",
            answers: [(401, ["Negotiate", "PoP nonce=\"n\", " + claimsChallenge()]), (200, [])],
            expected: "s@own s@own+claims finish"),
        Case(name: "no challenge", answers: [(401, [])], expected: "s finish"),
        Case(name: "claims of another status", answers: [(403, [claimsChallenge()])], expected: "s finish"),
        Case(
            name: "claims with another error", answers: [(401, ["Bearer error=invalid_token, claims=e30"])], expected: "s finish"),
        Case(
            name: "claims of another scheme", answers: [(401, ["PoP error=insufficient_claims, claims=e30"])],
            expected: "s finish"),
        Case(
            name: "claims that are none", answers: [(401, ["Bearer error=insufficient_claims, claims=!!"])], expected: "s finish"),
        Case(name: "discovery that nobody wants", answers: [(401, [vaultChallenge()])], expected: "s finish"),
        Case(
            name: "a body that can't be sent again", hasBody: true, canSendBodyAgain: false,
            answers: [(401, [claimsChallenge()])],
            expected: "s finish"),
        Case(
            name: "a body that can", hasBody: true, answers: [(401, [claimsChallenge()]), (200, [])],
            expected: "s s+claims finish"),

        Case(
            name: "discovery", discovery: .keyVault, scopes: [], answers: [(401, [vaultChallenge()]), (200, [])],
            expected: "- \(vaultScope)@tenant-1 finish"),
        Case(
            name: "a scope that is given and discovered", discovery: .keyVault,
            scopes: ["s", "HTTPS://Vault.azure.net/.default"],
            answers: [(401, [vaultChallenge()]), (200, [])],
            expected: "- HTTPS://Vault.azure.net/.default@tenant-1 finish"),
        Case(
            name: "a scope that is discovered but wasn't given", discovery: .keyVault, answers: [(401, [vaultChallenge()])],
            expected: "- refused"),
        Case(
            name: "a resource with a slash at its end", discovery: .keyVault, scopes: [],
            answers: [(401, [vaultChallenge(resource: "https://vault.azure.net/")]), (200, [])],
            expected: "- https://vault.azure.net//.default@tenant-1 finish"),
        Case(
            name: "a resource below the domain's", discovery: .keyVault, scopes: [],
            answers: [(401, [vaultChallenge(resource: "https://vault.azure.net/other")])], expected: "- refused"),
        Case(
            name: "a part of the resource", discovery: .keyVault, scopes: [],
            answers: [
                (401, [#"Bearer authorization="https://a.example/t", scope="https://vault.azure.net/user_impersonation""#])
            ],
            expected: "- refused"),
        Case(
            name: "claims after discovery, whatever the error", discovery: .keyVault, scopes: [],
            answers: [
                (401, [vaultChallenge()]), (401, [vaultChallenge() + ", error=x, claims=e30"]), (401, [claimsChallenge()]),
            ],
            expected: "- \(vaultScope)@tenant-1 \(vaultScope)@tenant-1+claims finish"),
        Case(
            name: "discovery happens once", discovery: .keyVault, scopes: [],
            answers: [(401, [vaultChallenge()]), (401, [vaultChallenge(tenant: "tenant-2")])],
            expected: "- \(vaultScope)@tenant-1 finish"),
        Case(
            name: "a known vault", discovery: .keyVault, scopes: [], known: "tenant-1",
            answers: [(401, [vaultChallenge()])], expected: "\(vaultScope)@tenant-1 finish"),
        Case(
            name: "a known vault that has moved", discovery: .keyVault, scopes: [], known: "tenant-1",
            answers: [(401, [vaultChallenge(tenant: "tenant-2")]), (401, [claimsChallenge()]), (401, [])],
            expected: "\(vaultScope)@tenant-1 \(vaultScope)@tenant-2 \(vaultScope)@tenant-2+claims finish"),
        Case(
            name: "a known vault that has moved and wants claims", discovery: .keyVault, scopes: [], known: "tenant-1",
            answers: [(401, [vaultChallenge(tenant: "tenant-2") + ", claims=e30"]), (401, [vaultChallenge(tenant: "tenant-3")])],
            expected: "\(vaultScope)@tenant-1 \(vaultScope)@tenant-2+claims finish"),
        Case(
            name: "a body that can be sent once is held back and sent once", discovery: .keyVault, scopes: [], hasBody: true,
            canSendBodyAgain: false, answers: [(401, [vaultChallenge()]), (401, [claimsChallenge()])],
            expected: "-without \(vaultScope)@tenant-1 finish"),
        Case(
            name: "nothing to discover, with scopes", discovery: .keyVault, answers: [(401, ["Bearer"]), (401, ["Bearer"])],
            expected: "- s finish"),
        Case(
            name: "nothing to discover, without", discovery: .keyVault, scopes: [], answers: [(401, ["Bearer"])],
            expected: "- finish"),
        Case(name: "a service that wants no token", discovery: .keyVault, scopes: [], answers: [(200, [])], expected: "- finish"),
        Case(
            name: "a service that wants no token but a body", discovery: .keyVault, scopes: [], hasBody: true,
            answers: [(400, []), (200, [])], expected: "-without - finish"),
        Case(
            name: "a service that has no time", discovery: .keyVault, hasBody: true, answers: [(503, [])],
            expected: "-without finish"),
        Case(
            name: "claims without a token", discovery: .keyVault, scopes: [], answers: [(401, [claimsChallenge()])],
            expected: "- finish"),
        Case(
            name: "no tenant in particular", discovery: .keyVault, scopes: [], tenantID: "own",
            answers: [(401, [vaultChallenge(tenant: "common/oauth2/authorize")]), (200, [])],
            expected: "- \(vaultScope)@own finish"),

        Case(
            name: "another domain", discovery: .keyVault, scopes: [],
            answers: [(401, [vaultChallenge(resource: "https://management.azure.com")])], expected: "- refused"),
        Case(
            name: "another domain, unverified", discovery: .keyVaultUnverified, scopes: [],
            answers: [(401, [vaultChallenge(resource: "https://management.azure.com")]), (200, [])],
            expected: "- https://management.azure.com/.default@tenant-1 finish"),
        Case(
            name: "another domain, unverified, with scopes", discovery: .keyVaultUnverified,
            answers: [(401, [vaultChallenge(resource: "https://management.azure.com")]), (200, [])],
            expected: "- s@tenant-1 finish"),
        Case(
            name: "a tenant that isn't allowed", discovery: .keyVault, scopes: [], allowedTenants: ["tenant-2"],
            answers: [(401, [vaultChallenge()])], expected: "- refused"),
        Case(
            name: "no tenant is allowed but its own", discovery: .keyVault, scopes: [], tenantID: "Tenant-1", allowedTenants: [],
            answers: [(401, [vaultChallenge()]), (200, [])], expected: "- \(vaultScope)@tenant-1 finish"),
        Case(
            name: "any tenant is allowed", discovery: .keyVault, scopes: [], allowedTenants: ["*"],
            answers: [(401, [vaultChallenge()]), (200, [])], expected: "- \(vaultScope)@tenant-1 finish"),
        Case(
            name: "a tenant's case doesn't matter", discovery: .keyVault, scopes: [], allowedTenants: ["TENANT-1"],
            answers: [(401, [vaultChallenge(tenant: "tEnAnT-1")]), (200, [])], expected: "- \(vaultScope)@tenant-1 finish"),
    ]

    @Test(arguments: cases)
    func answersDecide(_ item: Case) throws {
        let options = BearerTokenAuthorizer.Options(
            tenantID: item.tenantID, discovery: item.discovery, allowedTenants: item.allowedTenants)
        var plan = AuthorizationPlan(
            policy: .init(scopes: item.scopes, options: options),
            origin: try AuthorizedOrigin(try url("https://contoso.vault.azure.net/secrets/a")),
            hasBody: item.hasBody,
            known: item.known.map { .init(scopes: [Self.vaultScope], tenantID: $0) }
        )
        var steps = [Self.shown(plan, item)]
        for answer in item.answers {
            let challenges = AuthenticationChallenge.challenges(in: answer.challenges)
            do {
                let continues = try plan.continues(
                    after: answer.status, challenges: challenges, canSendBodyAgain: item.canSendBodyAgain)
                steps.append(continues ? Self.shown(plan, item) : "finish")
            } catch let error as AuthenticationError {
                #expect(error.code == .authenticationFailed && error.credential == "BearerTokenAuthorizer")
                steps.append("refused")
            }
        }
        #expect(steps.joined(separator: " ") == item.expected)
    }

    private static func shown(_ plan: AuthorizationPlan, _ item: Case) -> String {
        let body = item.hasBody && !plan.includesBody ? "without" : ""
        guard let ask = plan.ask else { return "-" + body }
        let tenant = ask.tenantID.map { "@\($0)" } ?? ""
        return ask.scopes.joined(separator: ",") + tenant + (ask.claims == nil ? "" : "+claims") + body
    }

    @Test func whatWasDiscoveredIsToldOnceWithoutClaims() throws {
        let options = BearerTokenAuthorizer.Options(discovery: .keyVault)
        var plan = AuthorizationPlan(
            policy: .init(scopes: [], options: options), origin: try AuthorizedOrigin(try url("https://a.vault.azure.net")),
            hasBody: false, known: nil)
        let vault = AuthenticationChallenge.challenges(in: [vaultChallenge()])
        let first = try plan.continues(after: 401, challenges: vault, canSendBodyAgain: true)
        #expect(first)
        #expect(plan.discovered == .init(scopes: [Self.vaultScope], tenantID: "tenant-1"))
        let claims = AuthenticationChallenge.challenges(in: [claimsChallenge()])
        let second = try plan.continues(after: 401, challenges: claims, canSendBodyAgain: true)
        #expect(second && plan.discovered == nil && plan.ask?.claims == sampleClaims)
    }

    /// A request that can't be sent again leaves to the next one what it was told.
    @Test func whatCanNotBeAnsweredIsKept() throws {
        let origin = try AuthorizedOrigin(try url("https://a.vault.azure.net"))
        let known = AuthorizationPlan.Ask(scopes: [Self.vaultScope], tenantID: "tenant-1")
        func answered(_ challenge: String, canSendAgain: Bool) throws -> (continues: Bool, plan: AuthorizationPlan) {
            var plan = AuthorizationPlan(
                policy: .init(scopes: [], options: .init(discovery: .keyVault)), origin: origin, hasBody: true, known: known)
            let challenges = AuthenticationChallenge.challenges(in: [challenge])
            return (try plan.continues(after: 401, challenges: challenges, canSendBodyAgain: canSendAgain), plan)
        }
        let claims = try answered(claimsChallenge(), canSendAgain: false)
        #expect(!claims.continues && claims.plan.unansweredClaims == sampleClaims && claims.plan.ask == known)
        let sentAgain = try answered(claimsChallenge(), canSendAgain: true)
        #expect(sentAgain.continues && sentAgain.plan.unansweredClaims == nil)
        let moved = try answered(vaultChallenge(tenant: "tenant-2") + ", claims=e30", canSendAgain: false)
        #expect(!moved.continues && moved.plan.discovered?.tenantID == "tenant-2" && moved.plan.unansweredClaims == nil)
        let hostile = try answered(vaultChallenge(resource: "https://management.azure.com"), canSendAgain: false)
        #expect(!hostile.continues && hostile.plan.discovered == nil && hostile.plan.unansweredClaims == nil)
    }

    @Test func aRequestIsSentThreeTimesAtMost() throws {
        var plan = AuthorizationPlan(
            policy: .init(scopes: [Self.vaultScope], options: .init(discovery: .keyVault)),
            origin: try AuthorizedOrigin(try url("https://a.vault.azure.net")), hasBody: true, known: nil)
        let answers: [(Int, [String])] = [(401, ["Bearer"]), (401, [vaultChallenge()]), (401, [claimsChallenge()]), (401, [])]
        let steps = try answers.map { status, values in
            let challenges = AuthenticationChallenge.challenges(in: values)
            return try plan.continues(after: status, challenges: challenges, canSendBodyAgain: true)
        }
        #expect(steps == [true, true, false, false])
    }
}
