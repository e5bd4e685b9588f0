// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Foundation
import Testing

extension ToolProcesses {
    /// An identity broker on a session bus for real: accounts, tokens, windows, signing out.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.sessionBus.isWanted)) struct BrokerTests {
        private static let homeAccountID = "\(Sample.userObjectID).\(Sample.tenantID)"

        @Test func accountsAreThoseWhoAreSignedIn() async throws {
            try await BrokerStage.withBroker(signedIn: [Sample.userName, Sample.otherUserName]) { stage, broker in
                let request = BrokerStage.request()
                let accounts = try await stage.client.accounts(request)
                #expect(accounts.map(\.username) == [Sample.userName, Sample.otherUserName])
                #expect(accounts.first?.homeAccountID == Self.homeAccountID && accounts.first?.realm == Sample.tenantID)
                let call = try #require(broker.calls.first)
                #expect(call.method == .getAccounts && call.correlationID == request.correlationID && broker.calls.count == 1)
                #expect(call.clientID == Sample.publicClientID && call.protocolVersion == "0.0")
                broker.signOut(Sample.userName)
                #expect(try await stage.client.accounts(request).map(\.username) == [Sample.otherUserName])
            }
        }

        @Test func aTokenComesSilently() async throws {
            try await BrokerStage.withBroker { stage, broker in
                let account = try #require(try await stage.client.accounts(BrokerStage.request()).first)
                for account in [account, nil] {
                    let answer = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
                    let claims = try #require(UnverifiedClaims(token: answer.token.revealed))
                    #expect(claims.objectID == Sample.userObjectID && claims.clientID == Sample.publicClientID)
                    #expect(claims.audience == ["https://vault.azure.net"])
                    #expect(answer.scopes.contains(vaultScope) && !answer.isProofOfPossession)
                    let rest = try #require(answer.expiresOn).timeIntervalSinceNow
                    #expect(rest > 3000 && rest < 90_000)
                    #expect(answer.account?.homeAccountID == Self.homeAccountID)
                    #expect(answer.idTokenClaims?.userName == Sample.userName)
                }
                #expect(broker.callCount(of: .acquireTokenSilently) == 2 && broker.callCount(of: .getAccounts) == 2)
                #expect(broker.callCount(of: .acquireTokenInteractively) == 0)
                let last = try #require(broker.calls.last)
                #expect(last.userName == Sample.userName && last.scopes == [vaultScope])
            }
        }

        /// A guest gets a token of the other tenant, with the object id there.
        @Test func theTenantOfTheRequestCounts() async throws {
            try await BrokerStage.withBroker { stage, _ in
                let account = try await stage.client.accounts(BrokerStage.request()).first
                let request = BrokerStage.request(tenant: Sample.otherTenantID)
                let answer = try await stage.client.acquireSilently(request, account: account)
                let claims = try #require(UnverifiedClaims(token: answer.token.revealed))
                #expect(claims.tenantID == Sample.otherTenantID && claims.objectID == Sample.guestObjectID)
                #expect(answer.account?.homeAccountID == Self.homeAccountID && answer.account?.realm == Sample.otherTenantID)
            }
        }

