// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Words by which a row is recognised in the text of an error: of this library's, of the Azure Identity libraries for Python, .NET, Go, Java and
/// JavaScript, and of the tools. Written as ``GuideNeedles/normalized(_:)`` makes a text: lower case, `'` for all quotes, `not` for `n't`.
struct GuidePhrase: Sendable {
    let row: String
    let words: String
    /// Whether the words often mean something else; they count only where nothing better is found.
    var isWeak = false
    /// The credential that has to be named before the words; `nil`: none.
    var credential: String?

    static let all: [GuidePhrase] = {
        var all: [GuidePhrase] = []
        for (row, texts) in Self.general + Self.hosts + Self.tools + Self.federation {
            all += texts.map { GuidePhrase(row: row, words: $0) }
        }
        for (row, texts) in Self.weak { all += texts.map { GuidePhrase(row: row, words: $0, isWeak: true) } }
        for cause in TransportCause.allCases { all += cause.signs.map { GuidePhrase(row: "G51", words: $0) } }
        for text in ["interaction required", "interaction_required", "interactionrequired"] {
            all.append(GuidePhrase(row: "G32", words: text, credential: "VisualStudioCodeCredential"))
        }
        return all
    }()

    private static let general: [(String, [String])] = [
        ("G02", ["actions_id_token_request_url"]),
        (
            "G03",
            [
                "(forbidden)", "403 forbidden", "status: 403", "response 403", "status code 403", "statuscode=403",
                "authorizationfailed",
                "forbiddenbyrbac", "forbiddenbypolicy", "authorizationpermissionmismatch", "insufficientaccountpermissions",
                "does not have authorization to perform action", "caller is not authorized to perform action",
                "not authorized to perform this operation",
            ]
        ),
        (
            "G06",
            [
                "failed to retrieve a token from the included credentials", "defaultazurecredential: failed to acquire a token",
                "chainedtokencredential: failed to acquire a token", "chainedtokencredential authentication failed",
                "attempted credentials:", "no credential is set up here",
            ]
        ),
        ("G07", ["the token is for another identity than expected", "azurecredential acquired a token from"]),
        (
            "G08",
            [
                "environment variables are not fully configured", "missing environment variable azure_",
                "incomplete environment variable configuration", "environmentcredential is unavailable",
            ]
        ),
        ("G09", ["invalid client secret"]),
        ("G10", ["client secret keys for app", "client secret has expired"]),
        ("G17", ["invalid username or password"]),
        ("G48", ["not configured to acquire tokens for tenant"]),
        ("G50", ["personal microsoft account", "msa passthrough"]),
    ]

    private static let hosts: [(String, [String])] = [
        (
            "G19",
            ["azure arc did not confirm", "the agent's key file", "key file path is invalid", "unexpected file path from himds"]
        ),
        ("G21", ["identity_server_thumbprint"]),
        (
            "G23",
            [
                "requested identity has not been assigned to this resource", "no identity has been assigned to this resource",
                "requested identity is not assigned to this resource", "no default identity is assigned to this resource",
                "'error_description':'identity not found'",
            ]
        ),
        ("G24", ["request failed due to a gateway error"]),
        (
            "G25",
            [
                "no response received from the managed identity endpoint", "no response from the imds endpoint",
                "managed identity timed out",
                "connection to imds endpoint cannot be established", "imds endpoint, but it is not available",
            ]
        ),
        (
            "G26",
            [
                "multiple attempts failed to obtain a token from the managed identity endpoint",
                "the managed identity endpoint failed to give a token",
            ]
        ),
        ("G27", ["the managed identity endpoint refused"]),
        (
            "G28",
            [
                "looks like app service, functions or container apps",
                "app service managed identity configuration not found in environment",
            ]
        ),
        (
            "G30",
            [
                "no managed identity endpoint found", "no azure identity found for request clientid",
                "identity_endpoint is set alone",
            ]
        ),
    ]

    private static let tools: [(String, [String])] = [
        ("G31", ["failed to read vs code credentials", "authenticate via azure tools plugin in vs code"]),
        ("G32", ["msal interaction required"]),
        ("G33", ["adfs tenant not supported", "adfs tenants are not"]),
        (
            "G34",
            [
                "azure cli not installed", "azure cli not found on path", "azure cli could not be found", "az: command not found",
                "'az' is not recognized",
            ]
        ),
        ("G35", ["please run 'az login'", "please run az login", "to re-authenticate, please run: az login"]),
        (
            "G36",
            [
                "azure developer cli could not be found", "azure developer cli not found on path", "azd: command not found",
                "'azd' is not recognized",
            ]
        ),
        ("G37", ["please run 'azd auth login'", "run 'azd auth login'"]),
        ("G38", ["powershell is not installed", "pwsh: command not found", "'pwsh' is not recognized"]),
        (
            "G39",
            [
                "az.account module >= 2.2.0", "az.accounts module >= 2.2.0", "az.account' module >= 2.2.0",
                "az.accounts' module >= 2.2.0",
                "no_az_account_module", "az.accounts module not found",
            ]
        ),
        ("G40", ["please run 'connect-azaccount'", "run connect-azaccount to login"]),
        ("G52", ["contains invalid characters. if this is the name of a subscription"]),
        ("G54", ["visualstudiocodecredential requires"]),
    ]

    private static let federation: [(String, [String])] = [
        (
            "G41",
            [
                "the workload options are not fully configured", "workloadidentitycredential authentication unavailable. missing",
                "no client id specified. check pod configuration", "no tenant id specified. check pod configuration",
                "no token file specified. check pod configuration", "workloadidentitycredential: is unavailable",
                "workload identity was selected but no client id was provided",
            ]
        ),
        ("G43", ["no service connection found with identifier"]),
        ("G44", ["401 (unauthorized) response from oidc endpoint"]),
        ("G45", ["oidc token not found in response"]),
        ("G46", ["missing value for the system_oidcrequesturi", "no value for environment variable system_oidcrequesturi"]),
        ("G53", ["api://aksidentitybinding"]),
    ]

    private static let weak: [(String, [String])] = [
        (
            "G01",
            [
                "clientauthenticationerror", "authenticationfailedexception", "clientauthenticationexception",
                "authenticationrequirederror",
                "authenticationfailed", "authentication failed",
            ]
        ),
        (
            "G02",
            [
                "authentication unavailable", "authentication is not available", "credentialunavailableerror",
                "credentialunavailableexception",
                "credentialunavailable",
            ]
        ),
        ("G03", ["401 unauthorized", "status: 401", "response 401", "status code 401", "(unauthorized)"]),
        ("G04", ["microsoft entra id error", "microsoft entra id answered"]),
        ("G05", ["logging_enable", "iscontentloggingenabled", "content logging"]),
        ("G21", ["service fabric"]),
        ("G25", ["169.254.169.254"]),
        ("G27", ["curl 'http://169.254.169.254/metadata/identity/oauth2/token"]),
        ("G28", ["managedidentitycredential authentication unavailable"]),
        ("G29", ["x-identity-header"]),
        ("G49", ["microsoft.aad.brokerplugin"]),
    ]
}
