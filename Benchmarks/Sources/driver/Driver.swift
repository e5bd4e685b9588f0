// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// One token in a fresh process: `driver client-secret|managed-identity [--cached CALLS]`; or what a chain is told where there is no managed
/// identity: `driver no-identity`; or what ``DeveloperRun`` and
/// ``DiskRun`` measure.
///
/// Reads `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, and whatever the library reads by itself. Prints one JSON object.
@main
struct Driver {
    static func main() async {
        let start = Machine.nanoseconds
        let arguments = CommandLine.arguments.dropFirst()
        if Array(arguments) == ["no-identity"] { return await Self.measureAbsence(since: start) }
        if let run = DeveloperRun(Array(arguments)) {
            return await Self.report { try await run.measure(Self.context, since: start) }
        }
        if let run = DiskRun(Array(arguments)) {
            return await Self.report { try await run.measure(Self.context, since: start) }
        }
        guard let credential = Self.credential(arguments.first), let cachedCalls = Self.cachedCalls(arguments.dropFirst()) else {
            let tools = DeveloperRun.names.joined(separator: "|")
            Machine.print("usage: driver client-secret|managed-identity [--cached CALLS]", to: 2)
            Machine.print("       driver no-identity", to: 2)
            Machine.print("       driver \(tools) CALLERS CALLS", to: 2)
            Machine.print("       driver disk FOLDER plain|encrypted; driver disk-fill FOLDER plain|encrypted COUNT", to: 2)
            Machine.exit(64)
        }
        let context = Self.context
        await Self.report {
            _ = try await credential.token(for: context)
            let end = Machine.nanoseconds
            let peak = Machine.peakResidentKiB.map { "\($0)" } ?? "null"
            let cached = try await Self.cachedNanoseconds(credential, context, calls: cachedCalls).map { "\($0)" } ?? "null"
            let inside = Double(end - start) / 1_000_000
            Machine.print(#"{"insideMs":\#(inside),"tokenAtNs":\#(end),"peakRssKiB":\#(peak),"cachedNs":\#(cached)}"#)
        }
    }

    /// Ends the process with an error's text if there is one.
    private static func report(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let error as AuthenticationError {
            Machine.print(error.description, to: 2)
            Machine.exit(1)
        } catch {
            Machine.print("\(error)", to: 2)
            Machine.exit(1)
        }
    }

    private static let context = TokenRequestContext(scopes: ["https://vault.azure.net/.default"])

    private static func credential(_ name: String?) -> (any TokenCredential)? {
        let environment = EnvironmentVariables.process
        switch name {
        case "client-secret":
            return ClientSecretCredential(
                tenantID: environment["AZURE_TENANT_ID"] ?? "",
                clientID: environment["AZURE_CLIENT_ID"] ?? "",
                clientSecret: Secret(environment["AZURE_CLIENT_SECRET"] ?? ""),
                // Microsoft Entra ID's own hosts aren't asked either, and the Python clients ask none here.
                options: CredentialOptions(isInstanceDiscoveryEnabled: false)
            )
        case "managed-identity": return ManagedIdentityCredential()
        default: return nil
        }
    }

    /// Asks as a chain does, and prints how long it took to hear that there is no managed identity.
    private static func measureAbsence(since start: UInt64) async {
        do {
            _ = try await ManagedIdentityCredential().tokenInChain(for: Self.context)
            Machine.print("there is a managed identity", to: 2)
        } catch let error as AuthenticationError where error.code == .credentialUnavailable {
            return Machine.print(#"{"seconds":\#(Double(Machine.nanoseconds - start) / 1e9)}"#)
        } catch {
            Machine.print("\(error)", to: 2)
        }
        Machine.exit(1)
    }

    /// The number behind `--cached`, 0 without it, `nil` if the arguments are wrong.
    private static func cachedCalls(_ arguments: ArraySlice<String>) -> Int? {
        guard !arguments.isEmpty else { return 0 }
        guard arguments.count == 2, arguments.first == "--cached" else { return nil }
        return arguments.last.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// What a call costs whose token is kept, or `nil` for no calls. The first tenth is for warming up.
    @concurrent
    private static func cachedNanoseconds(
        _ credential: any TokenCredential,
        _ context: TokenRequestContext,
        calls: Int
    ) async throws -> Double? {
        guard calls > 0 else { return nil }
        for _ in 0..<(calls / 10) { _ = try await credential.token(for: context) }
        let start = Machine.nanoseconds
        for _ in 0..<calls { _ = try await credential.token(for: context) }
        return Double(Machine.nanoseconds - start) / Double(calls)
    }
}
