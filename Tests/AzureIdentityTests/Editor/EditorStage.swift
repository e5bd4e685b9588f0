// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A home of a test's own with what Visual Studio Code leaves there, a secret store, and an emulator that knows the editor's application.
final class EditorStage: Sendable {
    /// The account of the sample's user, as the emulator's `client_info` has it.
    static let homeAccountID = "\(Sample.userObjectID).\(Sample.tenantID)"

    let folder: TestFolder
    let clock = VirtualClock.inTheFixturesTime
    let emulator: EntraEmulator
    /// What the secret store answers by account; nothing is missing.
    let passwords = Locked<[String: SavedPassword]>([:])
    private let asked = Locked<[String]>([])

    init() throws {
        self.folder = try TestFolder()
        self.emulator = EntraEmulator(configuration: .sample, clock: self.clock)
        self.emulator.update { configuration in
            for index in configuration.tenants.indices {
                configuration.tenants[index].applications.append(
                    .init(
                        clientID: EditorRecord.clientID,
                        displayName: "Visual Studio Code",
                        objectID: "b0000000-0000-4000-8000-00000000\(index)eee",
                        redirectURLs: ["http://localhost"],
                        isPublicClient: true
                    ))
            }
        }
    }

    /// What the secret store was asked for, in order: service and account.
    var questions: [String] { self.asked.withLock { $0 } }

    /// Writes a file below the home.
    func write(_ text: String, _ name: String) throws {
        let path = self.folder.path(name)
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        // A look at the files is good for a while. Whole seconds, as the times in tokens.
        self.clock.advance(by: .seconds(1))
    }

    static let recordName = ".azure/ms-azuretools.vscode-azureresourcegroups/authRecord.json"
    #if os(macOS)
    static let settingsName = "Library/Application Support/Code/User/settings.json"
    #else
    static let settingsName = ".config/Code/User/settings.json"
    #endif

    /// A record, with changes; `nil` leaves a member out.
    static func record(_ changes: [String: String?] = [:]) -> String {
        var members: [String: String] = [
            "authority": "login.microsoftonline.com", "clientId": EditorRecord.clientID, "homeAccountId": Self.homeAccountID,
            "tenantId": Sample.tenantID, "username": Sample.userName, "version": "1.0",
        ]
        for (name, value) in changes { members[name] = value }
        let lines = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{\(lines.joined(separator: ","))}"
    }

    func signIn(_ changes: [String: String?] = [:]) throws { try self.write(Self.record(changes), Self.recordName) }

    func set(_ settings: String) throws { try self.write(settings, Self.settingsName) }

    /// A refresh token of the editor's application, which a person's sign-in has brought.
    func refreshToken(of userName: String = Sample.userName) async throws -> Secret {
        struct Answer: Decodable { let refresh_token: String }
        let form = FormEncoding.body([
            ("grant_type", "password"), ("client_id", EditorRecord.clientID), ("username", userName),
            ("password", Sample.password), ("scope", "\(vaultScope) offline_access openid profile"), ("client_info", "1"),
        ])
        let response = try await self.emulator.transport.send(Self.request(form))
        return Secret(try JSONDecoder().decode(Answer.self, from: Data(response.body)).refresh_token)
    }

    /// Puts a refresh token where the older extension keeps it.
    func store(_ secret: Secret, cloud: String = "AzureCloud") { self.passwords.withLock { $0[cloud] = .found(secret) } }

    static func request(_ form: [UInt8], tenantID: String = Sample.tenantID) throws -> TransportRequest {
        guard let url = URL(string: "https://login.microsoftonline.com/\(tenantID)/oauth2/v2.0/token") else {
            throw UnexpectedSuccess()
        }
        return TransportRequest(
            method: .post, url: url, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: form)
    }

