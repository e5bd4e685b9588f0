// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// The tools, all three, and what tests ask them.
enum ToolSubject: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case azureCLI, azureDeveloperCLI, azurePowerShell

    var testDescription: String { self.rawValue }

    var tool: any DeveloperTool {
        switch self {
        case .azureCLI: AzureCLITool()
        case .azureDeveloperCLI: AzureDeveloperCLITool()
        case .azurePowerShell: AzurePowerShellTool()
        }
    }

    /// What the tool prints with a token.
    func answer(token: String, epoch: Int = 4_102_444_800) -> String {
        switch self {
        case .azureCLI:
            #"{"accessToken": "\#(token)", "expires_on": \#(epoch), "tenant": "\#(Self.tenantID)", "tokenType": "Bearer"}"#
        case .azureDeveloperCLI: #"{"token": "\#(token)", "expiresOn": "2100-01-01T00:00:00Z"}"#
        case .azurePowerShell: "azsdk%\(token)%\(epoch)"
        }
    }

    static let tenantID = "11111111-2222-3333-4444-555555555555"
}

extension ToolQuestion {
    static func vault(tenantID: String? = nil, subscription: String? = nil, claims: String? = nil) -> ToolQuestion {
        ToolQuestion(scopes: ["https://vault.azure.net/.default"], tenantID: tenantID, subscription: subscription, claims: claims)
    }
}

extension ToolRun {
    init(_ output: String, errors: String = "", status: Int32 = 0) {
        self.init(status: status, output: Array(output.utf8), errors: Array(errors.utf8))
    }
}

/// The `AuthenticationError` that a closure throws; `nil` if it throws none.
func toolError<T>(_ body: () throws -> T) -> AuthenticationError? {
    do {
        _ = try body()
        return nil
    } catch let error {
        return error as? AuthenticationError
    }
}
