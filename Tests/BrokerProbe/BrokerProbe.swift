// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP
import AzureIdentity
import AzureIdentityBroker

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A process of its own for the tests of Microsoft's broker library, which finds the broker by the variables of its process.
///
/// `BrokerProbe LIBRARY|bus silent|interactive|accounts [option=value …]`; the options are `client`, `tenant`, `scope` and `seconds`. Says in one
/// line what came of it, and ends with status 0 unless it was asked wrongly. With the option `libraries`, lines with the names of all libraries
/// follow that the process has loaded by then.
@main
struct BrokerProbe {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2 else { exit(64) }
        var options: [String: String] = [:]
        for argument in arguments.dropFirst(2) {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard !parts.isEmpty else { exit(64) }
            options[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        let broker = Self.broker(arguments[0])
        do throws(BrokerFailure) {
            let line = try await Self.run(arguments[1], broker, Self.request(options))
            print(line)
        } catch {
            print(Self.line(error))
        }
        if options["libraries"] != nil {
            for name in Self.loadedLibraries { print(name) }
        }
    }

    private static func broker(_ name: String) -> any BrokerClient {
        if name == "bus" { return DBusBroker(host: Host(environment: .process)) }
        return MSALRuntimeBroker(host: Host(environment: EnvironmentVariables([:])), path: name)
    }

    /// The names of the libraries that this process has in memory, sorted; where the system doesn't tell (it does on Linux), none.
    private static var loadedLibraries: [String] {
        let maps = (try? Host.contents(ofFile: "/proc/self/maps", limit: 1 << 24)) ?? []
        let names = String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            guard line.contains("/"), let name = line.split(separator: "/").last, name.contains(".so") else { return nil }
            return String(name)
        }
        return Set(names).sorted()
    }

    private static func run(
        _ command: String,
        _ broker: any BrokerClient,
        _ request: BrokerRequest
    ) async throws(BrokerFailure) -> String {
        switch command {
        case "silent":
            let answer = try await broker.acquireSilently(request, account: nil)
            return Self.line(answer)
        case "interactive":
            let answer = try await broker.acquireInteractively(request, account: nil)
            return Self.line(answer)
        case "accounts":
            let accounts = try await broker.accounts(request)
            return "accounts: \(accounts.count)"
        default: exit(64)
        }
    }

    private static func request(_ options: [String: String]) -> BrokerRequest {
        BrokerRequest(
            clientID: options["client"] ?? "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            authority: "https://login.microsoftonline.com/\(options["tenant"] ?? "organizations")",
            scopes: [options["scope"] ?? "https://vault.azure.net/.default"],
            redirectURL: "https://login.microsoftonline.com/common/oauth2/nativeclient",
            correlationID: "11111111-2222-4333-8444-555555555555",
            deadline: SystemClock().now + .seconds(options["seconds"].flatMap { Int($0) } ?? 60)
        )
    }

    private static func line(_ answer: BrokerAnswer) -> String {
        let isGood = answer.expiresOn.map { $0 > SystemClock().date } ?? false
        let user = answer.account?.username ?? "nobody"
        return "token: user \(user), expires in the \(isGood ? "future" : "past"), \(answer.scopes.count) scopes"
    }

    private static func line(_ failure: BrokerFailure) -> String {
        let status = failure.status.map { " (status \($0))" } ?? ""
        if case .absent(let reason) = failure.kind { return "absent: \(reason)\(status)" }
        return "\(failure.kind): \(failure.context)\(status)"
    }
}
