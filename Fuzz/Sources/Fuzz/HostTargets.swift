// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A host of managed identities, by the variables that tell it from others.
struct HostScene: Sendable {
    let variables: [String: String]
    /// Whether the host is sent a secret, which it may send back.
    var sendsSecret = true

    private static let endpoint = "http://host.fuzz.example/token"
    static let thumbprint = "00112233445566778899aabbccddeeff00112233"
    static let arc = HostScene(variables: ["IDENTITY_ENDPOINT": endpoint, "IMDS_ENDPOINT": endpoint])
    static let all = [
        arc,
        HostScene(variables: ["IDENTITY_ENDPOINT": endpoint, "IDENTITY_HEADER": Promises.secret]),
        HostScene(variables: [
            "IDENTITY_ENDPOINT": "https://host.fuzz.example/token", "IDENTITY_HEADER": Promises.secret,
            "IDENTITY_SERVER_THUMBPRINT": thumbprint,
        ]),
        HostScene(variables: ["MSI_ENDPOINT": endpoint, "MSI_SECRET": Promises.secret, "WEBSITE_SITE_NAME": "site"]),
        HostScene(variables: ["MSI_ENDPOINT": endpoint, "MSI_SECRET": Promises.secret]),
        HostScene(variables: ["MSI_ENDPOINT": endpoint], sendsSecret: false),
        HostScene(variables: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://host.fuzz.example"], sendsSecret: false),
        HostScene(
            variables: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://host.fuzz.example", "KUBERNETES_SERVICE_HOST": "10.0.0.1"],
            sendsSecret: false
        ),
    ]

    /// Options of a program on the host, without the files of this machine.
    func options(_ answer: @escaping @Sendable (TransportRequest) -> TransportResponse) -> CredentialOptions {
        Self.options(self.variables) { request in
            Self.check(request)
            if request.url.host() != "host.fuzz.example" { Violation.report("a request to \(request.url)") }
            return answer(request)
        }
    }

    static func options(
        _ variables: [String: String],
        facts: HostFacts = HostFacts(),
        answer: @escaping @Sendable (TransportRequest) -> TransportResponse
    ) -> CredentialOptions {
        var options = Scene.options(environment: EnvironmentVariables(variables), answer: answer)
        options.hostOverride = { host in
            var host = host
            host.facts = { facts }
            host.arcKeyDirectory = KeyFiles.directory
            return host
        }
        return options
    }

    /// What is sent to a host must be well-formed; where the secret goes over TLS, the server proves itself first.
    static func check(_ request: TransportRequest) {
        for field in request.headers.fields where !(field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            Violation.report("a header \(field.name.debugDescription): \(field.value.debugDescription)")
        }
        let url = request.url
        let isHTTP = ["http", "https"].contains(url.scheme?.lowercased() ?? "")
        if !isHTTP || url.host()?.isEmpty ?? true || url.user() != nil || url.fragment() != nil {
            Violation.report("a request to \(url.absoluteString.debugDescription)")
        }
        Promises.checkSecret(url.absoluteString, "a host's URL")
        if !request.body.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { Violation.report("a body that is no form") }
        // Service Fabric's header.
        guard request.headers["Secret"] != nil, request.headers["Metadata"] == nil, request.serverProof != nil else { return }
        guard url.scheme?.lowercased() == "https", case .thumbprint(let thumbprint) = request.serverProof,
            ServiceFabricSource.normalized(thumbprint) == thumbprint
        else { Violation.report("a secret for a server that proves nothing: \(url)") }
    }
}

/// Answers of hosts' token endpoints: `STATUS`, header lines, an empty line, a body. Each host answers with it.
enum HostResponseTarget {
    static func run(_ bytes: [UInt8]) async {
        let response = ResponseTarget.response(bytes)
        Self.checkKind(response)
        // What a host says that was sent no secret is no secret.
        let isSecretFree = !Promises.mayShowSecret(bytes)
        for host in HostScene.all where host.sendsSecret || isSecretFree {
            let credential = ManagedIdentityCredential(
                identity: host.variables["IDENTITY_SERVER_THUMBPRINT"] != nil ? .systemAssigned : Self.identity(response),
                options: host.options { request in
                    let isFirst = host.variables["IMDS_ENDPOINT"] != nil && request.headers["Authorization"] == nil
                    return isFirst ? KeyFiles.challenge : response
                }
            )
            await Promises.check(credential)
        }
    }

