// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A sign-in with a user's name and password: at the token endpoint, or at the federation service of the user's organisation, whose assertion
/// the token endpoint takes.
struct PasswordFlow: SignInFlow {
    private let username: String
    private let password: Secret
    private let asksForRealm: Bool

    /// - Parameters:
    ///   - username: The user's name.
    ///   - password: The password.
    ///   - asksForRealm: Whether the authority knows whose users are federated; AD FS isn't asked in any case.
    init(username: String, password: Secret, asksForRealm: Bool) {
        self.username = username
        self.password = password
        self.asksForRealm = asksForRealm
    }

    func signIn(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        let realm = try await self.realm(request, at: desk)
        let endpoint: WSTrustEndpoint
        switch realm.account {
        case .managed: return try await self.token(for: request, at: desk)
        case .federated(let metadata): endpoint = try await self.endpoint(metadata: metadata, request: request, at: desk)
        case .federatedWithoutMetadata(let known): endpoint = known
        }
        let answer = try await self.assertion(endpoint, audience: realm.audience, request: request, at: desk)
        return try await self.token(for: answer, request: request, at: desk)
    }

    /// What the service says of the user and the password, whatever the scope: no such password, or none that is good any more. One that is
    /// tried again and again locks the account.
    private static let refusalCodes: Set<Int> = [50_053, 50_055, 50_056, 50_057, 50_126]

    func isRefusalForAll(_ error: AuthenticationError) -> Bool {
        guard let service = error.serviceError else { return error.remedy?.guide == GuideRow.g17.rawValue }
        return service.codes.contains { Self.refusalCodes.contains($0) }
    }

