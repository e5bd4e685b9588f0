// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Foundation
import Testing

extension ToolProcesses {
    /// Tokens, accounts and errors of a broker library.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.compiler.isWanted)) struct MSALRuntimeTests {
        @Test(arguments: ["thread", "at once", "twice"])
        func aTokenComesWhereverTheLibraryCallsBack(_ callback: String) async throws {
            try await MSALRuntimeStandIn.with(["callback": callback]) { library in
                let answer = try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                #expect(answer.token.revealed == "MARKED-token" && !answer.isProofOfPossession)
                #expect(answer.expiresOn == Date(timeIntervalSince1970: 4_000_000_000))
                #expect(answer.scopes == ["one", "two"] && answer.idTokenClaims == nil)
                #expect(answer.account?.homeAccountID == "ada.contoso" && answer.account?.localAccountID == "ada")
                #expect(answer.account?.realm == "contoso" && answer.account?.username == "ada@contoso.com")
                #expect(answer.account?.environment == "login.microsoftonline.com")
                #expect(try library.record("operations") == ["sign in silently"])
                let count = callback == "twice" ? 2 : 1
                try await Patience.wait(for: "all callbacks") { try library.number("Callbacks") == count }
            }
        }

        @Test func whatIsAskedForReachesTheLibrary() async throws {
            try await MSALRuntimeStandIn.with { library in
                let url = try #require(URL(string: "https://api.contoso.com:8443/a%20b?c=d"))
                let request = MSALRuntimeSample.request {
                    $0.scopes = ["one", "two"]
                    $0.claims = #"{"access_token":{"nbf":{"value":"1"}}}"#
                    $0.loginHint = "bob@contoso.com"
                    $0.isMSAPassthroughEnabled = true
                    $0.proofOfPossession = ProofOfPossession(nonce: "nonce", method: "PATCH", url: url)
                    $0.tokenToRenew = "old"
                    $0.window = BrokerWindow(handle: 77)
                    $0.validatesAuthority = false
                }
                _ = try await library.broker.acquireInteractively(request, account: nil)
                let expected = [
                    "operations": ["sign in interactively"], "client": ["client"], "scopes": ["one two"],
                    "authority": ["https://login.microsoftonline.com/contoso"], "redirect": [MSALRuntimeSample.redirect],
                    "claims": [#"{"access_token":{"nbf":{"value":"1"}}}"#], "renew": ["old"], "hint": ["bob@contoso.com"],
                    "proof": ["PATCH api.contoso.com:8443 /a%20b nonce"], "window": ["77"],
                    "additional": ["msal_request_type=consumer_passthrough", "validateAuthority=no"],
                    "correlation": [MSALRuntimeSample.correlationID],
                ]
                for (name, values) in expected { #expect(try library.record(name) == values, "\(name)") }
            }
        }

        @Test func whatIsNotAskedForDoesNot() async throws {
            try await MSALRuntimeStandIn.with { library in
                _ = try await library.broker.acquireInteractively(MSALRuntimeSample.request(), account: nil)
                for name in ["claims", "renew", "proof"] { #expect(try library.record(name).isEmpty, "\(name)") }
                #expect(try library.record("additional") == ["msal_gui_thread=true"])
                // Not the 0 that the library refuses.
                #expect(try library.record("window") == ["1"])
            }
        }

        @Test func anAccountIsLookedForAndAsked() async throws {
            try await MSALRuntimeStandIn.with { library in
                let broker = library.broker
                _ = try await broker.acquireSilently(MSALRuntimeSample.request(), account: MSALRuntimeSample.account)
                _ = try await broker.acquireInteractively(MSALRuntimeSample.request(), account: MSALRuntimeSample.account)
                #expect(try library.record("operations") == ["read", "acquire silently", "read", "acquire interactively"])
                #expect(try library.record("read") == ["ada", "ada"])
                // Of a record that doesn't have it, the object id in the home tenant.
                let eve = BrokerAccount(homeAccountID: "eve.contoso")
                _ = try await broker.acquireSilently(MSALRuntimeSample.request(), account: eve)
                #expect(try library.record("read").last == "eve")
            }
        }

        @Test func anAccountThatTheLibraryDoesNotRememberMayBeTheSystemsOwn() async throws {
            try await MSALRuntimeStandIn.with(["read status": "16"]) { library in
                let broker = library.broker
                let answer = try await broker.acquireSilently(MSALRuntimeSample.request(), account: MSALRuntimeSample.account)
                #expect(answer.token.revealed == "MARKED-token")
                #expect(try library.record("operations") == ["read", "sign in silently"])
                // Another one's token is nobody's.
                try library.set("home", "bob.contoso")
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await broker.acquireSilently(MSALRuntimeSample.request(), account: MSALRuntimeSample.account)
                }
                #expect(failure.kind == .accountNotFound)
                _ = try await broker.acquireInteractively(MSALRuntimeSample.request(), account: MSALRuntimeSample.account)
                #expect(try library.record("operations").last == "sign in interactively")
                #expect(try library.record("hint") == ["ada@contoso.com"])
            }
        }

        @Test(arguments: [
            ("2", BrokerFailure.Kind.interactionRequired), ("3", .noNetwork), ("5", .temporary), ("7", .userCanceled),
            ("9", .configuration), ("16", .accountNotFound), ("0", .refused), ("99", .refused),
        ])
        func errorsKeepTheirNumbers(_ status: String, _ kind: BrokerFailure.Kind) async throws {
            try await MSALRuntimeStandIn.with(["status": status]) { library in
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                }
                #expect(failure.kind == kind && failure.status == Int(status))
                #expect(failure.context == "AADSTS50011: no such address")
                #expect(failure.errorCode == -5 && failure.tag == 507_897_694)
            }
        }

        @Test func aSignedRequestIsTakenOutOfItsHeader() async throws {
            try await MSALRuntimeStandIn.with(["header": "PoP eyJ.signed.request", "account": "none"]) { library in
                let answer = try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                #expect(answer.isProofOfPossession && answer.token.revealed == "eyJ.signed.request" && answer.account == nil)
                try library.set("header", "Bearer MARKED-token")
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                }
                #expect(failure.kind == .protocolError && !"\(failure)".contains("MARKED"))
            }
        }

