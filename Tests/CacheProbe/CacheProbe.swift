// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A process of its own for the tests of the persistent cache: what it sees of the machine, it sees by its own variables.
///
/// `CacheProbe read|merge|churn|signout NAME [option=value …]`; the options are `directory`, `backend` (may be repeated), `key` (one
/// letter, repeated 32 times but for the first byte), `required`, `unencrypted`, `cae`, `json` and `id`. The log goes to standard
/// error. `CacheProbe password SERVICE ACCOUNT` prints what another program has kept under that name. `CacheProbe libraries` asks the default
/// chain for a token, and prints what came of it and which libraries the process has loaded by then.
@main
struct CacheProbe {
    let vault: DiskVault
    let options: [String: [String]]

    static func main() async {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .debug
            return handler
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["libraries"] { return await Self.printLibraries() }
        guard arguments.count >= 2 else { exit(64) }
        if arguments[0] == "password", arguments.count == 3 {
            return await Self.printPassword(service: arguments[1], account: arguments[2])
        }
        var options: [String: [String]] = [:]
        for argument in arguments.dropFirst(2) {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard !parts.isEmpty else { exit(64) }
            options[parts[0], default: []].append(parts.count > 1 ? parts[1] : "")
        }
        do {
            let probe = CacheProbe(
                vault: DiskVault(name: arguments[1], options: try Self.cacheOptions(options)), options: options)
            try await probe.run(arguments[0])
        } catch {
            print("error: \(error)")
            exit(1)
        }
    }

    private static func printPassword(service: String, account: String) async {
        switch await Host.savedPassword(service: service, account: account, environment: .process) {
        case .found(let secret): print("found \(secret.revealed)")
        case .missing: print("missing")
        case .unknown(let problem): print("unknown: \(problem.reason)")
        }
    }

    private static func printLibraries() async {
        do {
            _ = try await DefaultAzureCredential().token(forScopes: "https://vault.azure.net/.default")
            print("a token")
        } catch let error as AuthenticationError {
            print("an error after \(error.attempts.count) attempts")
        } catch {
            print("\(error)")
        }
        for name in Self.loadedLibraries { print(name) }
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

    private func run(_ command: String) async throws {
        let isCAEEnabled = self.options["cae"] != nil
        switch command {
        case "read":
            // The second line is the document.
            let document = try await self.vault.json(isCAEEnabled: isCAEEnabled)
            print(await self.vault.backend()?.description ?? "none")
            print(String(decoding: document, as: UTF8.self))
        case "merge":
            try await self.vault.merge(json: Array((self.options["json"]?.first ?? "{}").utf8), isCAEEnabled: isCAEEnabled)
            print(await self.vault.backend()?.description ?? "none")
        case "signout":
            try await self.vault.signOut(homeAccountID: self.options["id"]?.first, environments: nil)
            print("signed out")
        case "churn": try await self.churn(as: self.options["id"]?.first ?? "0")
        default: exit(64)
        }
    }

    /// Writes until somebody ends it, and acknowledges each write with its number.
    private func churn(as id: String) async throws {
        var number = Self.number(of: id, in: try await self.vault.json())
        while true {
            number += 1
            try await self.vault.merge(json: Array(Self.entry(of: id, number: number).utf8))
            let line = Array("\(number)\n".utf8)
            guard line.withUnsafeBytes({ write(1, $0.baseAddress, line.count) }) == line.count else { return }
        }
    }

    private static func number(of id: String, in document: [UInt8]) -> Int {
        let text = String(decoding: document, as: UTF8.self)
        let parts = text.split(separator: "\"secret\":\"\(id):", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return 0 }
        return Int(parts[1].prefix { $0.isNumber }) ?? 0
    }

    private static func entry(of id: String, number: Int) -> String {
        """
        {"RefreshToken":{"\(id)-host-refreshtoken-client--":{"credential_type":"RefreshToken","secret":"\(id):\(number)",\
        "home_account_id":"\(id)","environment":"host","client_id":"client","target":""}}}
        """
    }

    private static func cacheOptions(_ options: [String: [String]]) throws -> PersistentTokenCacheOptions {
        let known: [PersistentTokenCacheBackend] = [.secretService, .kernelKeyring, .encryptedFile, .unencryptedFile]
        return PersistentTokenCacheOptions(
            isRequired: options["required"] != nil,
            allowsUnencryptedStorage: options["unencrypted"] != nil,
            encryptionKey: try options["key"]?.first.map {
                try TokenCacheKey([1] + Array(repeating: $0.utf8.first ?? 0, count: 31))
            },
            directory: options["directory"]?.first,
            backends: options["backend"].map { names in known.filter { names.contains($0.description) } }
        )
    }
}
