// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
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

/// A sign-in by a browser, from the page that is opened to the one at the end.
@Suite(.timeLimit(.minutes(5))) struct BrowserFlowTests {
    private let stage = BrowserStage()
    private static let context = TokenRequestContext(scopes: [vaultScope])

    @Test func aPersonSignsInOnce() async throws {
        let credential = self.stage.credential()
        let record = try await credential.authenticate(for: Self.context)
        #expect(record.username == Sample.userName && record.clientID == Sample.publicClientID)
        let token = try await credential.token(for: Self.context)
        #expect(token.source == .memory && token.provenance?.credential == "InteractiveBrowserCredential")
        // Another resource: by the refresh token.
        #expect(try await credential.token(forScopes: "https://storage.azure.com/.default").source == .network)
        #expect(self.stage.opened.withLock { $0.count } == 1 && self.stage.listener.isClosed)
        let page = try #require(self.stage.pages.withLock { $0.first })
        #expect(page.contains("You are signed in") && page.contains(Sample.userName))
    }

    @Test func whatIsSentIsWhatTheStandardsAskFor() async throws {
        let claims = #"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#
        let credential = self.stage.credential(changing: {
            $0.loginHint = "ada@contoso.example"
            $0.domainHint = "contoso.example"
            $0.prompt = .login
        })
        _ = try await credential.token(for: .init(scopes: [vaultScope], claims: claims, isCAEEnabled: true))
        let asked = self.stage.asked
        #expect(asked["response_type"] == "code" && asked["response_mode"] == "form_post" && asked["client_info"] == "1")
        #expect(asked["redirect_uri"] == "http://localhost:41234" && asked["client_id"] == Sample.publicClientID)
        #expect(asked["scope"] == "\(vaultScope) offline_access openid profile" && asked["code_challenge_method"] == "S256")
        #expect(asked["prompt"] == "login" && asked["login_hint"] == "ada@contoso.example")
        #expect(asked["domain_hint"] == "contoso.example" && asked["claims"]?.contains(#""xms_cc":{"values":["CP1"]}"#) == true)
        #expect(asked["state"]?.utf8.count == 43 && asked["nonce"]?.utf8.count == 43 && asked["state"] != asked["nonce"])
        let sent = try #require(self.stage.emulator.requests.last { $0.path.hasSuffix("/token") })
        #expect(sent.form["grant_type"] == "authorization_code" && sent.form["redirect_uri"] == asked["redirect_uri"])
        #expect(sent.form["scope"] == asked["scope"] && sent.form["claims"] == asked["claims"] && sent.form["client_info"] == "1")
        #expect(PKCE(verifier: sent.form["code_verifier"] ?? "")?.challenge == asked["code_challenge"])
        #expect(sent.headers["X-AnchorMailbox"]?.hasPrefix("Oid:\(Sample.userObjectID)@") == true)
    }

    @Test func theBrowsersAddressTellsNobodyAnything() async throws {
        let credential = self.stage.credential(changing: { $0.loginHint = "ada@contoso.example" })
        _ = try await credential.token(for: Self.context)
        let address = try #require(self.stage.addresses.withLock { $0.first }?.absoluteString)
        #expect(address.wholeMatch(of: /http:\/\/localhost:41234\/[A-Za-z0-9_-]{43}/) != nil, "\(address)")
        for part in ["state", "nonce", "login_hint"] {
            let value = try #require(self.stage.asked[part])
            #expect(!address.contains(value))
        }
        // The next sign-in has another one.
        try await credential.signOut()
        _ = try await credential.token(for: Self.context)
        #expect(Set(self.stage.addresses.withLock { $0 }).count == 2)
    }

    /// Who sees the arguments of programs and is there before the browser knows the state, and could end the sign-in as somebody else.
    @Test func anAddressThatIsOpenedTwiceEndsTheSignIn() async throws {
        let credential = self.stage.credential { stage, url in
            let parameters = try stage.emulator.signIn(
                at: url.absoluteString, as: Sample.otherUserName, password: Sample.password)
            guard let address = stage.addresses.withLock({ $0.last }) else { return }
            #expect(await stage.listener.send("HEAD", address.path())?.status == 404)
            let second = await stage.listener.send("GET", address.path())
            #expect(second?.status == 410 && second?.headers["Location"] == nil)
            let shown = String(decoding: second?.body ?? [], as: UTF8.self)
            #expect(shown.contains("opened before"))
            await stage.comeBack(parameters)
        }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationFailed && error.message.contains("opened twice") && error.remedy != nil, "\(error)")
        #expect(self.stage.emulator.tokenRequestCount == 0 && credential.authenticationRecord == nil)
        #expect(self.stage.listener.isClosed)
    }

    @Test func strayRequestsDoNotEndTheWait() async throws {
        let credential = self.stage.credential { stage, url in
            let parameters = try stage.emulator.signIn(at: url.absoluteString, as: Sample.userName, password: Sample.password)
            #expect(await stage.listener.send("GET")?.status == 404)
            #expect(await stage.listener.send("GET", "/favicon.ico")?.status == 204)
            #expect(await stage.listener.send("POST", form: ["code": "stolen", "state": "guessed"])?.status == 400)
            #expect(await stage.listener.send("POST", form: ["error": "access_denied"])?.status == 400)
            await stage.comeBack(parameters)
        }
        _ = try await credential.token(for: Self.context)
        #expect(self.stage.pages.withLock { $0.first }?.contains("You are signed in") == true)
    }

    @Test func concurrentCallersOpenOnePage() async throws {
        let credential = self.stage.credential()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { try await credential.token(for: Self.context).token } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens.count == 1 && self.stage.opened.withLock { $0.count } == 1)
    }

    @Test func whoCancelsIsToldWhatToDo() async throws {
        let credential = self.stage.credential { stage, url in
            await stage.comeBack(try stage.emulator.cancelSignIn(at: url.absoluteString))
        }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationFailed && error.serviceError?.error == "access_denied")
        #expect(error.serviceError?.suberror == "cancel" && error.remedy != nil && error.message.contains("access_denied"))
        let page = try #require(self.stage.pages.withLock { $0.first })
        #expect(page.contains("did not succeed") && page.contains("What to do") && self.stage.listener.isClosed)
    }

    @Test func aCodeThatIsRefusedEndsOnTheFailurePage() async throws {
        let credential = self.stage.credential { stage, url in
            var parameters = try stage.emulator.signIn(at: url.absoluteString, as: Sample.userName, password: Sample.password)
            parameters["code"] = "MARKED-code"
            await stage.comeBack(parameters)
        }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.serviceError?.error == "invalid_grant" && !error.description.contains("MARKED"))
        let page = try #require(self.stage.pages.withLock { $0.first })
        #expect(page.contains("did not succeed") && !page.contains("MARKED"))
    }

    @Test func withoutAPromptAPersonMayBeRequired() async throws {
        let credential = self.stage.credential(changing: { $0.prompt = .none }) { stage, _ in
            await stage.comeBack(["error": "login_required", "state": stage.asked["state"] ?? ""])
        }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationRequired && error.context == Self.context && self.stage.asked["prompt"] == "none")
    }

    @Test func aTokenThatWasIssuedForAnotherSignInIsNotUsed() async throws {
        let service = PeopleService()
        let credential = self.stage.credential(changing: { $0.credentialOptions.transport = service }) { stage, _ in
            await stage.comeBack(["code": "a-code", "state": stage.asked["state"] ?? ""])
        }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.message.contains("nonce") && credential.authenticationRecord == nil && service.forms.count == 1)
    }

    @Test func whoEverWaitsTooLongIsTold() async throws {
        let clock = JumpingClock(clock: VirtualClock(), jumps: { $0 == .seconds(123) })
        let credential = self.stage.credential(changing: {
            $0.timeout = .seconds(123)
            $0.credentialOptions.hostOverride = { host in
                var host = host
                host.clock = clock
                return host
            }
        }) { _, _ in }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationFailed && error.message.contains("within 123 s") && error.remedy != nil)
        #expect(self.stage.listener.isClosed && self.stage.pages.withLock { $0.isEmpty })
    }

    @Test func whoGivesUpClosesThePort() async throws {
        let milestone = AsyncStream.makeStream(of: Void.self)
        let credential = self.stage.credential { _, _ in milestone.continuation.yield() }
        let task = Task { try await credential.token(for: Self.context) }
        for await _ in milestone.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(self.stage.emulator.tokenRequestCount == 0)
    }
}

