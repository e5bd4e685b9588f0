// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import AzureKeyVaultSecrets
import InMemoryLogging
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the client does with a vault in memory.
@Suite struct SecretClientTests {
    @Test func setsReadsListsChangesAndDeletes() async throws {
        let stage = VaultStage { $0.vaults[0].pageSize = 1 }
        let client = try stage.client()
        let date = Date(timeIntervalSince1970: 1_900_000_000)
        let first = try await client.setSecret("db", to: "one", contentType: "text/plain", tags: ["team": "a&b"], expiresOn: date)
        #expect(first.value == "one" && first.name == "db" && first.properties.expiresOn == date)
        #expect(first.properties.tags == ["team": "a&b"] && first.properties.version?.utf8.count == 32)
        let second = try await client.setSecret("db", to: "zwei €")
        #expect(try await client.getSecret("db") == second && second.value.revealed == "zwei €")
        #expect(try await client.getSecret("db", version: first.properties.version) == first)

        let names = try await client.listSecrets().reduce(into: []) { $0.append($1.name) }
        #expect(names == ["db", "disabled-secret", Sample.vaultSecretName])
        #expect(stage.vaultRequests.count { $0.path == "/secrets" } == 3)
        let versions = try await client.listSecretVersions("db").reduce(into: Set<String?>()) { $0.insert($1.version) }
        #expect(versions == [first.properties.version, second.properties.version])

        #expect(try await client.updateSecret("db", version: second.properties.version, isEnabled: false).isEnabled == false)
        let disabled = try await failure(HTTPResponseError.self) { try await client.getSecret("db") }
        #expect(disabled.innerCode == "SecretDisabled" && disabled.remedy?.commands.first?.contains("db") == true, "\(disabled)")

        let deleted = try await client.deleteSecret("db")
        #expect(deleted.name == "db" && deleted.recoveryID?.hasSuffix("/deletedsecrets/db") == true)
        let missing = try await failure(HTTPResponseError.self) { try await client.getSecret("db") }
        #expect(missing.status == 404 && missing.code == "SecretNotFound" && missing.remedy == nil)
        let taken = try await failure(HTTPResponseError.self) { try await client.setSecret("db", to: "three") }
        #expect(taken.status == 409 && taken.innerCode == "ObjectIsDeletedButRecoverable")
        #expect(stage.emulator.tokenRequestCount == 1)
        let agents = Set(stage.vaultRequests.map { $0.query["api-version"] })
        #expect(agents == ["7.6"])
    }

    @Test("a change sends what changes, and leaves the rest as it is")
    func changesWhatIsNamed() async throws {
        let stage = VaultStage()
        let client = try stage.client()
        let date = Date(timeIntervalSince1970: 1_900_000_000)
        _ = try await client.setSecret(
            "db", to: "one", contentType: "text/plain", tags: ["team": "a"], isEnabled: false, expiresOn: date)
        func change(_ change: () async throws -> SecretProperties) async throws -> (String, SecretProperties) {
            let properties = try await change()
            return (String(decoding: stage.vaultRequests.last?.body ?? [], as: UTF8.self), properties)
        }
        let (typed, first) = try await change { try await client.updateSecret("db", contentType: "a") }
        #expect(typed == #"{"contentType":"a"}"#)
        #expect(first.contentType == "a" && first.tags == ["team": "a"] && !first.isEnabled && first.expiresOn == date)
        let (enabled, second) = try await change { try await client.updateSecret("db", isEnabled: true) }
        #expect(enabled == #"{"attributes":{"enabled":true}}"#)
        #expect(second.contentType == "a" && second.tags == ["team": "a"] && second.isEnabled && second.expiresOn == date)
        let (untagged, third) = try await change { try await client.updateSecret("db", tags: [:]) }
        #expect(untagged == #"{"tags":{}}"# && third.tags == [:] && third.isEnabled && third.contentType == "a")
        let (dated, _) = try await change { try await client.updateSecret("db", notBefore: Date(timeIntervalSince1970: 1.5)) }
        #expect(dated == #"{"attributes":{"nbf":1}}"#)
        let (empty, last) = try await change { try await client.updateSecret("db") }
        #expect(empty == "{}" && last.expiresOn == date && last.isEnabled)
        #expect(try await client.getSecret("db").value == "one")
    }

    @Test("the first request goes without a token and without its body")
    func asksFirst() async throws {
        let stage = VaultStage()
        try await stage.client().setSecret("db", to: "one")
        let requests = stage.vaultRequests
        #expect(requests.map(\.method) == ["PUT", "PUT"])
        #expect(requests.first?.body == [] && requests.first?.headers["Authorization"] == nil)
        #expect(requests.last?.headers["Authorization"]?.hasPrefix("Bearer ") == true)
    }

