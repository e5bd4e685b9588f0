// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AccessToken {
    /// A token with a text and nothing special.
    static func sample(_ text: String, tenantID: String? = nil, objectID: String? = nil, clientID: String? = nil) -> AccessToken {
        AccessToken(
            token: text,
            expiresOn: Date(timeIntervalSince1970: 4_000_000_000),
            provenance: .init(credential: text, tenantID: tenantID, clientID: clientID, objectID: objectID)
        )
    }
}

/// Members whose answers a test chooses, and what was asked of them.
final class MemberScript: Sendable {
    private let asked = Locked<[String]>([])

    /// The names of those who were asked, in order.
    var calls: [String] { self.asked.withLock { $0 } }

    func note(_ name: String) { self.asked.withLock { $0.append(name) } }

    /// A member that gives a token with its name as text.
    func giving(_ name: String) -> ChainMember { self.member(name) { _ in .sample(name) } }

    /// A member that fails.
    func failing(_ name: String, _ code: AuthenticationError.Code, message: String = "reason", row: GuideRow? = nil)
        -> ChainMember
    {
        self.member(name) { _ in throw AuthenticationError.sample(name, code, message: message, row: row) }
    }

    func member(_ name: String, _ answer: @escaping @Sendable (TokenRequestContext) async throws -> AccessToken) -> ChainMember {
        ChainMember(name: name) { context in
            self.note(name)
            return try await answer(context)
        }
    }
}

extension AuthenticationError {
    static func sample(_ name: String, _ code: Code, message: String = "reason", row: GuideRow? = nil) -> AuthenticationError {
        var error = AuthenticationError(code, credential: name, message: message)
        error.remedy = row.map { Guide.remedy($0) }
        return error
    }
}

extension CredentialChain {
    /// A chain of a test's members.
    convenience init(
        _ members: [ChainMember],
        name: String = "ChainedTokenCredential",
        keepsWinner: Bool = false,
        expectedIdentity: ExpectedIdentity? = nil,
        clock: any MachineClock = VirtualClock(),
        logger: Logger = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.init(
            .init(name: name, keepsWinner: keepsWinner, expectedIdentity: expectedIdentity, logger: logger),
            members: members,
            clock: clock
        )
    }

    func text(_ context: TokenRequestContext = TokenRequestContext(scopes: [vaultScope])) async throws -> String {
        try await self.token(for: context).token
    }
}

/// Tools that aren't there, or are there and answer nothing but an exit status.
struct ToolShelf: Sendable {
    /// The file names of the programs that are there.
    var present: Set<String> = []
    /// What a run comes to.
    var run = ToolRun(status: 1, output: [], errors: Array("ERROR: Please run 'az login' to setup account.".utf8))
    /// The file names of the programs that were run.
    let runs = Milestones()

    func apply(to options: inout CredentialOptions) {
        let (shelf, before) = (self, options.hostOverride)
        let runner = ShelfRunner(shelf: shelf)
        options.hostOverride = { host in
            var host = before?(host) ?? host
            host.toolRunner = runner
            host.findTool = { names, _ in
                names.first { shelf.present.contains($0) }.map { .found("/shelf/\($0)") } ?? .absent
            }
            return host
        }
    }
}

private final class ShelfRunner: ToolRunner {
    let id = ToolRunnerID()
    private let shelf: ToolShelf

    init(shelf: ToolShelf) { self.shelf = shelf }

    func run(_ command: ToolCommand) async throws -> ToolRun {
        self.shelf.runs.advance()
        return self.shelf.run
    }
}