    /// Throws what a user's name or password can't be.
    static func check(username: String, password: Secret, credential: String) throws {
        func isSendable(_ text: String) -> Bool {
            !text.isEmpty && text.utf8.count <= 4096
                && text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.value & 0xFFFE != 0xFFFE
                }
        }
        let problem: String? =
            if !isSendable(username) {
                "The user name is empty, too long, or holds a control character"
            } else if !isSendable(password.revealed) {
                "The password is empty, too long, or holds a control character: was it read from a file with its last newline?"
            } else {
                nil
            }
        guard let problem else { return }
        throw AuthenticationError(.invalidConfiguration, credential: credential, message: problem)
    }

    /// Who checks the password.
    private func realm(_ request: AcquisitionRequest, at desk: SignInDesk) async throws -> UserRealm {
        let endpoint = try await desk.endpoint(for: request)
        guard self.asksForRealm, !endpoint.isADFS,
            let url = UserRealm.url(of: self.username, at: endpoint.authorizationURL ?? endpoint.url)
        else { return .unknown }
        // Who signs in is nobody's business who reads the log.
        let answer = try await desk.document(
            at: url,
            request: request,
            headers: [("Accept", "application/json")],
            body: nil,
            secrets: [self.username, UserRealm.encoded(self.username)]
        )
        // A host that knows nothing of realms has no federated users.
        if answer.status == 404 { return .unknown }
        guard answer.status == 200 else {
            throw self.failure("The realm of the user can't be found out: the answer has status \(answer.status).", at: desk)
        }
        do {
            return try UserRealm(answer.body)
        } catch let problem {
            throw self.failure("The realm of the user can't be found out: \(problem.message).", at: desk)
        }
    }

    /// Where the federation service checks passwords, as its metadata says.
    private func endpoint(metadata url: URL, request: AcquisitionRequest, at desk: SignInDesk) async throws -> WSTrustEndpoint {
        let place = HostileText.sanitized(url.host() ?? "", limit: 100)
        let answer = try await desk.document(
            at: url,
            request: request,
            headers: [("Accept", "application/xml, text/xml, */*")],
            body: nil,
            secrets: []
        )
        guard answer.status == 200 else {
            throw self.failure(
                "The metadata of the federation service \(place) can't be fetched: status \(answer.status).", at: desk)
        }
        let root: SOAPElement
        do {
            root = try SOAPReader.root(of: answer.body)
        } catch let problem {
            throw self.failure("The metadata of the federation service \(place) can't be used: \(problem.message).", at: desk)
        }
        guard let endpoint = WSTrustEndpoint.found(in: root) else {
            throw self.failure(
                """
                Unable to find a wstrust endpoint for user names and passwords in the metadata of the federation service \(place). Personal \
                Microsoft accounts have none.
                """,
                at: desk
            )
        }
        return endpoint
    }

    /// The federation service's assertion.
    private func assertion(
        _ endpoint: WSTrustEndpoint,
        audience: String,
        request: AcquisitionRequest,
        at desk: SignInDesk
    ) async throws -> WSTrustAnswer {
        let message = WSTrustRequest(
            endpoint: endpoint,
            username: self.username,
            password: self.password,
            audience: audience,
            messageID: UUID(),
            date: desk.host.clock.date
        )
        let answer = try await desk.document(
            at: endpoint.url,
            request: request,
            headers: message.headers,
            body: message.body,
            secrets: self.secrets
        )
        do {
            return try WSTrustAnswer(answer.body, version: endpoint.version)
        } catch let fault as WSTrustAnswer.Fault {
            throw self.failure(fault, at: desk)
        } catch let problem as SOAPReader.Problem {
            throw self.failure(
                "The answer of the federation service can't be used (status \(answer.status)): \(problem.message).",
                at: desk
            )
        }
    }

    private func token(for request: AcquisitionRequest, at desk: SignInDesk) async throws -> AcquiredToken {
        var parameters = self.parameters("password", at: desk)
        parameters += [("username", self.username), ("password", self.password.revealed)]
        return try await self.token(parameters, secrets: self.secrets, request: request, at: desk)
    }

    private func token(
        for answer: WSTrustAnswer,
        request: AcquisitionRequest,
        at desk: SignInDesk
    ) async throws -> AcquiredToken {
        let assertion = Base64URL.encode(answer.assertion)
        let parameters = self.parameters(answer.kind.rawValue, at: desk) + [("assertion", assertion)]
        return try await self.token(parameters, secrets: self.secrets + [assertion], request: request, at: desk)
    }

    private func parameters(_ grant: String, at desk: SignInDesk) -> [(name: String, value: String)] {
        [("grant_type", grant), ("client_id", desk.clientID), ("client_info", "1")]
    }

    private func token(
        _ parameters: [(name: String, value: String)],
        secrets: [String],
        request: AcquisitionRequest,
        at desk: SignInDesk
    ) async throws -> AcquiredToken {
        let clientID = desk.clientID
        // Leads the request to where the user's data is. Only ASCII fits into a header.
        let anchor = self.username.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? [("X-AnchorMailbox", "upn:\(self.username)")] : []
        do {
            return try await desk.token(for: request) { _ in
                var grant = TokenGrant(parameters: parameters, secrets: secrets, clientID: clientID)
                grant.scopes = .withSignInScopes
                grant.headers = anchor
                grant.isOnce = true
                return grant
            }
        } catch var error as AuthenticationError {
            if error.remedy == nil {
                error.remedy = Guide.remedy(for: error, facts: GuideFacts(clientID: clientID, proof: .password))
            }
            throw error
        }
    }

    private var secrets: [String] {
        FormEncoding.echoes(of: self.password.revealed) + [SOAPElement.escaped(self.password.revealed)]
    }

    private func failure(_ text: String, at desk: SignInDesk) -> AuthenticationError {
        AuthenticationError(
            .authenticationFailed,
            credential: desk.credential,
            message: "\(desk.credential): \(HostileText.sanitized(text, removing: self.secrets))"
        )
    }

    private func failure(_ fault: WSTrustAnswer.Fault, at desk: SignInDesk) -> AuthenticationError {
        let words = [fault.code, fault.reason].filter { !$0.isEmpty }.joined(separator: ": ")
        let names = [self.username, SOAPElement.escaped(self.username)]
        let shown = HostileText.sanitized(words, removing: names)
        var error = self.failure("WsTrust server returned error in RSTR: \(shown.isEmpty ? "no reason" : shown)", at: desk)
        if fault.code == "FailedAuthentication" { error.remedy = Guide.remedy(.g17) }
        return error
    }
}