        @Test func whoNeedsASecondFactorGetsATokenFromTheWindowAndThenSilently() async throws {
            try await BrokerStage.withBroker(signedIn: [Sample.multifactorUserName]) { stage, broker in
                let account = try #require(try await stage.client.accounts(BrokerStage.request()).first)
                let refusal = await BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
                }
                #expect(
                    refusal?.kind == .interactionRequired && refusal?.context.contains("AADSTS50076") == true, "\(refusal as Any)"
                )
                let answer = try await stage.client.acquireInteractively(BrokerStage.request(), account: account)
                #expect(UnverifiedClaims(token: answer.token.revealed)?.userName == Sample.multifactorUserName)
                let again = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
                #expect(UnverifiedClaims(token: again.token.revealed)?.userName == Sample.multifactorUserName)
                #expect(broker.callCount(of: .acquireTokenInteractively) == 1)
            }
        }

        @Test func somebodyElseSignsInAtTheWindow() async throws {
            try await BrokerStage.withBroker(signedIn: []) { stage, broker in
                broker.setWindowConduct(.signsIn(as: Sample.otherUserName))
                let answer = try await stage.client.acquireInteractively(BrokerStage.request(), account: nil)
                #expect(answer.account?.username == Sample.otherUserName && broker.userNames == [Sample.otherUserName])
                broker.setWindowConduct(.closes)
                let refusal = await BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireInteractively(BrokerStage.request(), account: nil)
                }
                #expect(refusal?.kind == .userCanceled)
            }
        }

        @Test func aWindowIsAnsweredByTheTest() async throws {
            try await BrokerStage.withBroker { stage, broker in
                broker.setWindowConduct(.leavesOpen)
                async let answer = stage.client.acquireInteractively(BrokerStage.request(), account: nil)
                await broker.waitForWindows(1)
                #expect(broker.openWindowCount == 1)
                broker.answerWindows(as: Sample.otherUserName)
                let found = try await answer
                #expect(found.account?.username == Sample.otherUserName && broker.openWindowCount == 0)
                async let refusal = BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireInteractively(BrokerStage.request(), account: nil)
                }
                await broker.waitForWindows(2)
                broker.closeWindows()
                let kind = await refusal?.kind
                #expect(kind == .userCanceled)
            }
        }

        @Test func whoSignsOutIsGone() async throws {
            try await BrokerStage.withBroker { stage, _ in
                let account = try #require(try await stage.client.accounts(BrokerStage.request()).first)
                try await stage.client.signOut(account, request: BrokerStage.request())
                #expect(try await stage.client.accounts(BrokerStage.request()).isEmpty)
                let again = await BrokerStage.failure { () async throws(BrokerFailure) in
                    try await stage.client.signOut(account, request: BrokerStage.request())
                }
                #expect(again?.kind == .accountNotFound)
                let silent = await BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireSilently(BrokerStage.request(), account: account)
                }
                #expect(silent?.kind == .accountNotFound)
                let anybody = await BrokerStage.failure { () async throws(BrokerFailure) in
                    _ = try await stage.client.acquireSilently(BrokerStage.request(), account: nil)
                }
                #expect(anybody?.kind == .accountNotFound)
            }
        }

        @Test func aTokenIsBoundToARequest() async throws {
            try await BrokerStage.withBroker { stage, _ in
                let url = try #require(URL(string: "https://service.example:8443/items?a=b"))
                let request = BrokerStage.request {
                    $0.proofOfPossession = ProofOfPossession(nonce: "NONCE", method: "PUT", url: url)
                }
                let answer = try await stage.client.acquireSilently(request, account: nil)
                let claims = try #require(UnverifiedClaims(token: answer.token.revealed))
                #expect(answer.isProofOfPossession && claims["m"] == .string("PUT") && claims["nonce"] == .string("NONCE"))
                #expect(claims["u"] == .string("service.example:8443") && claims["p"] == .string("/items"))
                guard case .string(let inner)? = claims["at"] else {
                    Issue.record("no token inside")
                    return
                }
                #expect(UnverifiedClaims(token: inner)?.objectID == Sample.userObjectID)
            }
        }

        @Test(arguments: [
            (Sample.clientID, Sample.tenantID, BrokerFailure.Kind.configuration, "AADSTS50011"),
            ("c0000000-0000-4000-8000-00000000dead", Sample.tenantID, .configuration, "AADSTS700016"),
            (Sample.publicClientID, "a0000000-0000-4000-8000-00000000dead", .configuration, "AADSTS90002"),
        ])
        func whatTheTokenEndpointRefusesTheBrokerRefuses(
            clientID: String,
            tenant: String,
            kind: BrokerFailure.Kind,
            code: String
        ) async throws {
            try await BrokerStage.withBroker { stage, _ in
                let refusal = await BrokerStage.failure { () async throws(BrokerFailure) in
                    let request = BrokerStage.request(tenant: tenant, clientID: clientID)
                    _ = try await stage.client.acquireSilently(request, account: nil)
                }
                #expect(refusal?.kind == kind && refusal?.context.contains(code) == true, "\(refusal as Any)")
            }
        }

        /// What no client of ours asks for.
        @Test func theBrokerIsStrict() async throws {
            try await BrokerStage.withBroker { stage, broker in
                let bus = try await SessionBus.connect(to: try SessionBusAddress(stage.address), timeout: .seconds(30))
                var method = DBusMessages.getAccounts
                method.name = "getLinuxBrokerVersion"
                #expect(
                    try await bus.call(method, ["0.0", "id", "{}"], timeout: .seconds(30))
                        == .text(#"{"linuxBrokerVersion":"\#(broker.version)"}"#))
                let wrong = [
                    ("getAccounts", ["0.0", "id"], "InvalidArgs"), ("getAccounts", ["0.0", "id", "garbage"], "InvalidArgs"),
                    ("acquirePrtSsoCookie", ["0.0", "id", "{}"], "UnknownMethod"),
                ]
                for (name, arguments, expected) in wrong {
                    method.name = name
                    do throws(SessionBusProblem) {
                        _ = try await bus.call(method, arguments, timeout: .seconds(30))
                        Issue.record("answered")
                    } catch {
                        #expect(error.kind == .remote(name: "org.freedesktop.DBus.Error.\(expected)"))
                    }
                }
            }
        }

        @Test func twoBrokersDontShareABus() async throws {
            try await BrokerStage.withBroker { stage, _ in
                await #expect(throws: EmulatedBrokerError.self) { try await EmulatedBroker.start(address: stage.address) }
            }
            await #expect(throws: EmulatedBrokerError.self) { try await EmulatedBroker.start(address: "unix:path=/nobody/there") }
            await #expect(throws: EmulatedBrokerError.self) {
                try await EmulatedBroker.start(address: "tcp:host=localhost,port=1")
            }
        }
    }
}
#endif