/// What happens where no browser can be used.
@Suite(.timeLimit(.minutes(5))) struct BrowserFallbackTests {
    private let stage = BrowserStage()
    private static let context = TokenRequestContext(scopes: [vaultScope])

    private struct Broken: Error {}

    @Test func aMachineWithoutAScreenIsRecognised() async throws {
        let credential = self.stage.credential(changing: { $0.openURL = nil })
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .credentialUnavailable && error.isUnavailable && error.message.contains("without a screen"))
        #expect(error.remedy?.variables.contains("BROWSER") == true && self.stage.emulator.requestCount == 0)
    }

    @Test func aBrowserThatDoesNotOpenIsAnError() async throws {
        let credential = self.stage.credential { _, _ in throw Broken() }
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .credentialUnavailable && error.underlyingError is Broken && self.stage.listener.isClosed)
        #expect(self.stage.emulator.tokenRequestCount == 0)
    }

    @Test(arguments: [true, false])
    func aCodeOnAnotherDeviceTakesTheBrowsersPlace(isHeadless: Bool) async throws {
        let clock = JumpingClock(clock: VirtualClock(), jumps: { $0 <= .seconds(60) })
        let emulator = self.stage.emulator
        let credential = self.stage.credential(changing: {
            if isHeadless { $0.openURL = nil } else { $0.openURL = { _ in throw Broken() } }
            $0.credentialOptions.hostOverride = { host in
                var host = host
                host.clock = clock
                return host
            }
            $0.deviceCodeFallback = { prompt in try? emulator.approveDeviceCode(prompt.userCode, as: Sample.userName) }
        })
        #expect(try await credential.authenticate(for: Self.context).username == Sample.userName)
        #expect(emulator.requests.last?.form["grant_type"]?.hasSuffix("device_code") == true)
    }

    @Test func whatIsWrongWithTheOptionsIsSaidBeforeAnythingIsOpened() async throws {
        let changes: [@Sendable (inout InteractiveBrowserCredential.Options) -> Void] = [
            { $0.redirectURL = "http://localhost" }, { $0.timeout = .zero }, { $0.timeout = .seconds(86_401) },
            { $0.loginHint = "a\nb" },
            { $0.prompt = .init("a\u{0}") },
        ]
        for change in changes {
            let credential = self.stage.credential(changing: change)
            #expect(throws: AuthenticationError.self) { try credential.validate() }
            let error = try await authenticationError { try await credential.token(for: Self.context) }
            #expect(error.code == .invalidConfiguration)
        }
        #expect(self.stage.opened.withLock { $0.isEmpty })
    }
}
#endif
