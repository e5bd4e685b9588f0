// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity
import AzureIdentityBroker
import AzureIdentityTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the broker is sent, what is made of its answers, and how long it may take.
@Suite(.timeLimit(.minutes(5))) struct BrokerRequestTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    // MARK: What is sent

    @Test func claimsTakeANewTokenAndNameTheOldOne() async throws {
        let credential = self.stage.credential()
        let old = try await credential.token(forScopes: vaultScope)
        let claims = #"{"access_token":{"nbf":{"essential":true}}}"#
        let new = try await credential.token(for: .init(scopes: [vaultScope], claims: claims))
        #expect(new.token != old.token)
        #expect(self.broker.requests.map(\.claims) == [nil, claims])
        #expect(self.broker.requests.map { $0.tokenToRenew?.revealed } == [nil, old.token])
        #expect(try await credential.token(forScopes: vaultScope).token == new.token)
    }

    /// An answer that repeats the old token, or the beginning of it, doesn't get it into an error.
    @Test(arguments: [0, 992]) func theOldTokenIsNotShown(lead: Int) async throws {
        let credential = self.stage.credential()
        let old = try await credential.token(forScopes: vaultScope).token
        let text = String(repeating: "x", count: lead) + " \(old) is old, and more is said of it, up to the end"
        self.broker.fail(.from(status: 9, context: text))
        let claims = #"{"access_token":{"nbf":{"essential":true}}}"#
        let error = try await authenticationError {
            try await credential.token(for: .init(scopes: [vaultScope], claims: claims))
        }
        #expect(self.broker.requests.last?.tokenToRenew?.revealed == old)
        #expect(!error.message.contains("MARKED") && error.message.contains(lead == 0 ? "<redacted> is old" : "xxx"))
        #expect((error.underlyingError as? BrokerFailure)?.context.contains("MARKED") == false)
    }

    @Test func continuousAccessIsAClaimAndKeptApart() async throws {
        let credential = self.stage.credential()
        let plain = try await credential.token(forScopes: vaultScope)
        let aware = try await credential.token(for: .init(scopes: [vaultScope], isCAEEnabled: true))
        #expect(plain.token != aware.token)
        #expect(self.broker.requests.map(\.claims) == [nil, #"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#])
        #expect(self.broker.requests.last?.tokenToRenew == nil)
    }

    @Test func optionsReachTheBroker() async throws {
        let id = UUID()
        let credential = self.stage.credential {
            $0.tenantID = Sample.tenantID
            $0.isMSAPassthroughEnabled = true
            $0.credentialOptions.authorityHost = .usGovernment
            $0.credentialOptions.isInstanceDiscoveryEnabled = false
            $0.credentialOptions.additionallyAllowedTenants = [.tenant(Sample.otherTenantID)]
        }
        let context = TokenRequestContext(scopes: ["api://x/.default"], tenantID: Sample.otherTenantID, correlationID: id)
        _ = try await credential.token(for: context)
        let request = try #require(self.broker.requests.last)
        #expect(request.authority == "https://login.microsoftonline.us/\(Sample.otherTenantID)")
        #expect(
            request.isMSAPassthroughEnabled && !request.validatesAuthority && request.correlationID == id.uuidString.lowercased())
        let denied = try await authenticationError {
            try await credential.token(for: .init(scopes: ["api://x/.default"], tenantID: Sample.emptyTenantID))
        }
        #expect(denied.remedy?.guide == "G48")
        let foreign = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(foreign.code == .invalidConfiguration && self.broker.requests.count == 1)
    }

    /// A mistake in the options, and a word of what is said of it.
    struct Mistake: Sendable {
        let part: String
        let make: @Sendable (inout BrokerCredential.Options) -> Void

        init(_ part: String, _ make: @escaping @Sendable (inout BrokerCredential.Options) -> Void) {
            (self.part, self.make) = (part, make)
        }
    }

    @Test(
        arguments: [
            Mistake("AD FS") { $0.tenantID = "adfs" }, Mistake("timeout") { $0.timeout = .zero },
            Mistake("timeout") { $0.timeout = .seconds(86_401) }, Mistake("login hint") { $0.loginHint = "a\nb" },
            Mistake("tenant") { $0.tenantID = "a/b" }, Mistake("client") { $0.clientID = "a b" },
        ])
    func badOptionsAreErrorsAtOnce(mistake: Mistake) async throws {
        let credential = self.stage.credential(mistake.make)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(
            error.code == .invalidConfiguration && error.message.lowercased().contains(mistake.part.lowercased()),
            "\(error.message)")
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        #expect(self.broker.calls.isEmpty)
    }

    // MARK: Proof of possession

    private func proof(_ nonce: String = "n", method: String = "GET", _ url: String = "https://x.example/a") throws
        -> ProofOfPossession
    {
        ProofOfPossession(nonce: nonce, method: method, url: try #require(URL(string: url)))
    }

    @Test func aTokenForOneRequestIsMadeForItAndNotKept() async throws {
        let credential = self.stage.credential()
        let plain = try await credential.token(forScopes: vaultScope)
        let context = TokenRequestContext(scopes: [vaultScope], proofOfPossession: try self.proof())
        let first = try await credential.token(for: context)
        let second = try await credential.token(for: context)
        #expect(first.type == .pop && first.source == .network && second.source == .network && first.token != second.token)
        #expect(self.broker.requests.map(\.proofOfPossession) == [nil, context.proofOfPossession, context.proofOfPossession])
        #expect(try await credential.token(forScopes: vaultScope) == plain)
    }

    @Test func aTokenOfTheOtherKindIsNone() async throws {
        let credential = self.stage.credential()
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(proof: false) }
        let context = TokenRequestContext(scopes: [vaultScope], proofOfPossession: try self.proof())
        #expect(try await authenticationError { try await credential.token(for: context) }.message.contains("bearer token came"))
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample(proof: true) }
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.message.contains("bound to a request"))
    }

    /// A closure that looks at no proof would pass off a token that anybody can use.
    @Test(arguments: [true, false]) func aClosuresTokenOfTheOtherKindIsNone(isProofWanted: Bool) async throws {
        let type: AccessToken.TokenType = isProofWanted ? .bearer : .pop
        let credential = CachingTokenCredential { _ in
            AccessToken(token: "MARKED-token", expiresOn: Date(timeIntervalSinceNow: 3600), type: type)
        }
        let proof = try self.proof()
        let context = TokenRequestContext(scopes: [vaultScope], proofOfPossession: isProofWanted ? proof : nil)
        let error = try await authenticationError { try await credential.token(for: context) }
        #expect(error.code == .authenticationFailed && error.message.contains("proof of possession"))
    }

    @Test func credentialsWithoutABrokerRefuse() async throws {
        let emulator = EntraEmulator(configuration: .sample, clock: self.stage.clock)
        let context = TokenRequestContext(scopes: [vaultScope], proofOfPossession: try self.proof())
        let bearer = AccessToken(token: "t", expiresOn: .distantFuture)
        let credentials: [any TokenCredential] = [
            ClientSecretCredential(
                tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(Sample.clientSecret),
                options: emulator.credentialOptions()),
            DeviceCodeCredential(options: .init(credentialOptions: emulator.credentialOptions())) { _ in },
            StaticTokenCredential(bearer),
        ]
        for credential in credentials {
            let error = try await authenticationError { try await credential.token(for: context) }
            #expect(error.code == .invalidConfiguration && error.message.contains("BrokerCredential"), "\(error.message)")
        }
        #expect(emulator.requestCount == 0)
    }

    @Test(arguments: [
        ("", "GET", "https://x.example"), ("a b", "GET", "https://x.example"), ("n", "get", "https://x.example"),
        ("n", "", "https://x.example"), ("n", "GET", "/path"), ("n", "GET", "file:///etc/passwd"),
        (String(repeating: "n", count: 10_000), "GET", "https://x.example"),
    ])
    func aProofForWhatIsNoRequestIsRefused(nonce: String, method: String, url: String) async throws {
        let context = TokenRequestContext(scopes: [vaultScope], proofOfPossession: try self.proof(nonce, method: method, url))
        let error = try await authenticationError { try await self.stage.credential().token(for: context) }
        #expect(error.code == .invalidConfiguration && self.broker.calls.isEmpty)
    }

    // MARK: How long a token is good

    /// What the token says of its end counts before what the broker says; the numbers are seconds from now, `nil`: it doesn't say.
    @Test(
        arguments: [
            (1000, 3600, 1000), (1000, nil, 1000), (nil, 3600, 3600), (nil, 1e12, 366 * 86_400),
        ] as [(Double?, Double?, Double)])
    func theTokenKnowsBestHowLongItIsGood(own: Double?, brokers: Double?, expected: Double) async throws {
        let text = own.map { BrokerStage.token(#"{"exp":\#(Int(BrokerStage.start.timeIntervalSince1970 + $0))}"#) } ?? "opaque"
        self.broker.answer { _, account async throws(BrokerFailure) in
            BrokerAnswer(
                token: Secret(text), expiresOn: brokers.map { BrokerStage.start.addingTimeInterval($0) }, account: account)
        }
        let token = try await self.stage.credential().token(forScopes: vaultScope)
        #expect(abs(token.expiresOn.timeIntervalSince(BrokerStage.start) - expected) < 1)
    }

    @Test(
        arguments: [
            (BrokerAnswer(token: "opaque"), "when the token expires", false),
            (.sample(lifetime: -1), "expired already", true),
            (BrokerAnswer(token: "", expiresOn: .distantFuture), "empty", false),
            (BrokerAnswer(token: "two words", expiresOn: .distantFuture), "no token at all", false),
            (BrokerAnswer(token: "a\r\nX-Injected: 1", expiresOn: .distantFuture), "no token at all", false),
            (BrokerAnswer(token: Secret(String(repeating: "t", count: 200_000)), expiresOn: .distantFuture), "too long", false),
        ] as [(BrokerAnswer, String, Bool)])
    func whatIsNoTokenIsRefused(answer: BrokerAnswer, part: String, isRetryable: Bool) async throws {
        self.broker.answer { _, _ async throws(BrokerFailure) in answer }
        let error = try await authenticationError { try await self.stage.credential().token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.message.contains(part) && error.isRetryable == isRetryable)
    }

    // MARK: Time and cancellation

    /// Hangs until it is cancelled.
    private func hang() -> ScriptedBroker.Answer {
        let clock = self.stage.clock
        return { _, _ async throws(BrokerFailure) in
            try? await clock.sleep(for: .seconds(1_000_000))
            throw BrokerFailure(.cancelled)
        }
    }

    @Test func aBrokerThatHangsIsGivenUp() async throws {
        self.broker.answer(self.hang())
        let credential = self.stage.credential()
        async let outcome = authenticationError { try await credential.token(forScopes: vaultScope) }
        // The limits of the request and of the silent part, and the broker itself.
        await self.stage.clock.waitForSleepers(3)
        self.stage.clock.advance(by: .seconds(35))
        let error = try await outcome
        #expect(error.code == .authenticationFailed && error.isRetryable && error.message.contains("within 30 s"))
    }

    @Test func aPersonWhoDoesNothingIsGivenUp() async throws {
        self.broker.list([])
        self.broker.answerPerson(self.hang())
        let credential = self.stage.credential { $0.timeout = .seconds(20) }
        async let outcome = authenticationError { try await credential.token(forScopes: vaultScope) }
        await self.stage.clock.waitForSleepers(3)
        self.stage.clock.advance(by: .seconds(25))
        let error = try await outcome
        #expect(error.code == .authenticationFailed && error.message.contains("within 20 s"))
    }

    @Test(arguments: [true, false]) func whoLeavesEndsTheRequest(isSilent: Bool) async throws {
        if isSilent { self.broker.answer(self.hang()) } else { self.broker.list([]) }
        self.broker.answerPerson(self.hang())
        let credential = self.stage.credential()
        let task = Task { try await credential.token(forScopes: vaultScope) }
        await self.stage.clock.waitForSleepers(3)
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        self.broker.list([.ada])
        self.broker.answer { _, _ async throws(BrokerFailure) in .sample() }
        #expect(try await credential.token(forScopes: vaultScope).token == "MARKED-token-1")
    }

    @Test func aBrokerThatEndsTheRequestByItselfIsAFailure() async throws {
        self.broker.fail(.from(status: 8, context: ""))
        let error = try await authenticationError { try await self.stage.credential().token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.isRetryable && error.message.contains("ended the request"))
    }
}