        @Test func accountsAreFound() async throws {
            try await MSALRuntimeStandIn.with(["accounts": "3"]) { library in
                let accounts = try await library.broker.accounts(MSALRuntimeSample.request())
                #expect(accounts.count == 3 && accounts.allSatisfy { $0.homeAccountID == "ada.contoso" })
                #expect(try library.record("operations") == ["discover"])
                try library.set("accounts", "0")
                let none = try await library.broker.accounts(MSALRuntimeSample.request())
                #expect(none.isEmpty)
                try library.set("accounts", "1000000")
                let many = try await library.broker.accounts(MSALRuntimeSample.request())
                #expect(many.count == 1000)
                try library.set("discover status", "3")
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await library.broker.accounts(MSALRuntimeSample.request())
                }
                #expect(failure.kind == .noNetwork)
            }
        }

        @Test func whoIsKnownIsSignedOut() async throws {
            try await MSALRuntimeStandIn.with { library in
                let broker = library.broker
                try await broker.signOut(MSALRuntimeSample.account, request: MSALRuntimeSample.request())
                #expect(try library.record("operations") == ["read", "sign out"])
                try library.set("sign-out status", "4")
                let refused = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await broker.signOut(MSALRuntimeSample.account, request: MSALRuntimeSample.request())
                }
                #expect(refused.kind == .temporary)
                try library.set("read status", "16")
                let unknown = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await broker.signOut(MSALRuntimeSample.account, request: MSALRuntimeSample.request())
                }
                #expect(unknown.kind == .accountNotFound)
                #expect(try library.record("operations").count == 5)
            }
        }
    }
}
#endif
