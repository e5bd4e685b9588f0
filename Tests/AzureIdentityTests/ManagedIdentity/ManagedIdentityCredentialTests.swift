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

/// What the credential of managed identities does besides the guide's rows: secrets, confirmations, chains, readiness.
@Suite struct ManagedIdentityCredentialTests {
    private static let context = TokenRequestContext(scopes: [vaultScope])

    @Test(arguments: EmulatedHost.managedIdentities)
    func aThousandCallersMakeOneRequest(host: EmulatedHost) async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update { $0.hosts.arcKeyDirectory = directory }
            let credential = ManagedIdentityCredential(options: emulator.options(on: host))
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<1000 {
                    group.addTask { try await credential.token(for: Self.context).token }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1 && emulator.requestCount == (host == .azureArc ? 2 : 1))
        }
    }

    @Test(arguments: EmulatedHost.managedIdentities)
    func equalCredentialsShareTokens(host: EmulatedHost) async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update { $0.hosts.arcKeyDirectory = directory }
            let cache = TokenCache.inMemory
            let options = emulator.options(on: host, tokenCache: cache)
            let first = try await ManagedIdentityCredential(options: options).token(for: Self.context)
            let second = try await ManagedIdentityCredential(options: options).token(for: Self.context)
            #expect(first == second && second.source == .memory)
        }
    }

    @Test(arguments: EmulatedHost.managedIdentities)
    func aRefusalShowsNoSecret(host: EmulatedHost) async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update { $0.hosts.arcKeyDirectory = directory }
            // A server that sends back whatever it was sent.
            let echo = "\(Sample.identityHeader) \(Sample.msiSecret) MARKED-TOKEN"
            for body in [
                #"{"error":"invalid_request","error_description":"\#(echo)"}"#, #"{"statusCode":400,"message":"\#(echo)"}"#,
                #"{"error":{"code":"x","message":"\#(echo)"}}"#, "<html>\(echo)</html>",
            ] {
                emulator.play(FaultScript(.status(400, body: body)))
                let credential = ManagedIdentityCredential(options: emulator.options(on: host))
                let error = try await authenticationError { try await credential.token(for: Self.context) }
                let text = "\(error) \(error.message) \(String(describing: error.response))"
                switch host {
                case .appService, .serviceFabric: #expect(!text.contains(Sample.identityHeader))
                case .appService2017, .azureMachineLearning: #expect(!text.contains(Sample.msiSecret))
                default: break
                }
            }
            emulator.play(FaultScript(.status(500, body: #"{"access_token":"MARKED-TOKEN","expires_in":1}"#)))
            let credential = ManagedIdentityCredential(options: emulator.options(on: host))
            let error = try await authenticationError { try await credential.token(for: Self.context) }
            #expect(!"\(error)".contains("MARKED-TOKEN"))
        }
    }

    @Test func anAgentThatDoesNotConfirm() async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update {
                $0.hosts.arcKeyDirectory = directory
                $0.hosts.arcIgnoresIdentity = true
            }
            for identity in [
                ManagedIdentityID.userAssigned(clientID: Sample.userAssignedClientID),
                .userAssigned(objectID: Sample.userAssignedObjectID), .userAssigned(resourceID: Sample.userAssignedResourceID),
            ] {
                let credential = ManagedIdentityCredential(identity: identity, options: emulator.options(on: .azureArc))
                let error = try await authenticationError { try await credential.token(for: Self.context) }
                #expect(error.code == .authenticationFailed && error.message.contains("did not confirm"))
            }
        }
    }

    /// The agent has spent the key by then, so that the same request can't be repeated.
    @Test func anAnswerOfTheAgentThatGetsLost() async throws {
        try await withKeyDirectory { directory in
            let emulator = EntraEmulator()
            emulator.update { $0.hosts.arcKeyDirectory = directory }
            emulator.play(FaultScript(steps: [.init(nil, requests: 1), .init(.truncation(afterBytes: 10), requests: 1)]))
            let credential = ManagedIdentityCredential(options: emulator.options(on: .azureArc))
            let token = try await credential.token(for: Self.context)
            #expect(token.source == .network && emulator.requestCount == 5)
        }
    }

    @Test func whatVariablesRuleOutIsFoundAtStartUp() async throws {
        for variables in [["WEBSITE_SITE_NAME": "x"], ["IDENTITY_ENDPOINT": "http://127.0.0.1:1"]] {
            let options = EntraEmulator().options(on: nil) { $0.merge(variables) { $1 } }
            #expect(throws: AuthenticationError.self) { try ManagedIdentityCredential(options: options).validate() }
        }
        try ManagedIdentityCredential(options: EntraEmulator().options(on: nil)).validate()
    }

    @Test func readinessKnowsAClusterThatBindsIdentities() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.tenants[0].applications[0].federatedCredentials.removeAll { $0.issuer.contains("cluster") } }
        let folder = try TestFolder()
        let path = try folder.write(try emulator.serviceAccountToken(), "token")
        let options = emulator.options(on: .workloadIdentity) {
            $0["AZURE_FEDERATED_TOKEN_FILE"] = path
            $0["AZURE_KUBERNETES_TOKEN_PROXY"] = "https://proxy.example"
        }
        let credential = ManagedIdentityCredential(options: options)
        let error = try await authenticationError {
            try await credential.waitUntilReady(for: Self.context, timeout: .seconds(600))
        }
        #expect(error.serviceError?.codes == [700_211] && emulator.tokenRequestCount == 1)
    }

    @Test func anAgentThatGivesATokenWithoutAChallenge() async throws {
        let emulator = EntraEmulator()
        let body = Array(#"{"access_token":"MARKED-TOKEN","expires_in":3600}"#.utf8)
        emulator.play(FaultScript(.response(status: 200, headers: ["Content-Type": "application/json"], body: body)))
        let credential = ManagedIdentityCredential(options: emulator.options(on: .azureArc))
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationFailed && !"\(error)".contains("MARKED-TOKEN"))
        #expect(emulator.requestCount == 1)
    }

    @Test(arguments: ["/etc/passwd", "/etc/shadow.key", "../../etc/a.key", "/dev/zero"])
    func anAgentThatNamesAnotherFile(path: String) async throws {
        let emulator = EntraEmulator()
        emulator.play(FaultScript(.response(status: 401, headers: ["WWW-Authenticate": "Basic realm=\(path)"], body: [])))
        let credential = ManagedIdentityCredential(options: emulator.options(on: .azureArc))
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .authenticationFailed && error.message.contains("the key file path is invalid"))
        #expect(emulator.requestCount == 1)
    }

    @Test func theKeyFileThatCannotBeRead() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.hosts.arcKeyDirectory = "/nonexistent/tokens" }
        emulator.play(
            FaultScript(.response(status: 401, headers: ["WWW-Authenticate": "Basic realm=/nonexistent/tokens/a.key"], body: [])))
        let credential = ManagedIdentityCredential(options: emulator.options(on: .azureArc))
        let error = try await authenticationError { try await credential.token(for: Self.context) }
        #expect(error.code == .credentialUnavailable && error.message.contains("himds"))
    }

    @Test func theTenantOfARequestDoesNotMatter() async throws {
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: .appService))
        _ = try await credential.token(for: .init(scopes: [vaultScope], tenantID: Sample.otherTenantID))
        _ = try await credential.token(for: Self.context)
        #expect(emulator.requestCount == 1)
    }

    @Test func claimsMakeANewRequest() async throws {
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: .appService))
        _ = try await credential.token(for: Self.context)
        _ = try await credential.token(for: .init(scopes: [vaultScope], claims: #"{"access_token":{}}"#))
        #expect(emulator.requestCount == 2)
    }

    @Test(arguments: [[], ["a/.default", "b/.default"]] as [[String]])
    func oneScopeIsNeeded(scopes: [String]) async throws {
        let emulator = EntraEmulator()
        let credential = ManagedIdentityCredential(options: emulator.options(on: .appService))
        let error = try await authenticationError { try await credential.token(for: .init(scopes: scopes)) }
        #expect(error.code == .invalidConfiguration && emulator.requestCount == 0)
    }

    @Test(arguments: ["", " ", "a b", "\u{202e}", String(repeating: "x", count: 2000)])
    func idsThatAreNone(id: String) async throws {
        for identity in [
            ManagedIdentityID.userAssigned(clientID: id), .userAssigned(objectID: id), .userAssigned(resourceID: id),
        ] {
            let credential = ManagedIdentityCredential(identity: identity, options: EntraEmulator().options(on: .appService))
            #expect(throws: AuthenticationError.self) { try credential.validate() }
        }
    }

    @Test func readinessWaitsForAnEndpointThatComesUp() async throws {
        let clock = VirtualClock.inTheFixturesTime
        let emulator = EntraEmulator(clock: clock)
        emulator.play(FaultScript(.reset, requests: 3))
        let credential = ManagedIdentityCredential(options: emulator.options(on: .appService, retry: .none))
        let progress = Locked<[Int]>([])
        // In small steps: a request on its way has a limit of time, too.
        let advancer = Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(5))
                await Task.yield()
            }
        }
        defer { advancer.cancel() }
        try await credential.waitUntilReady(for: Self.context, timeout: .seconds(3600)) { step in
            progress.withLock { $0.append(step.attempts) }
        }
        #expect(progress.withLock { $0 } == [1, 2, 3] && emulator.requestCount == 4)
    }

    @Test func aCallerWhoseTimeIsUpHearsWhatWasInTheWay() async throws {
        let clock = VirtualClock.inTheFixturesTime
        let emulator = EntraEmulator(clock: clock)
        emulator.update { $0.hosts.isMetadataServiceThere = false }
        let credential = ManagedIdentityCredential(options: emulator.options(on: nil, retry: .default))
        let call = Task {
            try await authenticationError {
                try await credential.token(for: .init(scopes: [vaultScope], timeout: .milliseconds(500)))
            }
        }
        // The caller's, the request's own, and that of the retry.
        await clock.waitForSleepers(3)
        clock.advance(by: .milliseconds(500))
        let error = try await call.value
        #expect(error.code == .timedOut && error.remedy?.guide == "G25")
        #expect(error.message.contains("Before that: ") && error.message.contains("No response received"))
    }

    @Test func readinessEndsAtOnceWhereNothingCanCome() async throws {
        let emulator = EntraEmulator()
        emulator.update { $0.managedIdentities = [] }
        let credential = ManagedIdentityCredential(options: emulator.options(on: .virtualMachine))
        let error = try await authenticationError {
            try await credential.waitUntilReady(for: Self.context, timeout: .seconds(60))
        }
        #expect(error.remedy?.guide == "G23" && emulator.requestCount == 1)
    }
}

extension EmulatedHost {
    /// The hosts that `ManagedIdentityCredential` asks itself.
    static let managedIdentities: [EmulatedHost] = [
        .appService, .appService2017, .azureMachineLearning, .cloudShell, .azureArc, .serviceFabric, .virtualMachine,
        .podIdentity,
    ]
}
