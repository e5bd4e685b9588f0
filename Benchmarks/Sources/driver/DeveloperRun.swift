// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What a developer's machine gives a fresh process: `driver azure-cli|default|default-elsewhere CALLERS CALLS`, that is so many callers at
/// once, and so many calls afterwards. `default-elsewhere` is a machine whose firmware says that it isn't in Azure.
///
/// Prints one JSON object: the time until all callers have their token, or hear that there is none.
struct DeveloperRun {
    static let names = ["azure-cli", "default", "default-elsewhere"]

    let name: String
    let callerCount: Int
    let callCount: Int

    /// `nil` if the arguments are wrong.
    init?(_ arguments: [String]) {
        guard arguments.count == 3, Self.names.contains(arguments[0]), let callers = Int(arguments[1]),
            let calls = Int(arguments[2]),
            callers > 0, calls >= 0
        else { return nil }
        self.name = arguments[0]
        self.callerCount = callers
        self.callCount = calls
    }

    private var credential: any TokenCredential {
        var options = CredentialOptions(tokenCache: .inMemory)
        if self.name == "default-elsewhere" {
            options.hostOverride = { host in
                var facts = HostFacts()
                facts.vendor = "QEMU"
                var host = host
                host.facts = { [facts] in facts }
                return host
            }
        }
        return self.name == "azure-cli"
            ? AzureCLICredential(options: options)
            : DefaultAzureCredential(options: .init(credentialOptions: options))
    }

    /// - Parameters:
    ///   - context: What to ask for.
    ///   - start: The program's first moment.
    func measure(_ context: TokenRequestContext, since start: UInt64) async throws {
        let asked = Machine.nanoseconds
        let credential = self.credential
        let hasToken = try await self.askAtOnce(credential, context)
        let end = Machine.nanoseconds
        var perCall = "null"
        if hasToken, self.callCount > 0 {
            perCall = "\(try await self.ask(credential, context) / Double(self.callCount))"
        }
        let (inside, call) = (Double(end - start) / 1e9, Double(end - asked) / 1e9)
        Machine.print(#"{"hasToken":\#(hasToken),"insideSeconds":\#(inside),"callSeconds":\#(call),"nextNs":\#(perCall)}"#)
    }

    /// Whether all callers got a token; none of them did if there is none.
    private func askAtOnce(_ credential: any TokenCredential, _ context: TokenRequestContext) async throws -> Bool {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<self.callerCount { group.addTask { _ = try await credential.token(for: context) } }
                try await group.waitForAll()
            }
            return true
        } catch let error as AuthenticationError where error.code == .credentialUnavailable {
            return false
        }
    }

    /// The nanoseconds that all further calls take.
    @concurrent
    private func ask(_ credential: any TokenCredential, _ context: TokenRequestContext) async throws -> Double {
        let start = Machine.nanoseconds
        for _ in 0..<self.callCount { _ = try await credential.token(for: context) }
        return Double(Machine.nanoseconds - start)
    }
}
