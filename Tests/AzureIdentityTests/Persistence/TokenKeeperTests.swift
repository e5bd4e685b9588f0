// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A vault with one document, as if it were on disk.
final class VaultInMemory: TokenVault {
    let document: Locked<CacheDocument>
    let problem = Locked<(any Error)?>(nil)
    let isPersistent: Bool
    let isRequired: Bool

    init(_ json: String = "{}", isPersistent: Bool = true, isRequired: Bool = false) throws {
        self.document = Locked(try CacheSamples.document(json))
        self.isPersistent = isPersistent
        self.isRequired = isRequired
    }

    func document(_ part: VaultPart) async throws -> CacheDocument {
        if let problem = self.problem.withLock({ $0 }) { throw problem }
        return self.document.withLock { $0 }
    }

    func update(_ part: VaultPart, _ change: @escaping @Sendable (inout CacheDocument) -> Void) async throws {
        if let problem = self.problem.withLock({ $0 }) { throw problem }
        self.document.withLock { change(&$0) }
    }

    func remove(_ removal: VaultRemoval, from part: VaultPart) async throws {
        try await self.update(part) { removal.apply(to: &$0) }
    }

    func parts() async throws -> [VaultPart] {
        if let problem = self.problem.withLock({ $0 }) { throw problem }
        return [VaultPart(subject: .other("one"), isCAEEnabled: false)]
    }
}

@Suite struct TokenKeeperTests {
    private static let proof = "proof"

    private let clock = VirtualClock(date: CacheSamples.now)

    private func keeper(
        _ vault: VaultInMemory,
        subject: TokenKeeper.Owner.Subject = .user(homeAccountID: CacheSamples.home),
        clientID: String = "client-id",
        credential: String = "XCredential",
        logger: Logger? = nil
    ) -> TokenKeeper {
        let owner = TokenKeeper.Owner(environments: CacheSamples.hosts, clientID: clientID, subject: subject)
        return TokenKeeper(
            vault: vault,
            part: { VaultPart(subject: .other("one"), isCAEEnabled: $0.context.isCAEEnabled) },
            owner: { _ in owner },
            clock: self.clock,
            credential: credential,
            logger: logger
        )
    }

    private func request(
        _ tenantID: String = "organizations",
        isRenewal: Bool = false,
        change: (inout TokenRequestContext) -> Void = { _ in }
    ) -> AcquisitionRequest {
        var context = TokenRequestContext(scopes: [CacheSamples.vault])
        change(&context)
        return AcquisitionRequest(
            context: context, tenantID: tenantID, deadline: MonotonicTime(nanoseconds: .max), isRenewal: isRenewal,
            onSetback: { _ in })
    }

    private static func base64(_ json: String) -> String { Base64URL.encode(json.utf8) }

    private static let idToken =
        "h.\(base64(#"{"oid":"object-id","sub":"subject","tid":"t","preferred_username":"ada@contoso.example","name":"Ada"}"#)).s"

