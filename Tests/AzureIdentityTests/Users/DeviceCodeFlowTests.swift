// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A sign-in with a device code, from the first question to the token.
@Suite(.timeLimit(.minutes(5))) struct DeviceCodeFlowTests {
    private static let code = """
        {"device_code":"MARKED-device","user_code":"ABCD-1234","verification_uri":"https://microsoft.com/devicelogin",\
        "expires_in":"900","interval":"5","message":"Enter ABCD-1234 at https://microsoft.com/devicelogin"}
        """
    static let userToken = ScriptedTransport.json(
        #"{"token_type":"Bearer","expires_in":3599,"access_token":"user.token","refresh_token":"MARKED-refresh","#
            + #""client_info":""#
            + Base64URL.encode(#"{"uid":"u","utid":"t"}"#.utf8) + #""}"#
    )

    private let clock = VirtualClock()

    private static func refusal(_ error: String, _ code: Int = 70_016, status: Int = 400) -> TransportResponse {
        ScriptedTransport.refusal(code, error: error, status: status)
    }

    /// A service that gives a code, then answers each question as it is told, the last one for ever.
    private func transport(code: TransportResponse = ScriptedTransport.json(code), _ answers: [TransportResponse])
        -> ScriptedTransport
    {
        let rest = Locked(answers)
        return ScriptedTransport { request in
            if request.url.path().hasSuffix("/devicecode") { return code }
            return rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } ?? Self.refusal("authorization_pending")
        }
    }

    private func credential(
        _ transport: ScriptedTransport,
        timeout: Duration? = nil,
        prompts: Locked<[DeviceCodePrompt]> = Locked([]),
        longestJump: Duration = .seconds(60)
    ) -> DeviceCodeCredential {
        let clock = JumpingClock(clock: self.clock, jumps: { $0 <= longestJump })
        return DeviceCodeCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            options: .init(credentialOptions: transport.options(clock: clock), timeout: timeout)
        ) { prompt in prompts.withLock { $0.append(prompt) } }
    }

    @Test func asksForACodeTellsThePersonAndAsksForTheToken() async throws {
        let transport = self.transport([
            Self.refusal("authorization_pending"), Self.refusal("slow_down"), Self.refusal("authorization_pending"),
            Self.userToken,
        ])
        let prompts = Locked<[DeviceCodePrompt]>([])
        let start = self.clock.date
        let token = try await self.credential(transport, prompts: prompts).token(forScopes: vaultScope)
        #expect(token.token == "user.token" && token.provenance?.credential == "DeviceCodeCredential")
        // Five seconds before the first question and before the second, ten before the others.
        #expect(self.clock.elapsed == .seconds(30))
        let prompt = try #require(prompts.withLock { $0 }.first)
        #expect(prompts.withLock { $0.count } == 1 && prompt.userCode == "ABCD-1234")
        #expect(prompt.expiresOn == start.addingTimeInterval(900))
        #expect(transport.places.first == "POST login.microsoftonline.com/\(Sample.tenantID)/oauth2/v2.0/devicecode")
        let first = try #require(transport.requests.first)
        #expect(first.field("client_id") == Sample.publicClientID && first.field("client_secret") == nil)
        #expect(first.field("scope") == "\(vaultScope) offline_access openid profile")
        #expect(transport.tokenRequests.count == 4)
        for request in transport.tokenRequests {
            #expect(request.field("grant_type") == "urn:ietf:params:oauth:grant-type:device_code")
            #expect(request.field("device_code") == "MARKED-device" && request.field("code") == "MARKED-device")
            #expect(request.field("client_info") == "1" && request.field("scope") == nil)
        }
    }

    @Test func claimsGoAlongWithBothRequests() async throws {
        let transport = self.transport([Self.userToken])
        let claims = #"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#
        let context = TokenRequestContext(scopes: [vaultScope], claims: claims, isCAEEnabled: true)
        _ = try await self.credential(transport).token(for: context)
        let sent = transport.requests.map { $0.field("claims") ?? "" }
        #expect(sent.count == 2 && Set(sent).count == 1)
        #expect(sent[0].contains(#""xms_cc":{"values":["CP1"]}"#) && sent[0].contains(#""nbf""#))
    }

    @Test(arguments: [
        ("authorization_declined", 70_000, "declined"), ("access_denied", 70_000, "declined"),
        ("expired_token", 70_019, "new code"),
        ("bad_verification_code", 70_018, "Ask for a new code"),
    ])
    func endsAtOnceWithARefusal(error: String, code: Int, remedy: String) async throws {
        let transport = self.transport([Self.refusal("authorization_pending"), Self.refusal(error, code)])
        let failure = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(
            failure.code == .authenticationFailed && failure.serviceError?.error == error && failure.serviceError?.codes == [code]
        )
        #expect(failure.remedy?.text.contains(remedy) == true, "\(String(describing: failure.remedy))")
        #expect(transport.tokenRequests.count == 2 && !failure.description.contains("MARKED"))
    }

    @Test func givesUpWhenTheCodeHasExpired() async throws {
        let transport = self.transport([Self.refusal("authorization_pending")])
        let failure = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(failure.code == .authenticationFailed && !failure.isRetryable && failure.remedy != nil)
        #expect(failure.message.contains("Timed out waiting for user to authenticate") && failure.message.contains("900 s"))
        #expect(transport.tokenRequests.count == 180 && self.clock.elapsed == .seconds(900))
    }

    @Test func hasATimeOutOfItsOwn() async throws {
        let transport = self.transport([Self.refusal("authorization_pending")])
        let failure = try await authenticationError {
            try await self.credential(transport, timeout: .seconds(20), longestJump: .seconds(15)).token(forScopes: vaultScope)
        }
        #expect(failure.code == .authenticationFailed && failure.message.contains("20 s"))
        #expect(transport.tokenRequests.count == 4 && self.clock.elapsed == .seconds(20))
    }

    @Test func aFailureOnTheWayIsNoEnd() async throws {
        let transport = self.transport([
            TransportResponse(status: 503), Self.refusal("authorization_pending"), TransportResponse(status: 502), Self.userToken,
        ])
        let token = try await self.credential(transport).token(forScopes: vaultScope)
        #expect(token.token == "user.token" && self.clock.elapsed == .seconds(5 + 10 + 10 + 15))
    }

    @Test func theEndTellsWhatWasInTheWay() async throws {
        let transport = self.transport([TransportResponse(status: 503)])
        let failure = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(failure.message.contains("The last answer: ") && failure.message.contains("503"), "\(failure.message)")
        #expect(failure.response?.status == 503)
    }

    @Test func aCancelledCallerEndsTheSignIn() async throws {
        let transport = self.transport([Self.userToken])
        // Nothing jumps, so the flow waits before its first question, beside the limits of the whole and of its turn.
        let credential = self.credential(transport, longestJump: .zero)
        let caller = Task { try await credential.token(forScopes: vaultScope) }
        await self.clock.waitForSleepers(3)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(transport.tokenRequests.isEmpty)
    }

    @Test func aPromptThatDoesNotReturnIsGivenUp() async throws {
        let transport = self.transport([Self.userToken])
        let held = Held()
        defer { held.end() }
        let isFirst = Locked(true)
        let credential = DeviceCodeCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            options: .init(credentialOptions: transport.options(clock: JumpingClock(clock: self.clock)))
        ) { _ in
            let waits = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            if waits { await held.wait() }
        }
        let caller = Task { try await credential.token(forScopes: vaultScope) }
        // The limits of the whole, of the turn and of the prompt.
        await self.clock.waitForSleepers(3)
        self.clock.advance(by: .seconds(900))
        let failure = try await authenticationError { try await caller.value }
        #expect(failure.code == .authenticationFailed && failure.message.contains("900 s") && transport.tokenRequests.isEmpty)
        // Nobody waits for it any more.
        #expect(try await credential.token(forScopes: vaultScope).token == "user.token")
    }

    @Test func whoWaitsForAPromptThatDoesNotReturnCanLeave() async throws {
        let transport = self.transport([Self.userToken])
        let held = Held()
        defer { held.end() }
        let credential = DeviceCodeCredential(
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            options: .init(credentialOptions: transport.options(clock: self.clock))
        ) { _ in await held.wait() }
        let caller = Task { try await credential.token(forScopes: vaultScope) }
        await self.clock.waitForSleepers(3)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
    }

    @Test(arguments: [Duration.zero, .seconds(86_401)])
    func aTimeThatNobodyHasIsAMistake(timeout: Duration) throws {
        let credential = DeviceCodeCredential(
            options: .init(credentialOptions: self.transport([]).options(), timeout: timeout))
        let error = try #require(throws: AuthenticationError.self) { try credential.validate() }
        #expect(error.code == .invalidConfiguration && error.message.contains("86400 s"))
    }

    @Test(arguments: [
        #"{}"#, #"{"device_code":"d","user_code":"u"}"#, #"{"device_code":"d","verification_uri":"https://a.example"}"#,
        #"{"user_code":"u","verification_uri":"https://a.example"}"#,
    ])
    func anAnswerWithoutItsMembersIsAnError(body: String) async throws {
        let prompts = Locked<[DeviceCodePrompt]>([])
        let transport = self.transport(code: ScriptedTransport.json(body), [Self.userToken])
        let failure = try await authenticationError {
            try await self.credential(transport, prompts: prompts).token(forScopes: vaultScope)
        }
        #expect(failure.code == .authenticationFailed && failure.message.contains("can't be used"))
        #expect(transport.requests.count == 1 && prompts.withLock { $0.isEmpty })
    }

    @Test func aRefusalOfTheCodeIsOneOfTheService() async throws {
        let transport = self.transport(code: Self.refusal("invalid_client", 7_000_218, status: 401), [Self.userToken])
        let failure = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(failure.serviceError?.codes == [7_000_218] && transport.requests.count == 1)
    }

    @Test func withoutLeaveNobodyIsAsked() async throws {
        let transport = self.transport([Self.userToken])
        var options = DeviceCodeCredential.Options(
            credentialOptions: transport.options(clock: JumpingClock(clock: self.clock)),
            authenticatesAutomatically: false
        )
        options.timeout = .seconds(60)
        let credential = DeviceCodeCredential(tenantID: Sample.tenantID, clientID: Sample.publicClientID, options: options) { _ in
        }
        let context = TokenRequestContext(scopes: [vaultScope])
        let failure = try await authenticationError { try await credential.token(for: context) }
        #expect(failure.code == .authenticationRequired && failure.isUnavailable && failure.context == context)
        #expect(failure.remedy?.text.contains("authenticate(for:)") == true && transport.requests.isEmpty)
        _ = try await credential.authenticate(for: failure.context)
        #expect(try await credential.token(for: context).token == "user.token")
        #expect(transport.requests.count == 2)
    }

    @Test func concurrentCallersShareOneSignIn() async throws {
        let transport = self.transport([Self.refusal("authorization_pending"), Self.userToken])
        let prompts = Locked<[DeviceCodePrompt]>([])
        let credential = self.credential(transport, prompts: prompts)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await credential.token(forScopes: vaultScope).token } }
            for try await token in group { #expect(token == "user.token") }
        }
        #expect(prompts.withLock { $0.count } == 1 && transport.requests.count == 3)
    }

    @Test(arguments: ["", "a b", "../x"])
    func aTenantThatCanBeNoneIsAnError(tenantID: String) async throws {
        let transport = self.transport([Self.userToken])
        let credential = DeviceCodeCredential(tenantID: tenantID, options: .init(credentialOptions: transport.options()))
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        let failure = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(failure.code == .invalidConfiguration && transport.requests.isEmpty)
    }
}
