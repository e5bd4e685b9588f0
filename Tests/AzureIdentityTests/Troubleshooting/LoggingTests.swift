// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client secret's life, and every line that it logs.
struct LoggedLife: Sendable {
    let clock = VirtualClock()
    let emulator: EntraEmulator
    let cache = TokenCache.inMemory
    let log = InMemoryLogHandler()

    init() { self.emulator = EntraEmulator(configuration: .sample, clock: self.clock) }

    var logger: Logger {
        var logger = Logger(label: "test") { [log] _ in log }
        logger.logLevel = .trace
        return logger
    }

    func credential(secret: String = Sample.clientSecret, change: (inout LoggingOptions) -> Void = { _ in })
        -> ClientSecretCredential
    {
        var logging = LoggingOptions(logger: self.logger)
        change(&logging)
        let options = self.emulator.credentialOptions(tokenCache: self.cache, retry: .none, logging: logging)
        return ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(secret), options: options)
    }

    /// Until what goes on behind callers' backs has ended.
    func settle() async {
        while self.cache.requestCount > 0 { await Task.yield() }
    }

    /// Lines about tokens, not about HTTP exchanges.
    var tokenLines: [String] {
        self.log.entries.filter { !"\($0.message)".hasPrefix("HTTP") }.map { "\($0.level) \($0.message)" }
    }

    /// The value of a key in the last line that has it.
    func last(_ key: String) -> String? { self.log.entries.last { $0.metadata[key] != nil }?.metadata[key].map { "\($0)" } }
}

