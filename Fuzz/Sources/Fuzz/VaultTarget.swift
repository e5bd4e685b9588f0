// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import AzureKeyVaultSecrets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Answers of a key vault: the first byte says whether they come at once, or to the request that carries a token; the rest is an HTTP
/// message.
enum VaultTarget {
    private static let host = "fuzz.vault.azure.net"
    /// Ends every loop over a list: a vault may have any number of pages.
    private static let manySecrets = 100

    static func run(_ bytes: [UInt8]) async {
        guard let first = bytes.first, let url = URL(string: "https://\(Self.host)") else { return }
        let answer = ResponseTarget.response(Array(bytes.dropFirst()))
        let challenge = TransportResponse(
            status: 401,
            headers: [
                "WWW-Authenticate":
                    #"Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net""#
            ],
            body: []
        )
        let asksFirst = first & 1 == 0
        let transport = CannedTransport { request in
            let hasToken = request.headers["Authorization"] != nil
            if hasToken, request.url.host() != Self.host || request.url.scheme != "https" {
                Violation.report("a token goes to \(request.url)")
            }
            return asksFirst && !hasToken ? challenge : answer
        }
        let token = AccessToken(token: Promises.secret, expiresOn: Date(timeIntervalSince1970: 4_102_444_800))
        let client = SecretClient(
            vaultURL: url,
            credential: StaticTokenCredential(token),
            options: SecretClientOptions(
                transport: transport,
                retry: RetryOptions(maximumRetries: 1, baseDelay: .zero, maximumDelay: .zero)
            )
        )
        await Self.check { Promises.checkSecret("\(try await client.getSecret("secret1"))", "a secret's description") }
        await Self.check { _ = try await client.setSecret("secret1", to: Secret(Promises.secret)) }
        await Self.check { _ = try await client.deleteSecret("secret1") }
        await Self.check {
            var count = 0
            for try await _ in client.listSecrets() {
                count += 1
                if count == Self.manySecrets { break }
            }
        }
    }

    /// Runs an operation and checks what it throws.
    private static func check(_ operation: () async throws -> Void) async {
        do {
            try await operation()
        } catch let error as AuthenticationError {
            Promises.check(error)
        } catch let error as HTTPResponseError {
            if !(100...999).contains(error.status) { Violation.report("the status \(error.status)") }
            for line in error.description.split(separator: "\n") { Promises.checkLine(String(line), "description") }
            guard let json = try? JSONEncoder().encode(error) else { Violation.report("an error that can't be encoded") }
            Promises.checkSecret(String(decoding: json, as: UTF8.self), "JSON")
        } catch let error as SecretClientError {
            Promises.checkLine(error.description, "SecretClientError")
        } catch let error as TransportError {
            Promises.checkLine(error.description, "TransportError")
        } catch {
            Violation.report("\(type(of: error)): \(error)")
        }
    }
}
