// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EmulatedToolQuestion {
    /// What the tool prints with a token.
    func success(token: String, expiry: Int) -> ToolRun {
        let date = Date(timeIntervalSince1970: Double(expiry)).formatted(.iso8601)
        let text =
            switch self.tool {
            case .azureCLI:
                """
                {
                  "accessToken": \(EmulatorJSON.string(token).text),
                  "expiresOn": "\(date.replacing("T", with: " ").replacing("Z", with: ".000000"))",
                  "expires_on": \(expiry),
                  "tenant": \(EmulatorJSON.string(self.tenantID ?? EmulatorConfiguration.Sample.tenantID).text),
                  "tokenType": "Bearer"
                }

                """
            case .azureDeveloperCLI:
                """
                {
                  "token": \(EmulatorJSON.string(token).text),
                  "expiresOn": "\(date)"
                }

                """
            case .azurePowerShell: "azsdk%\(token)%\(expiry)\n"
            }
        return ToolRun(status: 0, output: Array(text.utf8), errors: [])
    }

    /// What the tool prints when the service has refused.
    func failure(_ text: String) -> ToolRun {
        switch self.tool {
        case .azureCLI:
            let scopes = self.scopes.map { " \"\($0)\"" }.joined()
            let advice = "Run the command below to authenticate interactively; additional arguments may be added as needed:"
            return Self.run(errors: "ERROR: \(text)\n\(advice)\naz logout\naz login --scope\(scopes)\n")
        case .azureDeveloperCLI:
            return Self.run(
                errors: EmulatorJSON.object(["error": .string("fetching token: \(text)"), "message": .string(text)]).text + "\n")
        case .azurePowerShell: return Self.run(errors: "\(text)\n")
        }
    }

    private static func run(errors: String) -> ToolRun { ToolRun(status: 1, output: [], errors: Array(errors.utf8)) }
}