/// Row G05: what is logged, at which level, and how often.
@Suite(.timeLimit(.minutes(1))) struct LoggingTests {
    private static let failedRenewal = "info Renewing a token failed; the old one is used until it expires"

    @Test func G05_successIsDebugAndAKeptTokenNothing() async throws {
        let life = LoggedLife()
        let credential = life.credential()
        for _ in 0..<3 { _ = try await credential.token(forScopes: vaultScope) }
        #expect(life.log.entries.map { "\($0.level) \($0.message)" } == ["info HTTP exchange", "debug Acquired a token"])
        #expect(life.last(LogKey.tenantID) == Sample.tenantID && life.last(LogKey.clientID) == Sample.clientID)
        #expect(
            life.last(LogKey.objectID) != nil && life.last(LogKey.source) == "network" && life.last(LogKey.expiresIn) == "3599")
    }

    @Test func G05_aFailureIsOneLine() async throws {
        let life = LoggedLife()
        let refused = life.credential(secret: "wrong")
        _ = try? await refused.token(forScopes: vaultScope)
        #expect(life.tokenLines == ["debug Acquiring a token failed"])
        #expect(life.last(LogKey.errorType) == "authenticationFailed")
        #expect(life.last(LogKey.errorMessage)?.contains("AADSTS7000215") == true)
    }

    @Test func G05_aFailureOfAChainsMemberIsOneLine() async throws {
        let life = LoggedLife()
        let chain = ChainedTokenCredential(
            ChainedTokenCredential(
                life.credential(secret: "wrong"), options: .init(logging: LoggingOptions(logger: life.logger))),
            options: .init(logging: LoggingOptions(logger: life.logger))
        )
        _ = try? await chain.token(forScopes: vaultScope)
        #expect(life.tokenLines == ["debug Acquiring a token failed"])
    }

    @Test func G05_aFailedRenewalIsOneLineAtInfo() async throws {
        let life = LoggedLife()
        let credential = life.credential()
        _ = try await credential.token(forScopes: vaultScope)
        life.clock.advance(by: .seconds(3400))
        life.emulator.play(FaultScript(steps: [.init(.status(503))]))
        _ = try await credential.token(forScopes: vaultScope)
        await life.settle()
        #expect(life.tokenLines == ["debug Acquired a token", Self.failedRenewal])
        #expect(life.log.entries.map(\.level) == [.info, .debug, .info, .info])
    }

    @Test func G05_aFailureOfRenewalsThatAreHandedOnIsOneLine() async throws {
        let life = LoggedLife()
        // The second request fails.
        life.emulator.play(FaultScript(steps: [.init(nil, requests: 1), .init(.status(503), requests: 1)]))
        let renewals = life.credential().renewals(for: .init(scopes: [vaultScope]), clock: HastyClock(base: life.clock))
        try await withLogger(life.logger) { _ in
            var count = 0
            for try await _ in renewals {
                count += 1
                if count == 2 { break }
            }
        }
        #expect(
            life.tokenLines == [
                "debug Acquired a token", "info Renewing a token that was handed on failed; it is asked for again",
                "debug Acquired a token",
            ])
    }

    @Test func G05_anotherIdentityIsInfo() async throws {
        let life = LoggedLife()
        let credential = life.credential()
        _ = try await credential.token(forScopes: vaultScope)
        let former = life.last(LogKey.objectID)
        life.emulator.update { $0.tenants[0].applications[0].objectID = "b0000000-0000-4000-8000-00000000009f" }
        credential.removeCachedTokens()
        for _ in 0..<2 {
            _ = try await credential.token(forScopes: vaultScope)
            life.clock.advance(by: .seconds(3700))
        }
        #expect(
            life.tokenLines == [
                "debug Acquired a token", "info Acquired a token for another identity than before", "debug Acquired a token",
            ])
        #expect(life.last(LogKey.formerObjectID) == former && life.last(LogKey.formerTenantID) == Sample.tenantID)
        #expect(life.last(LogKey.objectID) == "b0000000-0000-4000-8000-00000000009f")
    }

    @Test(arguments: [false, true]) func G05_aServiceThatNamesAUserIsNotBelieved(isEnabled: Bool) async throws {
        let life = LoggedLife()
        let credential = life.credential {
            $0.isAccountIdentifierLoggingEnabled = isEnabled
            $0.additionalAllowedHeaders = ["X-Note"]
        }
        let body = #"{"error":"invalid_grant","error_description":"AADSTS50034: The user ada@contoso.example does not exist."}"#
        life.emulator.play(
            FaultScript(steps: [
                .init(.response(status: 400, headers: ["X-Note": "ada@contoso.example"], body: Array(body.utf8)))
            ]))
        _ = try? await credential.token(forScopes: vaultScope)
        let text = life.log.entries.map { "\($0.message) \($0.metadata)" }.joined()
        #expect(text.contains("AADSTS50034") && text.contains("ada@contoso.example") == isEnabled, "\(text)")
    }

    @Test(arguments: [false, true]) func G05_aUsersNameIsLoggedOnlyIfAskedFor(isEnabled: Bool) async throws {
        let life = LoggedLife()
        var logging = LoggingOptions(logger: life.logger, isAccountIdentifierLoggingEnabled: isEnabled)
        logging.additionalAllowedHeaders = ["X-AnchorMailbox"]
        let options = life.emulator.credentialOptions(tokenCache: life.cache, retry: .none, logging: logging)
        let token = UserNameTokens.answer
        life.emulator.play(FaultScript(steps: [.init(.response(status: 200, body: token))]))
        _ = try await ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: "s", options: options
        ).token(forScopes: vaultScope)
        #expect(life.last(LogKey.userName) == (isEnabled ? Sample.userName : nil))
        let text = life.log.entries.map { "\($0.message) \($0.metadata)" }.joined()
        #expect(text.contains(Sample.userName) == isEnabled)
    }
}

/// A token service's answer with a token that names a user.
private enum UserNameTokens {
    static var answer: [UInt8] {
        let token = "e30.\(Base64URL.encode(Array("{\"oid\":\"o-1\",\"upn\":\"\(Sample.userName)\"}".utf8))).c2ln"
        return Array(#"{"token_type":"Bearer","expires_in":3600,"access_token":"\#(token)"}"#.utf8)
    }
}
