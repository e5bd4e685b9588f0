// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import Testing

@testable import AzureIdentity

/// Every row of the guide is found from an error: of this library, and of the libraries and tools of others.
@Suite struct ExplainRowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let row: String
        let text: String
        var credential: String?
        var code: Int?

        init(_ row: String, _ text: String, credential: String? = nil, code: Int? = nil) {
            self.row = row
            self.text = text
            self.credential = credential
            self.code = code
        }

        var testDescription: String { "\(self.row): \(self.text.prefix(70))" }
    }

    private static let ids = (1...54).map { $0 < 10 ? "G0\($0)" : "G\($0)" }

    private static func refusal(_ code: Int, _ credential: String, error: String = "invalid_client") -> String {
        "\(credential): \(error): \(code) - AADSTS\(code): Something. Trace ID: 6f1b Correlation ID: 8c2d Timestamp: 2026-01-01 00:00:00Z"
    }

    /// What errors of this library say.
    static let own: [Case] = [
        Case("G01", "azure.core.exceptions.ClientAuthenticationError"),
        Case("G02", "Mine: credentialUnavailable: no vault here"),
        Case("G03", "403 Forbidden/ForbiddenByRbac: Caller is not authorized to perform action on resource."),
        Case("G04", Self.refusal(90_002, "ClientSecretCredential"), credential: "ClientSecretCredential", code: 90_002),
        Case("G05", "isContentLoggingEnabled"),
        Case("G06", "DefaultAzureCredential failed to retrieve a token from the included credentials."),
        Case("G07", "AzureCLICredential: The token is for another identity than expected: tenant a instead of b."),
        Case(
            "G08", "EnvironmentCredential authentication unavailable. Environment variables aren't fully configured. Missing: A.",
            credential: "EnvironmentCredential"),
        Case("G09", Self.refusal(7_000_215, "ClientSecretCredential"), credential: "ClientSecretCredential", code: 7_000_215),
        Case("G10", Self.refusal(7_000_222, "ClientSecretCredential"), credential: "ClientSecretCredential", code: 7_000_222),
        Case("G11", Self.refusal(700_016, "ClientSecretCredential", error: "unauthorized_client"), code: 700_016),
        Case(
            "G12", Self.refusal(700_027, "ClientCertificateCredential"), credential: "ClientCertificateCredential", code: 700_027),
        Case("G12", Self.refusal(7_000_222, "ClientCertificateCredential"), code: 7_000_222),
        Case("G13", Self.refusal(700_016, "ClientCertificateCredential", error: "unauthorized_client"), code: 700_016),
        Case("G14", Self.refusal(700_021, "ClientAssertionCredential"), code: 700_021),
        Case("G15", Self.refusal(700_023, "ClientAssertionCredential"), code: 700_023),
        Case("G16", Self.refusal(50_027, "ClientAssertionCredential"), code: 50_027),
        Case("G17", Self.refusal(50_126, "UsernamePasswordCredential", error: "invalid_grant"), code: 50_126),
        Case("G19", "ManagedIdentityCredential: Azure Arc: The agent's key file x can't be used: it isn't there."),
        Case(
            "G21",
            "Azure Service Fabric: IDENTITY_SERVER_THUMBPRINT must be a SHA-1 certificate thumbprint, 40 hexadecimal digits."),
        Case(
            "G23",
            "ManagedIdentityCredential authentication unavailable. The requested identity hasn't been assigned to this resource.",
            credential: "ManagedIdentityCredential"),
        Case("G24", "ManagedIdentityCredential authentication unavailable. The request failed due to a gateway error."),
        Case(
            "G25",
            "ManagedIdentityCredential authentication unavailable. No response received from the managed identity endpoint."),
        Case(
            "G26",
            "ManagedIdentityCredential authentication unavailable. Multiple attempts failed to obtain a token from the managed identity endpoint."
        ),
        Case("G27", "ManagedIdentityCredential: The managed identity endpoint refused."),
        Case(
            "G28",
            """
            ManagedIdentityCredential authentication unavailable. This looks like App Service, Functions or Container Apps (WEBSITE_SITE_NAME is \
            set), but IDENTITY_HEADER is not: the app has no managed identity, or was started before it had one.
            """
        ),
        Case("G28", "ManagedIdentityCredential authentication unavailable."),
        Case("G30", "No managed identity endpoint found. IDENTITY_ENDPOINT is set alone, without IDENTITY_HEADER"),
        Case("G31", "Failed To Read VS Code Credentials"),
        Case("G31", "Authenticate via Azure Tools plugin in VS Code"),
        Case("G32", "MSAL Interaction Required Error"),
        Case("G32", "VisualStudioCodeCredential: interaction required: sign in again", credential: "VisualStudioCodeCredential"),
        Case("G33", "VisualStudioCodeCredential: ADFS tenant not supported"),
        Case("G34", "Azure CLI not installed. No directory of PATH holds az.", credential: "AzureCLICredential"),
        Case("G35", "AzureCLICredential: Please run 'az login' to set up account.", credential: "AzureCLICredential"),
        Case(
            "G36", "Azure Developer CLI could not be found. No directory of PATH holds azd.",
            credential: "AzureDeveloperCLICredential"),
        Case("G37", "Please run 'azd auth login' to set up account.", credential: "AzureDeveloperCLICredential"),
        Case("G38", "PowerShell isn't installed. No directory of PATH holds pwsh.", credential: "AzurePowerShellCredential"),
        Case("G39", "Az.Account module >= 2.2.0 isn't installed. (Its name is Az.Accounts.)"),
        Case("G40", "Please run 'Connect-AzAccount' to set up account."),
        Case(
            "G41",
            "WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured. Missing: x."),
        Case("G42", Self.refusal(900_023, "AzurePipelinesCredential", error: "invalid_request"), code: 900_023),
        Case("G43", "AzurePipelinesCredential: No service connection found with identifier 1234."),
        Case("G44", "AzurePipelinesCredential: 401 (Unauthorized) response from OIDC endpoint."),
        Case("G45", #"AzurePipelinesCredential: OIDC token not found in response. Response = {"$id":"1","message":"x"}"#),
        Case("G46", "Missing value for the SYSTEM_OIDCREQUESTURI environment variable."),
        Case("G47", Self.refusal(700_016, "AzurePipelinesCredential", error: "unauthorized_client"), code: 700_016),
        Case("G48", "The current credential is not configured to acquire tokens for tenant 1234."),
        Case("G49", "AADSTS50011: The redirect URI specified in the request does not match.", code: 50_011),
        Case("G49", Self.refusal(50_011, "InteractiveBrowserCredential"), code: 50_011),
        Case("G50", "BrokerCredential: a personal Microsoft account can't be used here"),
        Case("G52", "Subscription 'a;b' contains invalid characters. If this is the name of a subscription, use its ID instead."),
        Case("G53", Self.refusal(700_211, "WorkloadIdentityCredential"), code: 700_211),
        Case(
            "G53", "AADSTS700212: No matching federated identity record found for audience 'api://AKSIdentityBinding'.",
            code: 700_212),
        Case("G54", "VisualStudioCodeCredential requires the user to be signed in to Azure via Visual Studio Code."),
        Case("G51", "AADSTS999999: nobody knows this one"),
        Case("G51", "the flux capacitor has no flux"),
    ]

    /// What the libraries for Python, .NET, Go, Java and JavaScript say, and the tools.
    static let others: [Case] = [
        Case(
            "G09",
            """
            azure.core.exceptions.ClientAuthenticationError: Authentication failed: AADSTS7000215: Invalid client secret provided. Ensure the secret \
            being sent in the request is the client secret value, not the client secret ID.
            """,
            code: 7_000_215
        ),
        Case(
            "G09",
            """
            ClientSecretCredential authentication failed
            POST https://login.microsoftonline.com/3c631bb7/oauth2/v2.0/token
            --------------------------------------------------------------------------------
            RESPONSE 401 Unauthorized
            {
              "error": "invalid_client",
              "error_description": "AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 03da",
              "error_codes": [
                7000215
              ]
            }
            """,
            credential: "ClientSecretCredential", code: 7_000_215
        ),
        Case(
            "G11",
            """
            Azure.Identity.AuthenticationFailedException: ClientSecretCredential authentication failed: A configuration issue is preventing \
            authentication - check the error message from the server for details. Original exception: AADSTS700016: Application with identifier \
            'x' was not found in the directory 'y'.
            """,
            code: 700_016
        ),
        Case(
            "G47", "AuthenticationRequiredError: AzurePipelinesCredential: unauthorized_client: 700016 - [2026]: AADSTS700016: x",
            code: 700_016),
        Case("G08", "EnvironmentCredential: missing environment variable AZURE_TENANT_ID"),
        Case("G08", "CredentialUnavailableError: EnvironmentCredential is unavailable. No underlying credential could be used."),
        Case("G23", "ManagedIdentityCredential authentication failed: the requested identity isn't assigned to this resource"),
        Case("G23", #"{"error":"invalid_request","error_description":"Identity not found"}"#),
        Case("G23", "The requested identity hasn\u{2019}t been assigned to this resource."),
        Case("G25", "ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint."),
        Case("G25", "DefaultAzureCredential: managed identity timed out. See https://aka.ms/azsdk/go/identity/troubleshoot#dac"),
        Case(
            "G25",
            "ManagedIdentityCredential authentication unavailable. Connection to IMDS endpoint cannot be established, timeout."),
        Case("G30", "no azure identity found for request clientID"),
        Case("G34", "AzureCLICredential: Azure CLI not found on path"),
        Case("G34", "Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions"),
        Case("G34", "bash: az: command not found"),
        Case("G35", "ERROR: Please run 'az login' to setup account."),
        Case("G35", "Please run `az login` from a command prompt to authenticate before using this credential."),
        Case("G36", "Azure Developer CLI couldn't be found."),
        Case("G37", "ERROR: not logged in, run `azd auth login` to login"),
        Case("G38", "Azure.Identity.CredentialUnavailableException: PowerShell is not installed."),
        Case("G39", "The 'Az.Account' module >= 2.2.0 is not installed. Install the Azure Az PowerShell module"),
        Case("G41", "WorkloadIdentityCredential: no client ID specified. Check pod configuration or set ClientID in the options"),
        Case("G46", "no value for environment variable SYSTEM_OIDCREQUESTURI. This should be set by Azure Pipelines"),
        Case(
            "G03", "azure.core.exceptions.HttpResponseError: (Forbidden) Caller is not authorized to perform action on resource."),
        Case("G03", "RESPONSE 403: 403 Forbidden ERROR CODE: AuthorizationFailed"),
        Case("G02", "Azure.Identity.CredentialUnavailableException"),
        Case("G01", "com.azure.core.exception.ClientAuthenticationException"),
        Case("G27", "curl 'http://169.254.169.254/metadata/identity/oauth2/token?resource=x' -H \"Metadata: true\""),
        Case("G29", "curl -H \"X-IDENTITY-HEADER: $IDENTITY_HEADER\""),
        Case("G18", "App Service Functions"),
        Case("G20", "aks"),
        Case("G21", "service fabric"),
        Case("G22", "scale sets"),
    ]

    @Test(arguments: Self.own + Self.others)
    func aTextLeadsToItsRow(_ subject: Case) throws {
        let first = try #require(TroubleshootingGuide.explain(subject.text).first)
        #expect(first.entry.id == subject.row && first.remedy.guide == subject.row, "\(first)")
        #expect(!first.remedy.text.isEmpty)
        if let credential = subject.credential { #expect(first.credential == credential) }
        if let code = subject.code { #expect(first.code?.number == code) }
    }

    @Test func everyRowHasAText() {
        let named = Set((Self.own + Self.others).map(\.row))
        #expect(Self.ids.filter { !named.contains($0) }.isEmpty)
    }

    @Test(arguments: Self.ids)
    func everyRowIsThereByItsId(id: String) throws {
        let entry = try #require(TroubleshootingGuide.entry(id))
        #expect(entry.id == id && !entry.title.isEmpty && !entry.place.isEmpty && entry.situation.hasSuffix("."))
        #expect(entry.remedy.guide == id && !entry.remedy.text.isEmpty)
        #expect(entry.discovery == .notAFault || !entry.signs.isEmpty)
        #expect(TroubleshootingGuide.entry(id.lowercased()) == entry && TroubleshootingGuide.entry(id + "0") == nil)
        for text in [id, id.lowercased(), "  \(id)\n"] {
            let found = TroubleshootingGuide.explain(text)
            #expect(found.map(\.entry.id) == [id] && found.first?.certainty == .named)
        }
    }

    @Test func theEntriesAreTheRowsInOrder() {
        #expect(TroubleshootingGuide.entries.map(\.id) == GuideRow.allCases.map(\.rawValue).sorted())
        #expect(TroubleshootingGuide.entries.count == 54 && Set(GuideSection.all.map(\.id)).count == GuideSection.all.count)
    }
}
