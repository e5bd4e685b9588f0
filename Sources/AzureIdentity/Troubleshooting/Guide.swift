// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a remedy is made for.
struct GuideFacts: Sendable {
    var clientID: String?
    var tenantID: String?
    var variables: [String] = []
    var code: Int?
}

/// The troubleshooting guide as data: which row an error leads to, and what it says. Pure.
enum Guide {
    /// The remedy of an error that carries none yet.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - clientID: The application, for commands; left out of them unless it is a GUID.
    static func remedy(for error: AuthenticationError, clientID: String?) -> AuthenticationError.Remedy? {
        if let row = error.serviceError?.codes.lazy.compactMap({ GuideRow.byCode[$0] }).first {
            return Self.remedy(row, facts: GuideFacts(clientID: clientID.flatMap { UUID(uuidString: $0) == nil ? nil : $0 }))
        }
        if let service = error.serviceError { return Self.remedy(.g04, facts: GuideFacts(code: service.codes.first)) }
        if error.code == .credentialUnavailable { return Self.remedy(.g02) }
        return nil
    }

    /// A row's remedy.
    static func remedy(_ row: GuideRow, facts: GuideFacts = GuideFacts()) -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: row.rawValue,
            text: row.text,
            commands: Self.commands(row, facts: facts),
            variables: Self.variables(row, facts: facts),
            link: facts.code.map { "https://login.microsoftonline.com/error?code=\($0)" } ?? row.link
        )
    }

    private static func commands(_ row: GuideRow, facts: GuideFacts) -> [[String]] {
        switch row {
        case .g09, .g10: [["az", "ad", "app", "credential", "reset", "--append", "--id", facts.clientID ?? "<client-id>"]]
        case .g11: [["az", "ad", "sp", "show", "--id", facts.clientID ?? "<client-id>"]]
        default: []
        }
    }

    private static func variables(_ row: GuideRow, facts: GuideFacts) -> [String] {
        switch row {
        case .g02, .g08: facts.variables
        case .g09, .g10: ["AZURE_CLIENT_SECRET"]
        case .g11: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"]
        case .g48: ["AZURE_ADDITIONALLY_ALLOWED_TENANTS"]
        default: []
        }
    }
}