    func options(
        transport: (any HTTPTransport)? = nil,
        tokenCache: TokenCache = .inMemory,
        variables: [String: String] = [:],
        change: (inout CredentialOptions) -> Void = { _ in }
    ) -> CredentialOptions {
        var options = self.emulator.credentialOptions(
            transport: transport,
            tokenCache: tokenCache,
            retry: RetryOptions(baseDelay: .zero),
            environment: EnvironmentVariables(["HOME": self.folder.path].merging(variables) { $1 })
        )
        options.hostOverride = { [inner = options.hostOverride, passwords = self.passwords, asked = self.asked] host in
            var host = inner?(host) ?? host
            host.savedPassword = { service, account, _ in
                asked.withLock { $0.append("\(service)/\(account)") }
                return passwords.withLock { $0[account] } ?? .missing
            }
            return host
        }
        change(&options)
        return options
    }

    func credential(
        tenantID: String? = nil,
        broker: EditorBrokerClient? = nil,
        variables: [String: String] = [:],
        change: (inout CredentialOptions) -> Void = { _ in }
    ) -> VisualStudioCodeCredential {
        VisualStudioCodeCredential(
            options: .init(
                tenantID: tenantID,
                broker: broker?.signIn,
                credentialOptions: self.options(variables: variables, change: change)
            ))
    }
}

/// A broker that redeems a refresh token at the emulator, and answers or fails as a test says. It has no window.
final class EditorBrokerClient: BrokerClient {
    struct State: Sendable {
        /// What it lists.
        var accounts: [BrokerAccount] = [BrokerAccount(homeAccountID: EditorStage.homeAccountID, username: Sample.userName)]
        /// Whose token it says it gave; `nil`: that of the account it was asked for.
        var answering: BrokerAccount?
        var failure: BrokerFailure?
        /// The accounts that tokens were asked for.
        var asked: [BrokerAccount?] = []
        var requests: [BrokerRequest] = []
        var windows = 0
    }

    let name = "broker of the test"
    let state = Locked(State())
    private let transport: any HTTPTransport
    private let clock: any MachineClock
    private let secret: Secret

    init(_ stage: EditorStage, transport: (any HTTPTransport)? = nil, secret: Secret) {
        self.transport = transport ?? stage.emulator.transport
        self.clock = stage.clock
        self.secret = secret
    }

    var signIn: BrokeredSignIn { self.signIn(identity: "broker of the test") }

    func signIn(identity: String) -> BrokeredSignIn {
        BrokeredSignIn(client: { _ in self }, platform: .linux, identity: identity)
    }

    func accounts(_ request: BrokerRequest) async throws(BrokerFailure) -> [BrokerAccount] {
        let (accounts, failure) = self.state.withLock { ($0.accounts, $0.failure) }
        if let failure, case .absent = failure.kind { throw failure }
        return accounts
    }

    func acquireSilently(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        let state = self.state.withLock { state in
            state.asked.append(account)
            state.requests.append(request)
            return state
        }
        if let failure = state.failure { throw failure }
        var fields: [(name: String, value: String)] = [
            ("grant_type", "refresh_token"), ("client_id", request.clientID), ("refresh_token", self.secret.revealed),
            ("scope", request.scopes.joined(separator: " ")),
        ]
        if let claims = request.claims { fields.append(("claims", claims)) }
        let response: TransportResponse
        do {
            let tenantID = request.authority.split(separator: "/").last.map(String.init) ?? ""
            response = try await self.transport.send(EditorStage.request(FormEncoding.body(fields), tenantID: tenantID))
        } catch is CancellationError {
            throw BrokerFailure(.cancelled)
        } catch {
            throw BrokerFailure(.noNetwork)
        }
        struct Answer: Decodable { let access_token: String }
        guard response.status == 200, let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw BrokerFailure(response.status == 400 ? .interactionRequired : .temporary, context: "status \(response.status)")
        }
        return BrokerAnswer(token: Secret(answer.access_token), account: state.answering ?? account)
    }

    func acquireInteractively(_ request: BrokerRequest, account: BrokerAccount?) async throws(BrokerFailure) -> BrokerAnswer {
        self.state.withLock { $0.windows += 1 }
        throw BrokerFailure(.userCanceled)
    }

    func signOut(_ account: BrokerAccount, request: BrokerRequest) async throws(BrokerFailure) {}
}
