// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import AzureCredentials

/// What was found where the system keeps the passwords of programs.
package enum SavedPassword: Sendable {
    case found(Secret)
    /// There is no such password.
    case missing
    /// Nobody knows: there is no such place, it is locked, or it gives no answer.
    case unknown(StorageProblem)
}

/// Passwords that other programs keep for the user: on Linux in the Secret Service, on macOS in the Keychain, on Windows in the
/// Credential Manager; written as node-keytar does, which is what editors use.
extension Host {
    /// How long the store may take to answer.
    private static let passwordPatience = Duration.seconds(5)
    /// Larger ones are no password.
    private static let passwordLimit = 65_536
    private static let passwordQueue = BlockingQueue(label: "azure-identity.saved-passwords", limit: .seconds(6))

    /// Finds a password. Unlocks nothing and shows no prompt: what is locked is unknown.
    ///
    /// - Parameters:
    ///   - service: What the program calls its passwords.
    ///   - account: What it calls this one.
    ///   - environment: The variables, which say where the session bus is.
    package static func savedPassword(
        service: String,
        account: String,
        environment: EnvironmentVariables
    ) async -> SavedPassword {
        let found = await Self.passwordQueue.run { () -> SavedPassword in
            do throws(StorageProblem) {
                guard let bytes = try Self.passwordBytes(service: service, account: account, environment: environment),
                    !bytes.isEmpty
                else { return .missing }
                guard bytes.count <= Self.passwordLimit, let text = String(validating: bytes, as: UTF8.self) else {
                    return .unknown(StorageProblem(.damaged, "what is kept there is no text, or too long for a password"))
                }
                return .found(Secret(text))
            } catch {
                return .unknown(error)
            }
        }
        return found ?? .unknown(StorageProblem(.busy, "the secret store gave no answer in time"))
    }

    private static func passwordBytes(
        service: String,
        account: String,
        environment: EnvironmentVariables
    ) throws(StorageProblem) -> [UInt8]? {
        #if os(Windows)
        return try CredentialManager.contents(target: "\(service)/\(account)")
        #elseif canImport(Security)
        return try Keychain.contents(service: service, account: account)
        #else
        try Self.checkSessionBus(environment)
        var item = SecretItem(
            schema: "org.freedesktop.Secret.Generic", attributes: ["service": service, "account": account], label: "")
        item.matchesSchemaName = false
        return try SecretServiceLibrary(limit: Self.passwordPatience).contents(of: item)
        #endif
    }

    /// Throws unless the variables name the session bus of this process. GLib reads the process's own variables, and starts a bus where there
    /// is none; so it is asked only where there is one.
    package static func checkSessionBus(_ environment: EnvironmentVariables) throws(StorageProblem) {
        let name = "DBUS_SESSION_BUS_ADDRESS"
        let process = EnvironmentVariables.process
        if let address = environment[name] {
            guard address == process[name] else {
                throw StorageProblem(.unavailable, "\(name) isn't that of the process")
            }
        } else {
            guard process[name] == nil, let directory = environment["XDG_RUNTIME_DIR"], directory == process["XDG_RUNTIME_DIR"],
                Host.stamp(ofFile: "\(directory)/bus") != nil
            else { throw StorageProblem(.unavailable, "there is no session bus: \(name) is not set") }
        }
    }
}
