// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The rows on the account of Visual Studio Code.
extension GuideRow {
    /// What to do where the editor's account is concerned (rows G31, G32, G33 and G54); `nil` for other rows.
    var editorText: String? {
        switch self {
        case .g31:
            """
            Sign in to Azure in Visual Studio Code: install the extension Azure Resources and run "Azure: Sign In" from the command palette. \
            The extension Azure Account after 0.9.11, and Azure Resources, need the system's broker: link the product AzureIdentityBroker. Or \
            sign in to the Azure CLI.
            """
        case .g32: "Run \"Azure: Sign In\" from the command palette of Visual Studio Code, and sign in again."
        case .g33:
            """
            AD FS can't be reached with the account of Visual Studio Code: choose a tenant of a supported cloud (the setting azure.tenant, or \
            the credential's tenant).
            """
        case .g54:
            """
            \(Self.editorSignIn) It has to link the product AzureIdentityBroker and to give the credential a broker (BrokeredSignIn.system).
            """
        default: nil
        }
    }

    /// What to do in the editor, for a program that has a broker.
    static let editorSignIn = """
        Install the extension Azure Resources in Visual Studio Code, run "Azure: Sign In" from the command palette, and restart this program.
        """

    /// A page that says more about the editor's account; `nil` for other rows.
    var editorLink: String? {
        switch self {
        case .g31, .g32, .g33, .g54:
            "https://marketplace.visualstudio.com/items?itemName=ms-azuretools.vscode-azureresourcegroups"
        default: nil
        }
    }
}
