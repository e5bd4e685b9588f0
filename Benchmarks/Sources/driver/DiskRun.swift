// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// A token that an earlier process has left: `driver disk-fill FOLDER BACKEND COUNT` leaves so many, `driver disk FOLDER BACKEND` gets one of them.
/// BACKEND is `plain` or `encrypted`, with a key of the application's.
struct DiskRun {
    private let folder: String
    private let isEncrypted: Bool
    /// How many tokens to leave; `nil`: none, one is asked for.
    private let count: Int?

    /// `nil` if the arguments are wrong.
    init?(_ arguments: [String]) {
        guard let name = arguments.first, name == "disk" ? arguments.count == 3 : name == "disk-fill" && arguments.count == 4,
            ["plain", "encrypted"].contains(arguments[2])
        else { return nil }
        self.folder = arguments[1]
        self.isEncrypted = arguments[2] == "encrypted"
        guard name == "disk-fill" else {
            self.count = nil
            return
        }
        guard let count = Int(arguments[3]), count > 0 else { return nil }
        self.count = count
    }

    /// Answers while the cache is filled; afterwards nobody may ask.
    private struct Service: HTTPTransport {
        let isOpen: Bool

        func send(_ request: TransportRequest) async throws -> TransportResponse {
            guard self.isOpen else { throw TransportError(.connection, message: "a token was asked for over the network") }
            let token = String(repeating: "t", count: 1300)
            let body = #"{"token_type":"Bearer","expires_in":86399,"access_token":"\#(token)"}"#
            return TransportResponse(status: 200, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }
    }

    private func credential() throws -> ClientSecretCredential {
        let key = try TokenCacheKey((0..<32).map { UInt8($0 * 7 + 1) })
        let options = PersistentTokenCacheOptions(
            isRequired: true,
            encryptionKey: self.isEncrypted ? key : nil,
            directory: self.folder,
            backends: [self.isEncrypted ? .encryptedFile : .unencryptedFile]
        )
        return ClientSecretCredential(
            tenantID: "a0000000-0000-4000-8000-000000000001",
            clientID: "c0000000-0000-4000-8000-000000000001",
            clientSecret: "not-a-real-secret",
            options: CredentialOptions(
                transport: Service(isOpen: self.count != nil), tokenCache: .persistent(name: "benchmark", options: options))
        )
    }

    /// - Parameters:
    ///   - context: What to ask for.
    ///   - start: The program's first moment.
    func measure(_ context: TokenRequestContext, since start: UInt64) async throws {
        let credential = try self.credential()
        guard let count = self.count else {
            let token = try await credential.token(for: context)
            let end = Machine.nanoseconds
            let inside = Double(end - start) / 1_000_000
            return Machine.print(#"{"insideMs":\#(inside),"tokenAtNs":\#(end),"source":"\#(token.source)"}"#)
        }
        _ = try await credential.token(for: context)
        for number in 1..<count {
            _ = try await credential.token(forScopes: "https://s\(number).example/.default")
        }
    }
}
