// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Why something that Visual Studio Code has left can't be used: no secret, and nobody's name.
struct EditorProblem: Error, Sendable, Hashable {
    /// What is in the way, as the end of a sentence, without a full stop.
    let reason: String
    /// Whether it says that there is no account. Else there may be one, which can't be seen now.
    var isCertain = true
}

/// The authentication record of the extension Azure Resources, read as what it is: a file that any program of the user may have written. Pure.
///
/// Its form is `AuthenticationRecord`'s, whose own reader is strict about the version and lenient about the account; here the version doesn't
/// count, the account has to be whole, and all that is wrong is told at once.
enum EditorRecord {
    /// No record of the extension is longer, in bytes.
    static let limit = 10_240
    /// The application that the editor and its extensions sign in to.
    static let clientID = "aebc6443-996d-45c2-90f0-388ff96faa56"

    /// The record of a file's bytes.
    ///
    /// - Throws: `EditorProblem` with everything that is wrong.
    static func record(_ bytes: [UInt8]) throws(EditorProblem) -> AuthenticationRecord {
        guard bytes.count <= Self.limit else { throw EditorProblem(reason: Self.tooLarge) }
        guard let members = try? JSONDecoder().decode([String: JSONValue].self, from: ServiceText.json(bytes)) else {
            throw EditorProblem(reason: "the authentication record is no JSON object")
        }
        var complaints: [String] = []
        func text(_ name: String, _ complaint: String, _ isGood: (String) -> Bool) -> String {
            guard let value = members[name], value != .null else {
                complaints.append("\(name) field is missing")
                return ""
            }
            guard case .string(let text) = value, !HostileText.trimmed(text).isEmpty else {
                complaints.append("\(name) must be a non-empty string")
                return ""
            }
            guard text.utf8.count <= 1024, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), isGood(text) else {
                complaints.append("\(name) \(complaint)")
                return ""
            }
            return text
        }
        let tenantID = text("tenantId", "must be a tenant's id or domain") { TenantID.isValid($0) }
        let clientID = text(
            "clientId", "must match expected VS Code Azure Resources extension client ID: \(Self.clientID)"
        ) { $0.lowercased() == Self.clientID }
        let username = text("username", "is too long or holds control characters") { _ in true }
        let home = text("homeAccountId", "must be of the form uid.utid", Self.isHomeAccountID)
        let authority = text("authority", "must be the name of a host") { TenantID.isValid($0) && $0.contains(".") }
        guard complaints.isEmpty else {
            throw EditorProblem(reason: "Authentication record validation failed: " + complaints.joined(separator: "; "))
        }
        return AuthenticationRecord(
            authority: authority.lowercased(), clientID: clientID, homeAccountID: home, tenantID: tenantID, username: username)
    }

    /// What is said of a file that is too large.
    static let tooLarge =
        "VS Code auth record file is unexpectedly large. Please check the file for corruption or unexpected content"

    private static func isHomeAccountID(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }
}
