// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Checks what gets into a tool's command line, and what comes out of it as a token. Pure.
///
/// The characters let through mean nothing to any shell, in quotes at least, and nothing begins like an option.
extension ToolErrors {
    /// Checks a tenant.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    func checkTenant(_ tenantID: String?) throws {
        guard let tenantID else { return }
        guard TenantID.isValid(tenantID), !tenantID.hasPrefix("-") else {
            throw TenantID.invalid(tenantID, credential: self.credential)
        }
    }

    /// Checks scopes.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    func checkScopes(_ scopes: [String]) throws {
        guard !scopes.isEmpty else { throw self.invalid("A token request needs at least one scope.") }
        for scope in scopes where !Self.isScope(scope) {
            throw self.invalid(
                """
                An invalid scope was provided: "\(HostileText.sanitized(scope, limit: 100))". Only alphanumeric characters, ".", "-", "_", \
                ":" and "/" are allowed, and no "-" at its beginning.
                """
            )
        }
    }

    /// The resource of the one scope that the tool takes: the scope without one `/.default` at its end.
    ///
    /// - Throws: `AuthenticationError` with `.invalidConfiguration`.
    func resource(_ scopes: [String]) throws -> String {
        try self.checkScopes(scopes)
        guard scopes.count == 1, let scope = scopes.first else {
            throw self.invalid("This credential requires exactly one scope per token request, not \(scopes.count).")
        }
        let resource = scope.hasSuffix("/.default") ? String(scope.dropLast("/.default".count)) : scope
        guard !resource.isEmpty else { throw self.invalid("The scope \(scope) names no resource.") }
        return resource
    }

    private static func isScope(_ scope: String) -> Bool {
        !scope.isEmpty && !scope.hasPrefix("-") && scope.utf8.count <= TokenRequestContext.maximumScopeLength
            && scope.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || "_-.:/".utf8.contains($0) }
    }

    /// A token and its expiry, if they can be used.
    ///
    /// - Throws: `AuthenticationError`, which shows neither.
    func checked(token: String?, expiresOn: Date?) throws -> ToolToken {
        guard let token else { throw self.unusable("JSON without a token.") }
        // PowerShell's name for a token that it keeps to itself.
        guard token != "System.Security.SecureString" else { throw self.unusable("a name in place of the token.") }
        guard !token.isEmpty, token.utf8.count <= 65_536, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw self.unusable("a token that is empty or can't be sent in a header.")
        }
        guard let expiresOn else { throw self.unusable("a token that doesn't say in a known form when it expires.") }
        return ToolToken(token: token, expiresOn: expiresOn)
    }

    /// What a text without a usable answer is, in words that tell nothing of it.
    func unusable(_ output: ToolOutput) -> AuthenticationError {
        if output.isBlank { return self.unusable("nothing.") }
        let isJSON = !JSONSearch.values(in: output.bytes).isEmpty
        return self.unusable(isJSON ? "JSON without a token." : "text without a token.")
    }

    /// Seconds since 1970 as a date, within what calendars can count.
    static func date(_ seconds: Double?) -> Date? {
        seconds.map { Date(timeIntervalSince1970: min(max($0, 0), 253_402_300_799)) }
    }
}

/// The paths of the tools' files. Pure.
enum ToolFiles {
    /// A directory that a variable names, else one below the home directory; `nil` where neither is known.
    static func directory(_ variable: String?, below home: String, _ environment: EnvironmentVariables) -> String? {
        #if os(Windows)
        let (homeVariable, separator) = ("USERPROFILE", #"\"#)
        let isAbsolute: (String) -> Bool = { $0.dropFirst().hasPrefix(":") || $0.hasPrefix(#"\\"#) }
        #else
        let (homeVariable, separator) = ("HOME", "/")
        let isAbsolute: (String) -> Bool = { $0.hasPrefix("/") }
        #endif
        if let variable, let directory = environment[variable] {
            // Tools are run in a directory of ours, where they look for what isn't absolute.
            return isAbsolute(directory) ? directory : ToolCommand.safeDirectory + separator + directory
        }
        // Without the variable, tools ask the system.
        guard let directory = environment[homeVariable] ?? Host.systemHomeDirectory, isAbsolute(directory) else { return nil }
        return (directory.hasSuffix(separator) ? String(directory.dropLast()) : directory) + separator + home
    }

    /// The paths of files in a directory.
    static func paths(_ names: [String], in directory: String?) -> [String] {
        #if os(Windows)
        let separator = #"\"#
        #else
        let separator = "/"
        #endif
        guard let directory else { return [] }
        return names.map { directory.hasSuffix(separator) ? directory + $0 : directory + separator + $0 }
    }
}