    @Test("revoked tokens are replaced by one that was asked for with the vault's claims")
    func answersClaims() async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        stage.emulator.revokeTokens(ofApplication: Sample.clientID)
        #expect(try await client.getSecret(Sample.vaultSecretName).value.revealed == Sample.vaultSecretValue)
        _ = try await client.getSecret(Sample.vaultSecretName)
        #expect(stage.emulator.tokenRequestCount == 2)
        let claims = stage.emulator.requests.last { $0.form["claims"]?.contains("nbf") == true }?.form["claims"]
        #expect(claims?.contains("CP1") == true, "\(claims ?? "none")")
        // Without a client that can handle a challenge, the token is good until it expires.
        let plain = try await stage.credential().token(forScopes: "https://vault.azure.net/.default")
        stage.emulator.revokeTokens(ofApplication: Sample.clientID)
        #expect(try await stage.client(.static(plain)).getSecret(Sample.vaultSecretName).name == Sample.vaultSecretName)
    }

    @Test("throttling and trouble are waited out, as long as the vault asks for")
    func retries() async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        let target = FaultScript.Target.path("/secrets")
        stage.emulator.play(FaultScript(.status(429, retryAfter: "7"), target: target, requests: 1))
        let start = stage.clock.elapsed
        async let secret = client.getSecret(Sample.vaultSecretName)
        await stage.clock.waitForSleepers(1)
        stage.clock.advance(by: .seconds(7))
        #expect(try await secret.name == Sample.vaultSecretName)
        #expect(stage.clock.elapsed - start == .seconds(7))
        stage.emulator.play(FaultScript(.status(429, retryAfter: "600"), target: target))
        let error = try await failure(HTTPResponseError.self) { try await client.getSecret(Sample.vaultSecretName) }
        #expect(error.status == 429 && error.code == "Throttled" && error.retryAfter == .seconds(600) && error.isRetryable)
    }

    @Test(arguments: ["", "a b", "a/b", "../keys", "a?x", "ä", "a%2Fb", String(repeating: "a", count: 128)])
    func namesThatCanNotBeAreSentNowhere(name: String) async throws {
        let stage = VaultStage()
        let client = try stage.client()
        let calls: [() async throws -> Void] = [
            { _ = try await client.getSecret(name) }, { _ = try await client.setSecret(name, to: "x") },
            { _ = try await client.deleteSecret(name) }, { _ = try await client.getSecret("a", version: name) },
            { for try await _ in client.listSecretVersions(name) {} },
            { _ = try await client.updateSecret(name) },
        ]
        for (index, call) in calls.enumerated() {
            // A version has no limit of 127.
            if index == 3, name.utf8.count == 128 { continue }
            let error = try await failure(SecretClientError.self, call)
            #expect(error.code == .invalidArgument)
        }
        #expect(stage.emulator.requestCount == 0)
    }

    @Test(arguments: [
        "http://contoso-vault.vault.azure.net", "https://user@contoso-vault.vault.azure.net",
        "https://contoso-vault.vault.azure.net/secrets", "https://contoso-vault.vault.azure.net?x=1",
    ])
    func addressesThatCanNotBeAreSentNothing(address: String) async throws {
        let stage = VaultStage()
        let url = try #require(URL(string: address))
        let client = try stage.client(url: url)
        let error = try await failure(SecretClientError.self) { try await client.getSecret("a") }
        #expect(error.code == .invalidArgument && stage.emulator.requestCount == 0)
    }

    @Test("a vault in another domain than its resource gets no token, unless that is wanted")
    func verifiesTheResource() async throws {
        let stage = VaultStage()
        let url = try VaultStage.url("vault.contoso.example")
        let client = try stage.client(url: url)
        let error = try await failure(AuthenticationError.self) { try await client.getSecret(Sample.vaultSecretName) }
        #expect(error.message.contains("vault.contoso.example") && stage.emulator.tokenRequestCount == 0, "\(error)")
        let trusting = try stage.client(url: url) { $0.verifiesChallengeResource = false }
        #expect(try await trusting.getSecret(Sample.vaultSecretName).value.revealed == Sample.vaultSecretValue)
    }

    @Test(arguments: [
        "https://evil.example/secrets?$skiptoken=x", "http://contoso-vault.vault.azure.net/secrets?$skiptoken=x",
        "https://contoso-vault.vault.azure.net:8443/secrets?$skiptoken=x",
        "https://contoso-vault.vault.azure.net@evil.example/secrets",
        "https://contoso-vault.vault.azure.net/keys?$skiptoken=x", "/secrets?$skiptoken=x",
    ])
    func aListGoesOnNowhereElse(link: String) async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        let before = stage.emulator.requestCount
        let page = #"{"value":[{"id":"https://x.example/secrets/one"}],"nextLink":"\#(link)"}"#
        stage.emulator.play(FaultScript(.response(status: 200, body: page), target: .path("/secrets")))
        var names: [String] = []
        let error = try await failure(SecretClientError.self) {
            for try await secret in client.listSecrets() { names.append(secret.name) }
        }
        #expect(error.code == .foreignLink && names == ["one"] && stage.emulator.requestCount == before + 1, "\(error)")
    }

    @Test("a list that leads in a circle ends")
    func listsThatLeadInACircle() async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        let steps = (0..<30).map { index in
            let link = "https://contoso-vault.vault.azure.net/secrets?$skiptoken=\(index % 3)"
            let page = #"{"value":[{"id":"https://x.example/secrets/one"}],"nextLink":"\#(link)"}"#
            return FaultScript.Step(.response(status: 200, body: page), target: .path("/secrets"), requests: 1)
        }
        stage.emulator.play(FaultScript(steps: steps))
        var count = 0
        let error = try await failure(SecretClientError.self) {
            for try await _ in client.listSecrets() { count += 1 }
        }
        #expect(error.code == .invalidResponse && count < 12, "\(error), \(count)")
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"value":"x"}"#, #"{"value":"x","id":"https://x/secrets/a%2Fb"}"#, #"{"id":"https://x/secrets/a"}"#,
    ])
    func answersThatAreNoneAreErrors(body: String) async throws {
        let stage = VaultStage()
        let client = try stage.client()
        _ = try await client.getSecret(Sample.vaultSecretName)
        stage.emulator.play(FaultScript(.response(status: 200, body: body), target: .path("/secrets")))
        let error = try await failure(SecretClientError.self) { try await client.getSecret("a") }
        #expect(error.code == .invalidResponse)
    }

    @Test("one operation has a time-out, a correlation id and content logging of its own", .timeLimit(.minutes(1)))
    func singleOperationsDiffer() async throws {
        let stage = VaultStage()
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        func isValueLogged() -> Bool {
            handler.entries.contains { "\($0.message) \($0.metadata)".contains(Sample.vaultSecretValue) }
        }
        let client = try stage.client(logger: logger)
        _ = try await client.getSecret(Sample.vaultSecretName)
        #expect(!isValueLogged())
        let id = UUID()
        let own = client.with(timeout: .seconds(5), correlationID: id, isContentLoggingEnabled: true)
        _ = try await own.getSecret(Sample.vaultSecretName)
        #expect(isValueLogged())
        // It knows the vault already, and the next request has an id of its own again.
        _ = try await client.getSecret(Sample.vaultSecretName)
        let ids = stage.vaultRequests.map { $0.headers["x-ms-client-request-id"] }
        #expect(ids.count == 4 && ids[2] == id.uuidString.lowercased() && Set(ids).count == 4, "\(ids)")
        // A retry in seven seconds would come too late.
        stage.emulator.play(FaultScript(.status(429, retryAfter: "7"), target: .path("/secrets"), requests: 1))
        let error = try await failure(HTTPResponseError.self) { try await own.getSecret(Sample.vaultSecretName) }
        #expect(error.status == 429 && error.clientRequestID == id.uuidString.lowercased(), "\(error)")
    }

    @Test("the token of an operation is asked for with its correlation id")
    func correlationReachesTheCredential() async throws {
        let stage = VaultStage()
        let id = UUID()
        _ = try await stage.client().with(correlationID: id).getSecret(Sample.vaultSecretName)
        let ids = stage.emulator.requests.compactMap { $0.headers["client-request-id"] }
        #expect(ids.contains(id.uuidString.lowercased()), "\(ids)")
        #expect(stage.vaultRequests.allSatisfy { $0.headers["x-ms-client-request-id"] == id.uuidString.lowercased() })
    }

    @Test("values and tokens show in no log, no error and no description")
    func hidesValues() async throws {
        let stage = VaultStage()
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let client = try stage.client(logger: logger)
        let secret = try await client.setSecret("db", to: "very-secret-value")
        let token = try #require(stage.vaultRequests.last?.headers["Authorization"]?.dropFirst(7))
        stage.emulator.play(
            FaultScript(
                .status(400, body: #"{"error":{"code":"C","message":"no very-secret-value"}}"#), target: .path("/secrets"))
        )
        let error = try await failure(HTTPResponseError.self) { try await client.setSecret("db", to: "very-secret-value") }
        var dumped = ""
        dump(secret, to: &dumped)
        dump(error, to: &dumped)
        let lines = handler.entries.map { "\($0.message) \($0.metadata)" }
        #expect(lines.count == 3)
        for text in lines + [dumped, "\(secret)", "\(error)", String(reflecting: secret)] {
            #expect(!text.contains("very-secret-value") && !text.contains(token), "\(text)")
        }
    }
}
