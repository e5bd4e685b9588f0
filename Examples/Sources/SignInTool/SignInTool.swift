// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Signs its user in, in a browser or with a code, and remembers it: `SignInTool [sign-out] [--device-code] [--allow-unencrypted-storage]`.
///
/// The first run asks. Each later one gets a token without asking, as long as the sign-in is good. A program of yours should have a client id
/// of its own: without one, that of Microsoft's developer tools is used, and consent screens name those.
@main
struct SignInTool {
    private static let usage = "usage: SignInTool [sign-out] [--device-code] [--allow-unencrypted-storage]"

    static func main() async {
        let arguments = Set(CommandLine.arguments.dropFirst())
        guard arguments.isSubset(of: ["sign-out", "--device-code", "--allow-unencrypted-storage"]) else {
            Terminal.say(Self.usage)
            exit(64)
        }
        do {
            try await Self.run(arguments)
        } catch let error as AuthenticationError {
            // What happened, and what to do about it.
            Terminal.say("\(error)")
            exit(error.code == .authenticationRequired ? 3 : 1)
        } catch let error {
            Terminal.say("SignInTool: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: Set<String>) async throws {
        let file = AccountFile(environment: .process)
        var storage = PersistentTokenCacheOptions()
        // Rather an error now than a person who wonders why they have to sign in each time.
        storage.isRequired = true
        storage.allowsUnencryptedStorage = arguments.contains("--allow-unencrypted-storage")
        let options = CredentialOptions(tokenCache: .persistent(name: "sign-in-tool", options: storage))
        let record = try file.read()
        let credential: any PersonCredential =
            arguments.contains("--device-code")
            ? SignIn.deviceCode(record: record, options: options) { Terminal.say($0.message) }
            : SignIn.browser(record: record, options: options) { Terminal.say($0.message) }
        let signIn = SignIn(credential: credential, file: file)
        if arguments.contains("sign-out") {
            try await signIn.end()
            return print("Signed out.")
        }
        let outcome = try await signIn.token(forScopes: "https://management.azure.com/.default")
        print(outcome.wasAsked ? "Signed in." : "Still signed in; nobody was asked.")
        print("A token for Azure's resource manager, good until \(outcome.token.expiresOn.ISO8601Format())")
    }
}

/// What is meant for the person at the terminal.
enum Terminal {
    /// A line on standard error, where prompts don't get in the way of results.
    static func say(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