    private func answer(_ token: String, change: (inout SignInAnswer) -> Void = { _ in }) -> AcquiredToken {
        var answer = AcquiredToken(token: token, lifetime: .seconds(3600), refreshIn: .seconds(1800), start: self.clock.now)
        var signIn = SignInAnswer(
            refreshToken: "refresh", idToken: Secret(Self.idToken),
            clientInfo: Self.base64(#"{"uid":"UID","utid":"UTID"}"#), familyID: nil, scope: "openid \(CacheSamples.vault)")
        change(&signIn)
        answer.signIn = signIn
        return answer
    }

    @Test func aTokenFromDisk() async throws {
        let token = try #require(try await self.keeper(VaultInMemory(CacheSamples.python)).token(for: self.request()))
        #expect(token.token == "user-access" && token.source == .disk && token.clientID == "Client-ID")
        #expect(token.lifetime == .seconds(3540) && token.refreshIn == .seconds(1740) && token.start == self.clock.now)
    }

    private static let table:
        [(name: String, age: Double, change: @Sendable (inout TokenRequestContext) -> Void, isFound: Bool, isLast: Bool)] = [
            ("fresh", 0, { _ in }, true, true),
            ("just before its renewal", 1799, { _ in }, true, true),
            ("due for renewal", 1800, { _ in }, false, true),
            ("five minutes left", 3300, { _ in }, false, true),
            ("expired", 3600, { _ in }, false, false),
            ("a clock that was set back", -86_400, { _ in }, false, false),
            ("claims", 60, { $0.claims = "{}" }, false, false),
            ("enough is left", 60, { $0.minimumRemainingLifetime = .seconds(3540) }, true, true),
            ("too little is left", 60, { $0.minimumRemainingLifetime = .seconds(3541) }, false, false),
            ("another scope", 60, { $0.scopes = ["other"] }, false, false),
        ]

    @Test(arguments: table)
    func givesOut(
        name: String, age: Double, change: @Sendable (inout TokenRequestContext) -> Void, isFound: Bool, isLast: Bool
    ) async throws {
        self.clock.shiftDate(by: .seconds(age - 60))
        let keeper = try self.keeper(VaultInMemory(CacheSamples.python))
        let request = self.request(change: change)
        #expect((try await keeper.token(for: request) != nil) == isFound, "\(name)")
        #expect((try await keeper.token(for: request, isLastResort: true) != nil) == isLast, "\(name)")
        #expect(try await keeper.token(for: self.request(isRenewal: true, change: change)) == nil, "\(name)")
    }

    @Test func fiveMinutesHaveToBeLeft() async throws {
        let vault = try VaultInMemory(CacheSamples.python.replacing(#", "refresh_on": "1700001800""#, with: ""))
        for (age, isFound) in [(3299.0, true), (3300, true), (3301, false)] {
            let clock = VirtualClock(date: CacheSamples.cachedAt.addingTimeInterval(age))
            let owner = TokenKeeper.Owner(
                environments: CacheSamples.hosts, clientID: "client-id", subject: .user(homeAccountID: CacheSamples.home))
            let keeper = TokenKeeper(
                vault: vault, part: { _ in .init(subject: .other("one"), isCAEEnabled: false) }, owner: { _ in owner },
                clock: clock,
                credential: "XCredential", logger: nil)
            #expect((try await keeper.token(for: self.request()) != nil) == isFound)
        }
    }

    @Test func whoseTokenItIs() async throws {
        let vault = try VaultInMemory(CacheSamples.python)
        let request = self.request("tenant-id")
        #expect(try await self.keeper(vault, subject: .user(homeAccountID: nil)).token(for: self.request()) == nil)
        #expect(try await self.keeper(vault, subject: .user(homeAccountID: "other")).token(for: self.request()) == nil)
        let application = self.keeper(vault, subject: .application(proof: Self.proof), clientID: "app")
        #expect(try await application.token(for: request) == nil)
        try await application.keep(AcquiredToken(token: "mine", lifetime: .seconds(3600)), for: request)
        #expect(try await application.token(for: request)?.token == "mine")
        #expect(try await self.keeper(vault, subject: .application(proof: "x"), clientID: "app").token(for: request) == nil)
        #expect(try await self.keeper(vault, subject: .user(homeAccountID: nil), clientID: "app").token(for: request) == nil)
    }

    /// A sign-in to any organization brings a token of the home tenant, which the account's record names afterwards.
    @Test(arguments: [("utid", true), ("UTID", true), ("organizations", true), ("common", false), ("other", false)])
    func theHomeTenantHasTwoNames(tenantID: String, isFound: Bool) async throws {
        let keeper = self.keeper(try VaultInMemory(CacheSamples.python))
        #expect((try await keeper.token(for: self.request(tenantID)) != nil) == isFound)
    }

    @Test func aTokenOfTheHomeTenantServesAnyOrganization() async throws {
        let keeper = self.keeper(try VaultInMemory(CacheSamples.python.replacing("organizations", with: "UTID")))
        #expect(try await keeper.token(for: self.request()) != nil)
        #expect(try await keeper.token(for: self.request("other")) == nil)
    }

    @Test func tokensThatNoHeaderCanCarryAreLeftAside() async throws {
        let vault = try VaultInMemory(CacheSamples.go.replacing("user-access", with: #"a\r\nb: c"#))
        #expect(try await self.keeper(vault).token(for: self.request()) == nil)
    }

    @Test func tokensFromBeforeATimeDoNotCount() async throws {
        let keeper = self.keeper(try VaultInMemory(CacheSamples.python))
        #expect(try await keeper.token(for: self.request(), keptAfter: CacheSamples.cachedAt) == nil)
        #expect(try await keeper.token(for: self.request(), keptAfter: CacheSamples.cachedAt.addingTimeInterval(-1)) != nil)
    }

    @Test func nothingIsReadFromMemory() async throws {
        let keeper = self.keeper(try VaultInMemory(CacheSamples.python, isPersistent: false))
        #expect(try await keeper.token(for: self.request()) == nil)
    }
}

// What is kept.
extension TokenKeeperTests {
    @Test func aSignInIsKeptWhole() async throws {
        let vault = try VaultInMemory()
        let keeper = self.keeper(vault, subject: .user(homeAccountID: nil))
        let answer = self.answer("access") { $0.familyID = "1" }
        self.clock.advance(by: .seconds(5))
        try await keeper.keep(answer, for: self.request(), accountSource: "authorization_code")
        let document = vault.document.withLock { $0 }
        let access = try #require(document.accessEntries.first)
        #expect(access.homeAccountID == "UID.UTID" && access.environment == CacheSamples.host && access.realm == "organizations")
        #expect(access.target == [CacheSamples.vault, "openid"] && access.cachedAt == CacheSamples.now)
        #expect(access.expiresOn == CacheSamples.now.addingTimeInterval(3600))
        #expect(access.refreshOn == CacheSamples.now.addingTimeInterval(1800))
        let refresh = try #require(document.refreshEntries.first)
        #expect(refresh.secret == "refresh" && refresh.familyID == "1" && refresh.lastModified == CacheSamples.now)
        let account = try #require(document.accounts.first)
        #expect(account.username == "ada@contoso.example" && account.localAccountID == "object-id")
        #expect(account.accountSource == "authorization_code" && account.authorityType == "MSSTS" && account.name == "Ada")
        #expect(document.idEntries.first?.secret.revealed == Self.idToken && document.applications.first?.familyID == "1")
        #expect(try await self.keeper(vault).token(for: self.request())?.token == "access")
    }

    @Test func aRenewalTakesTheRefreshTokensPlace() async throws {
        let vault = try VaultInMemory(CacheSamples.dotnet)
        let redeemed = try #require(vault.document.withLock { $0.refreshEntries.first })
        try await self.keeper(vault).keep(
            self.answer("access") { ($0.refreshToken, $0.familyID) = ("second", "1") }, for: self.request(), redeemed: redeemed)
        var document = vault.document.withLock { $0 }
        #expect(document.refreshEntries.map(\.secret) == ["second"] && document.refreshEntries.map(\.familyID) == ["1"])
        #expect(document.refreshEntries.first?.environment == "login.windows.net" && document.accounts.count == 1)
        // Without a new one, the old one stays.
        let second = try #require(document.refreshEntries.first)
        try await self.keeper(vault).keep(self.answer("access") { $0.refreshToken = nil }, for: self.request(), redeemed: second)
        document = vault.document.withLock { $0 }
        #expect(document.refreshEntries.map(\.secret) == ["second"])
    }

    @Test func aFamilysTokenStaysForTheFamily() async throws {
        let vault = try VaultInMemory(CacheSamples.python)
        let redeemed = try #require(vault.document.withLock { $0.refreshEntries.first })
        // Another application, which turns out to be no member: its token is its own.
        let stranger = self.keeper(vault, clientID: "stranger")
        try await stranger.keep(self.answer("a") { $0.refreshToken = "own" }, for: self.request(), redeemed: redeemed)
        #expect(vault.document.withLock { $0.refreshEntries.map(\.secret) } == ["user refresh", "own"])
        // A member's takes the place of the family's.
        let member = self.keeper(vault, clientID: "member")
        try await member.keep(
            self.answer("a") { ($0.refreshToken, $0.familyID) = ("family", "1") }, for: self.request(), redeemed: redeemed)
        #expect(vault.document.withLock { $0.refreshEntries.map(\.secret) } == ["family", "own"])
        #expect(vault.document.withLock { $0.application(clientID: "member", environments: nil)?.familyID } == "1")
    }

    @Test func whoSignsOutMeanwhileIsSignedOut() async throws {
        let vault = try VaultInMemory(CacheSamples.python)
        let redeemed = try #require(vault.document.withLock { $0.refreshEntries.first })
        vault.document.withLock { $0.removeAccount(homeAccountID: CacheSamples.home, environments: nil) }
        let before = vault.document.withLock { $0 }
        try await self.keeper(vault).keep(self.answer("access"), for: self.request(), redeemed: redeemed)
        #expect(vault.document.withLock { $0 } == before)
    }

    @Test func inMemoryOnlyWhatGetsOtherTokensIsKept() async throws {
        let vault = try VaultInMemory(isPersistent: false)
        let keeper = self.keeper(vault, subject: .user(homeAccountID: nil))
        try await keeper.keep(self.answer("access") { $0.refreshToken = nil }, for: self.request())
        #expect(vault.document.withLock { $0.isEmpty })
        try await keeper.keep(self.answer("access"), for: self.request())
        let document = vault.document.withLock { $0 }
        #expect(document.refreshEntries.count == 1 && document.accounts.count == 1)
        #expect(document.accessEntries.isEmpty && document.idEntries.isEmpty)
    }

    @Test func someTokensAreNotForKeeping() async throws {
        let vault = try VaultInMemory()
        let keeper = self.keeper(vault, subject: .application(proof: Self.proof))
        var bound = AcquiredToken(token: "bound", lifetime: .seconds(3600))
        bound.type = .pop
        var read = AcquiredToken(token: "read", lifetime: .seconds(3600))
        read.source = .disk
        try await keeper.keep(bound, for: self.request())
        try await keeper.keep(read, for: self.request())
        #expect(vault.document.withLock { $0.accessEntries.isEmpty })
        try await self.keeper(vault, subject: .user(homeAccountID: nil)).keep(
            AcquiredToken(token: "nobody's", lifetime: .seconds(3600)), for: self.request())
        #expect(vault.document.withLock { $0.accessEntries.isEmpty })
    }

    @Test func expiredTokensGo() async throws {
        let vault = try VaultInMemory(CacheSamples.python)
        self.clock.shiftDate(by: .seconds(4000))
        let keeper = self.keeper(vault, subject: .application(proof: Self.proof))
        try await keeper.keep(AcquiredToken(token: "new", lifetime: .seconds(60)), for: self.request())
        #expect(vault.document.withLock { $0.accessEntries.map(\.secret) } == ["new"])
    }
}

// What a vault that fails comes to.
extension TokenKeeperTests {
    @Test func aFailureIsSaidOnce() async throws {
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let vault = try VaultInMemory()
        vault.problem.withLock { $0 = CacheProblem("the disk is full\u{1B}[31m") }
        let keeper = self.keeper(vault, credential: "SaidOnceCredential", logger: logger)
        for _ in 0..<3 {
            #expect(try await keeper.token(for: self.request()) == nil)
            try await keeper.keep(self.answer("access"), for: self.request())
        }
        #expect(handler.entries.map(\.level) == [.warning, .warning])
        #expect(handler.entries.allSatisfy { $0.metadata["error.message"] == "the disk is full" })
    }

    @Test func aRequiredVaultThatFailsIsAnError() async throws {
        let vault = try VaultInMemory(isRequired: true)
        let keeper = self.keeper(vault)
        vault.problem.withLock { $0 = CacheProblem("there is no store") }
        let errors = [
            await #expect(throws: AuthenticationError.self) { try await keeper.token(for: self.request()) },
            await #expect(throws: AuthenticationError.self) { try await keeper.keep(self.answer("access"), for: self.request()) },
        ]
        for error in errors {
            #expect(error?.code == .invalidConfiguration && error?.credential == "XCredential")
            #expect(error?.message == "XCredential: The token cache can't be used: there is no store.")
        }
    }

    @Test func cancellationIsNoFailure() async throws {
        let vault = try VaultInMemory()
        vault.problem.withLock { $0 = CancellationError() }
        await #expect(throws: CancellationError.self) { try await self.keeper(vault).token(for: self.request()) }
        await #expect(throws: CancellationError.self) {
            try await self.keeper(vault).keep(self.answer("access"), for: self.request())
        }
    }

    @Test func accountsAndEntries() async throws {
        let vault = try VaultInMemory(CacheSamples.python)
        let windows = try CacheSamples.document(CacheSamples.dotnet)
        vault.document.withLock { document in
            for entry in windows.accounts { document.insert(entry) }
            document.insert(
                CacheDocument.AccountEntry(
                    homeAccountID: "subject", environment: "adfs.contoso.example", realm: "adfs", localAccountID: "subject",
                    username: "zoë", authorityType: "ADFS"))
        }
        let cache = TokenCache(vault: vault)
        let accounts = try await cache.accounts()
        #expect(accounts.map(\.username) == ["ada@contoso.example", "zoë"])
        #expect(accounts.map(\.homeAccountID) == ["UID.UTID", "subject"] && accounts.map(\.tenantID) == ["UTID", "adfs"])
        #expect(!"\(accounts)".contains("ada@") && !"\(String(reflecting: accounts))".contains("ada@"))
        let entries = try await cache.entries()
        #expect(entries.map(\.kind) == [.access, .access, .access, .refresh, .id])
        #expect(
            entries.map(\.account?.username) == ["ada@contoso.example", nil, nil, "ada@contoso.example", "ada@contoso.example"])
        #expect(entries[0].scopes == [CacheSamples.vault, "openid"] && entries[0].tenantID == "organizations")
        var text = ""
        dump(entries, to: &text)
        for secret in ["user-access", "app-access", "user refresh", "head.body", "ada@"] { #expect(!text.contains(secret)) }
        try await cache.signOut(accounts[0])
        #expect(try await cache.accounts().map(\.username) == ["zoë"])
        #expect(try await cache.entries().map(\.account) == [nil, nil])
        try await cache.signOutAll()
        #expect(try await cache.accounts().isEmpty)
        #expect(try await cache.entries().map(\.kind) == [.access, .access])
    }

    @Test func aCacheThatFailsCannotBeListed() async throws {
        let vault = try VaultInMemory()
        vault.problem.withLock { $0 = CacheProblem("it is locked") }
        let cache = TokenCache(vault: vault)
        let account = TokenCacheAccount(homeAccountID: CacheSamples.home, environment: CacheSamples.host)
        await #expect(throws: AuthenticationError.self) { try await cache.accounts() }
        await #expect(throws: AuthenticationError.self) { try await cache.entries() }
        await #expect(throws: AuthenticationError.self) { try await cache.signOut(account) }
    }
}
