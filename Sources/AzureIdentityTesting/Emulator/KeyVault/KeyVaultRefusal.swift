// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A refusal in the terms of Azure Key Vault.
///
/// `status` is 400 or above. Codes and texts that are marked as guesses were not seen for their situation.
struct KeyVaultRefusal: Error, Sendable {
    var status: Int
    var code: String
    var message: String
    /// The finer code. `nil`: there is none.
    var innerCode: String?
    /// What `WWW-Authenticate` says besides where to get a token. `nil`: there is no such header.
    var challenge: [(name: String, value: String)]?
    /// The methods of the header `Allow`. `nil`: there is no such header.
    var allowed: String?

    /// What a fault of this status says, if it doesn't bring its own text. Only the text of 429 was seen.
    static func unavailable(status: Int) -> KeyVaultRefusal {
        guard status == 429 else {
            return KeyVaultRefusal(status: status, code: "InternalServerError", message: "The emulator plays an error.")
        }
        return KeyVaultRefusal(
            status: 429,
            code: "Throttled",
            message: "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"
        )
    }

    // MARK: The address and the query

    /// A vault that isn't there has no address in reality.
    static let unknownVault = KeyVaultRefusal(status: 404, code: "VaultNotFound", message: "There is no such vault.")

    /// A guess.
    static let nothing = KeyVaultRefusal(status: 404, code: "NotFound", message: "There is nothing at this address.")

    /// A guess.
    static func wrongMethod(_ method: String, allowed: [String]) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 405,
            code: "MethodNotAllowed",
            message: "The method \(method.prefix(20)) is not allowed.",
            allowed: allowed.joined(separator: ", ")
        )
    }

    static let missingVersion = KeyVaultRefusal.badParameter("api-version must be specified")

    static func wrongVersion(_ version: String) -> KeyVaultRefusal {
        .badParameter(
            "The specified version (\(version.prefix(50))) is not recognized. Consider using the latest supported version.")
    }

    static let invalidName = KeyVaultRefusal.badParameter("The request URI contains an invalid name.")

    static func badParameter(_ message: String) -> KeyVaultRefusal {
        KeyVaultRefusal(status: 400, code: "BadParameter", message: message)
    }

    // MARK: The token

    private static func unauthorized(_ message: String, error: String? = "invalid_token") -> KeyVaultRefusal {
        var challenge: [(name: String, value: String)] = []
        if let error { challenge = [("error", error), ("error_description", message)] }
        return KeyVaultRefusal(status: 401, code: "Unauthorized", message: message, challenge: challenge)
    }

    static let missingToken = KeyVaultRefusal.unauthorized("AKV10000: Request is missing a Bearer or PoP token.", error: nil)
    /// The text is a guess.
    static let invalidToken = KeyVaultRefusal.unauthorized("AKV10046: The token can not be validated.")
    /// The text is a guess.
    static let expiredToken = KeyVaultRefusal.unauthorized("AKV10042: The token has expired.")

    static func wrongAudience(_ audience: String, expected: String) -> KeyVaultRefusal {
        .unauthorized("AKV10022: Invalid audience. Expected \(expected), found: \(Self.plain(audience)).")
    }

    static func wrongTenant(_ tenant: String, expected: String) -> KeyVaultRefusal {
        func issuer(_ tenant: String) -> String { "https://sts.windows.net/\(tenant)/" }
        return .unauthorized("AKV10032: Invalid issuer. Expected one of \(issuer(expected)), found \(issuer(tenant)).")
    }

    /// Claims challenges go to clients alone that have said that they can handle them.
    static func insufficientClaims(_ encoded: String) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 401,
            code: "Unauthorized",
            message: "AKV10095: The token was revoked, or is not enough: a new one has to be asked for with the claims.",
            challenge: [("error", "insufficient_claims"), ("claims", encoded)]
        )
    }

    /// What can stand in a quoted string of a header.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).filter { $0.isASCII && $0.value > 0x20 && $0 != "\"" && $0 != "\\" }))
    }

    // MARK: The caller

    /// Who calls, and whom, as refusals say it.
    struct Caller: Sendable {
        var clientID: String
        var objectID: String
        var tenantID: String
        var vault: String

        var text: String { "appid=\(self.clientID);oid=\(self.objectID);iss=https://sts.windows.net/\(self.tenantID)/" }
        var place: String { "\(self.vault);location=westeurope" }
    }

    static func refusedAddress(_ caller: Caller) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 403,
            code: "Forbidden",
            message: "Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\n"
                + "Caller: \(caller.text)\r\nVault: \(caller.place)",
            innerCode: "ForbiddenByFirewall"
        )
    }

    static func noRole(_ permission: KeyVaultPermission, _ caller: Caller, secret: String?) -> KeyVaultRefusal {
        let group = "/subscriptions/\(EmulatorConfiguration.Sample.subscriptionID)/resourcegroups/sample"
        let vault = "\(group)/providers/microsoft.keyvault/vaults/\(caller.vault)"
        return KeyVaultRefusal(
            status: 403,
            code: "Forbidden",
            message: "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
                + "definitions were changed recently, please observe propagation time.\r\nCaller: \(caller.text)\r\n"
                + "Action: '\(permission.action)'\r\nResource: '\(vault)\(secret.map { "/secrets/\($0.lowercased())" } ?? "")'\r\n"
                + "Assignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: \(caller.place)\r\n",
            innerCode: "ForbiddenByRbac"
        )
    }

    /// Older answers have `AccessDenied` for the finer code.
    static func noPolicy(_ permission: KeyVaultPermission, _ caller: Caller) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 403,
            code: "Forbidden",
            message:
                "The user, group or application '\(caller.text)' does not have secrets \(permission.word) permission on key vault "
                + "'\(caller.place)'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
            innerCode: "ForbiddenByPolicy"
        )
    }

    // MARK: The secret

    static func unknownSecret(_ name: String) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 404,
            code: "SecretNotFound",
            message: """
                A secret with (name/id) \(name) was not found in this key vault. If you recently deleted this secret you may be able to \
                recover it using the correct recovery command. For help resolving this issue, please see \
                https://go.microsoft.com/fwlink/?linkid=2125182
                """
        )
    }

    static func unknownDeletedSecret(_ name: String) -> KeyVaultRefusal {
        KeyVaultRefusal(status: 404, code: "SecretNotFound", message: "Deleted Secret not found: \(name)")
    }

    static let disabledSecret = KeyVaultRefusal(
        status: 403,
        code: "Forbidden",
        message: "Operation get is not allowed on a disabled secret.",
        innerCode: "SecretDisabled"
    )

    static func deletedName(_ name: String) -> KeyVaultRefusal {
        KeyVaultRefusal(
            status: 409,
            code: "Conflict",
            message: """
                Secret \(name) is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret \
                can only be recovered or purged.
                """,
            innerCode: "ObjectIsDeletedButRecoverable"
        )
    }

    /// The text is a guess.
    static func takenName(_ name: String) -> KeyVaultRefusal {
        KeyVaultRefusal(status: 409, code: "Conflict", message: "There is a secret \(name) already.")
    }

    /// A real vault has no such limit.
    static let full = KeyVaultRefusal(status: 403, code: "Forbidden", message: "The emulated vault is full.")
}
