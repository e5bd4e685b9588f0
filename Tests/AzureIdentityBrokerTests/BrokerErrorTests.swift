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

/// What the failures of brokers come out as.
@Suite(.timeLimit(.minutes(5))) struct BrokerErrorTests {
    private let stage = BrokerStage()
    private var broker: ScriptedBroker { self.stage.broker }

    private func error(
        _ failure: BrokerFailure,
        _ change: (inout BrokerCredential.Options) -> Void = { _ in }
    ) async throws -> AuthenticationError {
        self.broker.fail(failure)
        let credential = self.stage.credential(change)
        return try await authenticationError { try await credential.token(forScopes: vaultScope) }
    }

    @Test(
        arguments: [
            (3, .noNetwork, true, "offline"), (4, .temporary, true, "at the moment"), (5, .temporary, true, "at the moment"),
            (17, .temporary, true, "at the moment"), (6, .configuration, false, "as the application is set up"),
            (9, .configuration, false, "as the application is set up"),
            (11, .configuration, false, "as the application is set up"),
            (20, .configuration, false, "as the application is set up"), (7, .userCanceled, false, "closed the broker's window"),
            (10, .protocolError, false, "can't be used"), (0, .refused, false, "refused"), (15, .refused, false, "refused"),
            (99, .refused, false, "refused"), (-1, .refused, false, "refused"),
        ] as [(Int, BrokerFailure.Kind, Bool, String)])
    func statusNumbers(status: Int, kind: BrokerFailure.Kind, isRetryable: Bool, part: String) async throws {
        let failure = BrokerFailure.from(status: status, context: "What\u{1B}[31m it said", errorCode: -5, tag: 557_973_645)
        #expect(failure.kind == kind)
        let error = try await self.error(failure)
        #expect(error.code == .authenticationFailed && error.isRetryable == isRetryable && error.credential == "BrokerCredential")
        for part in [part, "it said", "status \(status)", "error code -5", "tag 557973645", "scripted broker"] {
            #expect(error.message.contains(part), "\(error.message)")
        }
        #expect(!error.message.contains("\u{1B}") && error.serviceError == nil)
    }

    @Test(arguments: [2, 12, 13, 14, 16, 18]) func whatNeedsAPerson(status: Int) async throws {
        let error = try await self.error(.from(status: status, context: "")) { $0.authenticatesAutomatically = false }
        #expect(error.code == .authenticationRequired && error.context?.scopes == [vaultScope] && error.remedy != nil)
    }

    @Test(arguments: [19, 21]) func theLibrarysOwnAbsence(status: Int) async throws {
        let error = try await self.error(.from(status: status, context: ""))
        #expect(error.code == .credentialUnavailable)
    }

    @Test(arguments: BrokerPlatform.allCases) func whereThereIsNoneItSaysWhatToInstall(platform: BrokerPlatform) async throws {
        var stage = BrokerStage()
        stage.platform = platform
        stage.broker.failListing(.init(.absent(reason: "The session bus has no such name.")))
        let error = try await authenticationError { try await stage.credential().token(forScopes: vaultScope) }
        #expect(error.code == .credentialUnavailable && error.remedy?.guide == "G02" && !error.isRetryable)
        #expect(error.message.contains("The session bus has no such name.") && error.message.contains(platform.installation))
        #expect((error.underlyingError as? BrokerFailure)?.isAbsence == true)
    }

    @Test func codesOfTheServiceAreData() async throws {
        let error = try await self.error(.from(status: 0, context: "AADSTS50105: Your administrator has configured …"))
        #expect(error.serviceError?.codes == [50_105] && error.serviceError?.message.hasPrefix("AADSTS50105") == true)
        #expect(error.remedy?.guide == "G04" && error.remedy?.link == "https://login.microsoftonline.com/error?code=50105")
        let long = BrokerFailure(.refused, context: String(repeating: "x", count: 100_000))
        #expect(long.context.count <= BrokerFailure.contextLimit + 1)
    }

    // MARK: Rows

    @Test(
        arguments: BrokerPlatform.allCases, ["AADSTS50011: The redirect URI …", "AADSTS7000218: The request body must contain …"])
    func G49_theRedirectURIThatIsMissingIsNamed(platform: BrokerPlatform, context: String) async throws {
        let expected: [BrokerPlatform: String] = [
            .windows: "ms-appx-web://Microsoft.AAD.BrokerPlugin/\(Sample.publicClientID)",
            .windowsSubsystem: "ms-appx-web://Microsoft.AAD.BrokerPlugin/\(Sample.publicClientID)",
            .macOS: "msauth.com.msauth.unsignedapp://auth",
            .linux: "https://login.microsoftonline.com/common/oauth2/nativeclient",
        ]
        var stage = BrokerStage()
        // A program for Linux finds out by itself that it is inside of Windows.
        stage.platform = platform == .windowsSubsystem ? .linux : platform
        stage.broker.fail(.from(status: 9, context: context))
        let options = stage.options(environment: [:], isWindowsSubsystem: platform == .windowsSubsystem)
        let credential = stage.credential(options: options)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G49")
        let url = try #require(expected[platform])
        #expect(error.remedy?.text.contains("Add the redirect URI \(url) to") == true, "\(error.remedy?.text ?? "")")
        #expect(error.remedy?.commands.first?.contains(Sample.publicClientID) == true)
    }

    @Test(
        arguments: [
            (BrokerAccount.ada, 0, "AADSTS50020: User account from identity provider 'live.com' does not exist", true),
            (.ada, 0, "AADSTS50020: User account from identity provider 'https://sts.windows.net/…' does not exist", false),
            (.personal, 0, "AADSTS50020: User account does not exist in the tenant", true),
            (.ada, 9, "AADSTS500200: User account is a personal Microsoft account.", true),
            (.personal, 9, "", true), (.personal, 0, "The account can't be used.", true),
            (.personal, 3, "", false), (.ada, 9, "", false), (.personal, 9, "AADSTS50105: not assigned", false),
        ] as [(BrokerAccount, Int, String, Bool)])
    func G50_aPersonalAccountNeedsPassthrough(account: BrokerAccount, status: Int, context: String, isRow: Bool) async throws {
        self.broker.list([account])
        let credential = self.stage.credential()
        _ = try await credential.token(forScopes: otherScope)
        self.broker.fail(.from(status: status, context: context))
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect((error.remedy?.guide == "G50") == isRow, "\(error)")
        if isRow {
            #expect(error.remedy?.text.contains("isMSAPassthroughEnabled") == true)
            #expect(error.remedy?.text.contains("session bus knows no passthrough") == true)
        }
        // Who has turned it on, is told nothing of it.
        let passing = self.stage.credential { $0.isMSAPassthroughEnabled = true }
        let other = try await authenticationError { try await passing.token(forScopes: vaultScope) }
        #expect(other.remedy?.guide != "G50")
    }

    // MARK: In place of the broker

    private func engine(_ fallback: BrokerFallback?) -> BrokerEngine {
        var client = BrokerEngine.Client(credential: "BrokerCredential")
        client.fallback = fallback
        return BrokerEngine(client, broker: self.stage.brokered, options: self.stage.options)
    }

    private var browser: BrokerFallback {
        BrokerFallback(
            token: { context in
                AccessToken(
                    token: "by-the-browser-\(context.tenantID ?? "")", expiresOn: BrokerStage.start.addingTimeInterval(60))
            },
            record: { BrokerAccount.ada.record },
            removeCachedTokens: {},
            signOut: {}
        )
    }

    @Test func theBrowserIsOpenedWhereThereIsNoBrokerIfThatIsAllowed() async throws {
        self.broker.failListing(.init(.absent(reason: "No bus.")))
        let engine = self.engine(self.browser)
        let token = try await engine.token(for: .init(scopes: [vaultScope]))
        #expect(token.token == "by-the-browser-organizations" && engine.authenticationRecord == BrokerAccount.ada.record)
        let error = try await authenticationError { try await self.engine(nil).token(for: .init(scopes: [vaultScope])) }
        #expect(error.code == .credentialUnavailable)
    }

    @Test(arguments: [BrokerFailure.Kind.refused, .noNetwork, .timedOut, .configuration, .protocolError])
    func theBrowserIsNotOpenedForFailuresOfTheBroker(kind: BrokerFailure.Kind) async throws {
        self.broker.fail(.init(kind))
        let error = try await authenticationError { try await self.engine(self.browser).token(for: .init(scopes: [vaultScope])) }
        #expect(error.code == .authenticationFailed)
    }

    // MARK: Several ways to one broker

    @Test func theFirstWayThatIsThereIsAsked() async throws {
        let (bus, library) = (ScriptedBroker(), ScriptedBroker())
        let both = SystemBroker(backEnds: [bus, library])
        let request = BrokerRequest(
            clientID: "c", authority: "a", scopes: [], redirectURL: "r", correlationID: "i", deadline: self.stage.clock.now)
        _ = try await both.acquireSilently(request, account: nil)
        #expect(bus.calls.count == 1 && library.calls.isEmpty)
        bus.fail(.init(.refused))
        await #expect(throws: BrokerFailure(.refused)) { try await both.acquireSilently(request, account: nil) }
        #expect(library.calls.isEmpty)
        bus.fail(.init(.absent(reason: "No bus.")))
        _ = try await both.acquireSilently(request, account: nil)
        #expect(library.calls == [.silent(nil)])
        library.fail(.init(.absent(reason: "No library.")))
        await #expect(throws: BrokerFailure(.absent(reason: "No bus. No library."))) {
            try await both.acquireSilently(request, account: nil)
        }
        await #expect(throws: BrokerFailure(.absent(reason: "This system has none."))) {
            try await SystemBroker(backEnds: []).accounts(request)
        }
    }
}