    /// One of the kinds of identities, so that an input gets the same each time.
    private static func identity(_ response: TransportResponse) -> ManagedIdentityID {
        response.body.count % 2 == 0 ? .systemAssigned : .userAssigned(clientID: "c0000000-0000-4000-8000-000000000001")
    }

    /// What an answer of the metadata service means must not depend on who asks.
    private static func checkKind(_ response: TransportResponse) {
        let answer = HostAnswer(response)
        for isPod in [false, true] {
            let kinds = [0, 3].map {
                MetadataFailure(answer, identity: .systemAssigned, isPod: isPod, retryCount: $0).kind
            }
            let kind = kinds[0]
            if kinds[1] != kind { Violation.report("\(kinds) for the status \(answer.status)") }
            let isStranger = answer.status == 400 && !answer.isOfMetadataService
            let isNone = answer.status < 400 || answer.status == 403 || isStranger
            if isNone && kind != .noMetadataService { Violation.report("\(kind) for the status \(answer.status)") }
            if (kind == .notBound) != (isPod && answer.status == 404) { Violation.report("\(kind), pod: \(isPod)") }
            if kind == .notAssigned && answer.status != 400 { Violation.report("\(kind) for the status \(answer.status)") }
        }
    }
}

/// When a host's token expires: `expires_on`, `expires_in` and `refresh_in`, one in a line, as JSON and as text.
enum HostTokenTarget {
    private static let now = Date(timeIntervalSince1970: 1_767_603_600)

    static func run(_ bytes: [UInt8]) {
        let values = lines(of: bytes)
        let plain = Self.lifetime(values.map { $0 })
        let quoted = Self.lifetime(
            values.map { value in value.isEmpty ? "" : "\"\(value.filter { $0 != "\"" && $0 != "\\" })\"" })
        let areNumbers = values.prefix(2).allSatisfy { $0.isEmpty || Int($0).map(String.init) == $0 }
        if areNumbers, values.count < 3, plain != quoted {
            Violation.report("\(values) live \(plain ?? .zero), as text \(quoted ?? .zero)")
        }
    }

    /// How long a token is good for, checked; `nil` if the answer can't be used.
    private static func lifetime(_ values: [String]) -> Duration? {
        let members = zip(["expires_on", "expires_in", "refresh_in"], values).map { name, value in
            value.isEmpty ? "" : ",\"\(name)\":\(value)"
        }
        let body = Array(#"{"access_token":"fuzzed"\#(members.joined())}"#.utf8)
        let answer = HostAnswer(TransportResponse(status: 200, headers: [:], body: body))
        guard case .token(let token) = answer.content else { return nil }
        let lifetime: Duration
        do {
            let acquired = try token.token.acquired(serverDate: Self.now, isFromHost: true)
            lifetime = acquired.lifetime
            if let refreshIn = acquired.refreshIn, refreshIn < .zero { Violation.report("to be renewed in \(refreshIn)") }
        } catch {
            return nil
        }
        if lifetime <= .zero || lifetime > TokenResponse.maximumLifetime { Violation.report("a token for \(lifetime)") }
        // A second more, for what rounding does.
        if let rest = token.token.expiresIn?.seconds, rest > 0, lifetime > .seconds(min(rest, 1e9) + 1) {
            Violation.report("a token for \(lifetime), expires_in is \(rest)")
        }
        guard case .text(let text)? = token.token.expiresOn, LooseNumber.number(text) == nil, let date = ServiceDate.parse(text)
        else { return lifetime }
        let seconds = date.timeIntervalSince(Self.now)
        if seconds > 0, lifetime > .seconds(min(seconds, 1e12) + 1) { Violation.report("a token for \(lifetime) until \(text)") }
        return lifetime
    }
}
