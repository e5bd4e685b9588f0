// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension GuideSection {
    /// The tools that a developer is signed in to.
    static let tools: [GuideSection] = [
        GuideSection(
            id: "G34",
            chapter: .tools,
            title: "Azure CLI not installed",
            place: "AzureCLICredential",
            situation: "There is no az in the directories of PATH, or none that this user may run.",
            signs: ["Azure CLI not installed", "Azure CLI not found on path"],
            discovery: .byItself,
            details: """
                A service and a desktop's programs often have another `PATH` than a terminal. Relative directories don't count. If the \
                message names a file, that one may not be run by this user.
                """
        ),
        GuideSection(
            id: "G35",
            chapter: .tools,
            title: "Please run 'az login' to set up account",
            place: "AzureCLICredential",
            situation: "Nobody is signed in to the Azure CLI, or the sign-in has expired.",
            signs: ["Please run 'az login' to set up account"],
            discovery: .byItself,
            details: """
                With an AADSTS code, that code says why. The account is that of the user whom this process runs as, in \
                `AZURE_CONFIG_DIR` or below `HOME`. The same row comes, worth another try, where `az` gives no answer in time: run it by \
                hand to see how long it takes, and give the credential a longer `processTimeout`.
                """
        ),
        GuideSection(
            id: "G36",
            chapter: .tools,
            title: "Azure Developer CLI could not be found",
            place: "AzureDeveloperCLICredential",
            situation: "There is no azd in the directories of PATH, or none that this user may run.",
            signs: ["Azure Developer CLI could not be found"],
            discovery: .byItself,
            details: "As G34."
        ),
        GuideSection(
            id: "G37",
            chapter: .tools,
            title: "Please run 'azd auth login' to set up account",
            place: "AzureDeveloperCLICredential",
            situation: "Nobody is signed in to the Azure Developer CLI, or the sign-in has expired.",
            signs: ["Please run 'azd auth login' to set up account"],
            discovery: .byItself,
            details: "As G35."
        ),
        GuideSection(
            id: "G38",
            chapter: .tools,
            title: "PowerShell isn't installed",
            place: "AzurePowerShellCredential",
            situation: "There is no pwsh in the directories of PATH, or none that this user may run.",
            signs: ["PowerShell isn't installed."],
            discovery: .byItself,
            details: "As G34."
        ),
        GuideSection(
            id: "G39",
            chapter: .tools,
            title: "Az.Account module >= 2.2.0 isn't installed",
            place: "AzurePowerShellCredential",
            situation: "PowerShell is there; the module Az.Accounts is missing or too old.",
            signs: ["Az.Account module >= 2.2.0 isn't installed."],
            discovery: .byItself,
            details: "On Windows the execution policy may keep the module from being loaded; the message says so."
        ),
        GuideSection(
            id: "G40",
            chapter: .tools,
            title: "Please run 'Connect-AzAccount' to set up account",
            place: "AzurePowerShellCredential",
            situation: "Nobody is signed in to Azure PowerShell, or the sign-in has expired.",
            signs: ["Please run 'Connect-AzAccount' to set up account."],
            discovery: .byItself,
            details: "As G35."
        ),
        GuideSection(
            id: "G52",
            chapter: .tools,
            title: "the subscription contains invalid characters",
            place: "AzureCLICredential",
            situation: "The subscription was named by a name that isn't safe in a command line.",
            signs: ["contains invalid characters. If this is the name of a subscription, use its ID instead"],
            discovery: .byAsking
        ),
    ]

    /// Visual Studio Code.
    static let editor: [GuideSection] = [
        GuideSection(
            id: "G31",
            chapter: .editor,
            title: "nobody is signed in to Visual Studio Code",
            place: "VisualStudioCodeCredential",
            situation: "The editor's stored account can't be found or read.",
            signs: ["Failed To Read VS Code Credentials", "Authenticate via Azure Tools plugin in VS Code"],
            discovery: .byItself
        ),
        GuideSection(
            id: "G32",
            chapter: .editor,
            title: "the sign-in of Visual Studio Code has expired",
            place: "VisualStudioCodeCredential",
            situation: "There is an account, but its refresh token isn't good any more.",
            signs: ["interaction required"],
            discovery: .fromError
        ),
        GuideSection(
            id: "G33",
            chapter: .editor,
            title: "the tenant is AD FS",
            place: "VisualStudioCodeCredential",
            situation: "The editor is signed in to AD FS, which this sign-in doesn't know.",
            signs: ["ADFS tenant not supported"],
            discovery: .fromError
        ),
        GuideSection(
            id: "G54",
            chapter: .editor,
            title: "VisualStudioCodeCredential requires a broker and a sign-in",
            place: "VisualStudioCodeCredential",
            situation: "The program has no broker product, or the editor has left no authentication record.",
            signs: ["VisualStudioCodeCredential requires"],
            discovery: .byItself
        ),
    ]

    /// Brokers, which sign people in on behalf of the system.
    static let people: [GuideSection] = [
        GuideSection(
            id: "G49",
            chapter: .broker,
            title: "the redirect URI isn't registered",
            place: "BrokerCredential; any sign-in by a browser",
            situation: "The address that the answer goes to isn't in the application's registration.",
            signs: ["AADSTS50011"],
            discovery: .fromError,
            details: """
                On Windows a broker's redirect URI is `ms-appx-web://Microsoft.AAD.BrokerPlugin/{client_id}`. For a sign-in by a browser \
                it is the one of the credential's options, for the platform "Mobile and desktop applications": `http://localhost` stands \
                for all ports.
                """
        ),
        GuideSection(
            id: "G50",
            chapter: .broker,
            title: "a personal Microsoft account is refused",
            place: "BrokerCredential",
            situation: "A broker lists organisations' accounts alone, unless it is told to take personal ones too.",
            signs: ["personal Microsoft account"],
            discovery: .fromError
        ),
    ]
}
