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

/// A token service that says what a test wants it to say to a refresh token, and notes what it was asked.
final class PeopleService: HTTPTransport {
    struct Answer: Sendable {
        var status = 200
        var body: [String: JSONValue]

        static func refusal(_ error: String, suberror: String? = nil, claims: String? = nil, status: Int = 400) -> Answer {
            var body: [String: JSONValue] = [
                "error": .string(error), "error_description": .string("AADSTS50076: Something more."),
            ]
            body["suberror"] = suberror.map { .string($0) }
            body["claims"] = claims.map { .string($0) }
            return Answer(status: status, body: body)
        }
    }

    private let asked = Locked<[[String: String]]>([])
    private let script: Locked<@Sendable ([String: String]) -> Answer>

    init(_ script: @escaping @Sendable ([String: String]) -> Answer = { _ in .init(body: Person.ada.answer()) }) {
        self.script = Locked(script)
    }

    /// The forms that came, in order.
    var forms: [[String: String]] { self.asked.withLock { $0 } }

    func answer(_ script: @escaping @Sendable ([String: String]) -> Answer) { self.script.withLock { $0 = script } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let form = FormBody(request.body)?.values ?? [:]
        self.asked.withLock { $0.append(form) }
        let answer = self.script.withLock { $0 }(form)
        let body = try JSONEncoder().encode(JSONValue.object(answer.body))
        return TransportResponse(status: answer.status, headers: ["Content-Type": "application/json"], body: Array(body))
    }
}

/// Somebody who signs in.
struct Person: Sendable {
    var name: String
    var id: String
    var tenantID = Sample.tenantID
    var refreshToken: String? = "refresh-token"
    var familyID: String?

    static let ada = Person(name: "ada@contoso.example", id: "d0000000-0000-4000-8000-000000000001")
    static let grace = Person(name: "grace@contoso.example", id: "d0000000-0000-4000-8000-000000000002")

    var homeAccountID: String { "\(self.id).\(self.tenantID)" }

    var record: AuthenticationRecord {
        AuthenticationRecord(
            authority: "login.microsoftonline.com",
            clientID: UserEngine.developerClientID,
            homeAccountID: self.homeAccountID,
            tenantID: self.tenantID,
            username: self.name
        )
    }

    /// What the token service says when this person has signed in.
    func answer(token: String = "a-token", lifetime: Int64 = 3600) -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "token_type": .string("Bearer"), "expires_in": .integer(lifetime), "access_token": .string(token),
            "id_token": .string(
                Self.jwt(["oid": self.id, "sub": "s-" + self.id, "tid": self.tenantID, "preferred_username": self.name])),
            "client_info": .string(Self.encoded(["uid": self.id, "utid": self.tenantID])),
        ]
        body["refresh_token"] = self.refreshToken.map { .string($0) }
        body["foci"] = self.familyID.map { .string($0) }
        return body
    }

    private static func jwt(_ claims: [String: String]) -> String {
        "\(Self.encoded(["alg": "none"])).\(Self.encoded(claims)).AA"
    }

    private static func encoded(_ value: [String: String]) -> String {
        Base64URL.encode(Array((try? JSONEncoder().encode(value)) ?? Data()))
    }
}

/// Something that goes on until a test lets it end, whoever cancels.
final class Held: Sendable {
    private let state = Locked<(isOver: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    /// How many wait.
    var count: Int { self.state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = self.state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    func end() {
        let waiting = self.state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A sign-in that a test decides on.
final class ScriptedFlow: SignInFlow {
    private let seen = Locked<[AcquisitionRequest]>([])
    private let person: Locked<Person>
    private let pause = Locked<(@Sendable () async -> Void)?>(nil)

    init(_ person: Person = .ada) { self.person = Locked(person) }

    /// What people were asked for.
    var requests: [AcquisitionRequest] { self.seen.withLock { $0 } }

    func next(_ person: Person) { self.person.withLock { $0 = person } }

    /// What happens while a person signs in.
    func meanwhile(_ pause: @escaping @Sendable () async -> Void) { self.pause.withLock { $0 = pause } }

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        self.seen.withLock { $0.append(request) }
        let (person, pause) = (self.person.withLock { $0 }, self.pause.withLock { $0 })
        await pause?()
        return try await desk.token(for: request) { _ in
            TokenGrant(
                parameters: [("grant_type", "sign_in"), ("client_id", desk.clientID), ("person", person.name)], secrets: [])
        }
    }
}

/// An engine with a service, a flow and a clock.
struct PeopleScene {
    let service: PeopleService
    let flow: ScriptedFlow
    let clock = VirtualClock()
    let cache: TokenCache

    init(_ person: Person = .ada, cache: TokenCache = .inMemory) {
        self.cache = cache
        let people = Dictionary([Person.ada, .grace, person].map { ($0.name, $0) }) { $1 }
        self.flow = ScriptedFlow(person)
        self.service = PeopleService { form in
            let who = form["person"].flatMap { people[$0] } ?? person
            return .init(
                body: who.answer(
                    token: "\(form["grant_type"] ?? "")-\(who.name)-\(form["scope"] ?? "")".replacing(" ", with: ",")))
        }
    }

    func engine(
        record: AuthenticationRecord? = nil,
        automatic: Bool = true,
        clientID: String? = nil
    ) -> UserEngine {
        var client = UserEngine.Client(credential: "TestCredential", clientID: clientID, record: record)
        client.authenticatesAutomatically = automatic
        let clock = self.clock
        var options = CredentialOptions(transport: self.service, retry: .none, tokenCache: self.cache, environment: [:])
        options.hostOverride = { host in
            var host = host
            host.clock = clock
            return host
        }
        return UserEngine(client, options: options, flow: self.flow)
    }
}
