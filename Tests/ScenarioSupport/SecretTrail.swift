// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureHTTP
package import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A transport that notes the secrets that travel through it, both ways, by the names of their fields. It also is where nobody listens, for
/// requests to `ScenarioPlace.nowhere`.
package final class SecretTrail: HTTPTransport, ServerProvingTransport {
    private let inner: any HTTPTransport
    private let seen = Locked<Set<SecretHunt.Secret>>([])

    package init(_ inner: any HTTPTransport) { self.inner = inner }

    /// The secrets that were seen so far.
    package var secrets: Set<SecretHunt.Secret> { self.seen.withLock { $0 } }

    package var canProveServers: Bool { (self.inner as? any ServerProvingTransport)?.canProveServers ?? false }

    package func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard !request.url.absoluteString.hasPrefix(ScenarioPlace.nowhere + "/") else {
            var error = TransportError(.connection, message: "Nobody listens at 127.0.0.1:1.")
            error.isConnectionRefused = true
            throw error
        }
        self.note(Self.secrets(headers: request.headers))
        self.note(Self.secrets(form: request.body))
        let response = try await self.inner.send(request)
        self.note(Self.secrets(json: response.body))
        return response
    }

    /// The secrets of requests that an emulator on sockets has recorded.
    package static func secrets(of requests: [RecordedRequest]) -> Set<SecretHunt.Secret> {
        Set(requests.flatMap { self.secrets(headers: $0.headers) + self.secrets(form: $0.body) })
    }

    /// A token as a secret to look for.
    package static func secrets(ofToken token: String) -> [SecretHunt.Secret] {
        self.secret("access token", token).map { [$0] } ?? []
    }

    private func note(_ secrets: [SecretHunt.Secret]) { self.seen.withLock { $0.formUnion(secrets) } }

    /// The fields of forms that hold secrets, and what each holds.
    package static let formFields = [
        "client_secret": "client secret", "client_assertion": "assertion", "refresh_token": "refresh token",
        "device_code": "device code",
        "code": "authorization code", "code_verifier": "PKCE verifier", "password": "password", "assertion": "user's token",
    ]
    /// The headers that hold secrets.
    package static let headerFields = [
        "X-IDENTITY-HEADER": "identity header", "secret": "identity header", "Authorization": "authorization header",
    ]
    /// The members of answers that hold secrets.
    package static let answerFields = [
        "access_token": "access token", "refresh_token": "refresh token", "id_token": "id token", "device_code": "device code",
        "user_code": "user code", "oidcToken": "assertion", "value": "assertion",
    ]
    /// All the kinds that can travel.
    package static let kinds = Set(formFields.values).union(headerFields.values).union(answerFields.values)

    private static func secrets(headers: TransportHeaders) -> [SecretHunt.Secret] {
        self.headerFields.compactMap { name, kind in
            guard let value = headers[name] else { return nil }
            let text = value.split(separator: " ").last.map(String.init) ?? value
            return self.secret(kind, text)
        }
    }

    private static func secrets(form body: [UInt8]) -> [SecretHunt.Secret] {
        let values = FormBody(body)?.values ?? [:]
        return self.formFields.compactMap { name, kind in values[name].flatMap { self.secret(kind, $0) } }
    }

    private static func secrets(json body: [UInt8]) -> [SecretHunt.Secret] {
        guard let json = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(body)) else { return [] }
        return self.answerFields.compactMap { name, kind in json[name]?.string.flatMap { self.secret(kind, $0) } }
    }

    /// Of a token, what is looked for is its signature: nobody else's is the same. What isn't a token tells by its halves, too.
    private static func secret(_ kind: String, _ text: String) -> SecretHunt.Secret? {
        let parts = text.split(separator: ".")
        guard parts.count == 3, let signature = parts.last, signature.utf8.count >= 16 else {
            return .init(kind: kind, text: text, isCut: text.utf8.count >= 24)
        }
        return .init(kind: kind, text: String(signature), isCut: false)
    }
}

extension SecretTrail: CustomReflectable {
    /// Shows nothing: it holds secrets.
    package var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class, ancestorRepresentation: .suppressed)
    }
}
#endif
