// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension GuideSection {
    /// What is true of all credentials, and of those that ask others.
    static let reading: [GuideSection] = [
        GuideSection(
            id: "G01",
            chapter: .reading,
            title: "a token request failed inside a call of a service",
            place: "any client of a service",
            situation:
                "A client asked its credential for a token, at its first call or when a token had to be renewed, and got none.",
            signs: ["AuthenticationError", "ClientAuthenticationError", "AuthenticationFailedException"],
            discovery: .fromError,
            details: """
                The error is an ``AuthenticationError``, thrown through the service's call as it is; a service's own refusal is an \
                ``HTTPResponseError``, so that one `catch` tells them apart. ``AuthenticationError/isRetryable`` says whether the same \
                call may succeed later without anyone doing anything.
                """
        ),
        GuideSection(
            id: "G02",
            chapter: .reading,
            title: "the credential is not available",
            place: "any credential, in a chain or alone",
            situation: "The credential lacks configuration or set-up here, or needs a person who can't be asked.",
            signs: ["authentication unavailable", "CredentialUnavailableError"],
            discovery: .byAsking,
            details: """
                The code is ``AuthenticationError/Code-swift.struct/credentialUnavailable``, or \
                ``AuthenticationError/Code-swift.struct/authenticationRequired`` where a person has to sign in. The message says what is \
                missing. Chains take it as the signal to go on with their next credential.

                ``GitHubActionsCredential`` has this row where `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN` are \
                missing, or refused: give the job `permissions: id-token: write`.
                """
        ),
        GuideSection(
            id: "G03",
            chapter: .reading,
            title: "the service answers 401 or 403",
            place: "any client of a service",
            situation: "There is a token, and the service doesn't let its owner do this.",
            signs: ["401", "403", "Forbidden", "AuthorizationFailed"],
            discovery: .fromError,
            details: """
                The error is an ``HTTPResponseError`` with the status, no ``AuthenticationError``: authentication succeeded. Roles for \
                the data of a service are others than those for its management: the owner of a vault may read none of its secrets. A new \
                assignment takes minutes to count. The remedy of a refusal by a key vault names the role and the identity. Where another \
                account than meant was used: G07.
                """
        ),
        GuideSection(
            id: "G04",
            chapter: .reading,
            title: "Microsoft Entra ID refused",
            place: "any credential that asks Microsoft Entra ID",
            situation: "The token service answered with an error.",
            signs: ["AADSTS", "Microsoft Entra ID error"],
            discovery: .fromError,
            details: """
                The message begins with the type of the credential that failed, then comes what the service said: the error, its AADSTS \
                code and text. ``AuthenticationError/serviceError`` has the same as data, with the timestamp, the trace id and the \
                correlation id.

                The table of codes at the end of this page has those that are met most; for others see the [list of error \
                codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes). An administrator of the tenant finds \
                the request in the sign-in logs by its correlation id; set ``TokenRequestContext/correlationID`` to choose it yourself. \
                Codes may change: let programs decide by ``AuthenticationError/ServiceError/error``.
                """
        ),
        GuideSection(
            id: "G05",
            chapter: .reading,
            title: "seeing the requests",
            place: "logging",
            situation: "A developer wants to see what is sent and answered.",
            discovery: .notAFault,
            details: """
                Requests are logged through swift-log, to the logger of ``LoggingOptions/logger`` or else to the caller's task-local \
                one. At level `info` there is one line for each exchange: method, URL, status, duration, and headers with all values \
                redacted that aren't known to be harmless. Bodies never by themselves.

                Bodies and unredacted headers are logged at level `debug` when asked for, for all requests of a credential \
                (``LoggingOptions/isContentLoggingEnabled``) or for one (``TokenRequestContext/isContentLoggingEnabled``); the logger's \
                own level has to be `debug` too. Such a log holds client secrets and tokens. Don't share it, and delete it when you have \
                seen what you wanted.

                <doc:Logging> shows a real log, and says what never is in one. `azid inspect` shows what a token says of itself, \
                ``AccessToken/unverifiedClaims`` does in a program.
                """
        ),
        GuideSection(
            id: "G48",
            chapter: .tenants,
            title: "not configured to acquire tokens for the tenant",
            place: "any credential that can serve several tenants",
            situation: "A request named a tenant that is neither the credential's own nor allowed.",
            signs: ["The current credential is not configured to acquire tokens for tenant"],
            discovery: .byAsking,
            details: """
                The tenant of a request is ``TokenRequestContext/tenantID``; clients of services take it from the service's challenge. \
                Add the tenant, or ``TenantFilter/any``, to ``CredentialOptions/additionallyAllowedTenants``, or to the variable \
                `AZURE_ADDITIONALLY_ALLOWED_TENANTS` (separated by semicolons; `*` for any). The error is a failure, never \
                "unavailable": a chain stops at it.
                """
        ),
        GuideSection(
            id: "G51",
            chapter: .rest,
            title: "an error that no row is about",
            place: "anywhere",
            situation: "No other row of this guide fits, or the code isn't in its table.",
            discovery: .notAFault,
            details: """
                Look a code up at `https://login.microsoftonline.com/error?code=` with its number. `SUPPORT.md` says where to ask; `azid \
                doctor --json` makes a report that is safe to show, and `azid explain` reads the text of an error. Never show a log with \
                content, or the output of a command that prints a token.
                """
        ),
    ]

    static let chains: [GuideSection] = [
        GuideSection(
            id: "G06",
            chapter: .chains,
            title: "failed to retrieve a token from the included credentials",
            place: "DefaultAzureCredential",
            situation: "No member of the chain has a token.",
            signs: ["DefaultAzureCredential failed to retrieve a token from the included credentials."],
            discovery: .byItself,
            details: """
                The second line of the message names the likeliest cause, the lines below it what each member came to; `azid token \
                --explain` prints the plan of the chain and how long each step took. Where something is set up by half, the error has \
                the row of that instead. <doc:DefaultChain> has the form of the error, and when a chain goes on.

                `AZURE_TOKEN_CREDENTIALS` with a value that isn't known is another error, which lists what is allowed.
                """
        ),
        GuideSection(
            id: "G07",
            chapter: .chains,
            title: "another account than meant was used",
            place: "DefaultAzureCredential",
            situation:
                "The service answers 401 or 403, since the chain found another identity first than the one that has the rights.",
            signs: ["DefaultAzureCredential acquired a token from", "401", "403"],
            discovery: .fromError,
            details: """
                The log says which credential gave the token, as does ``DefaultAzureCredential/selectedCredential``; the token's \
                ``AccessToken/provenance`` has the tenant and the object id. `AZURE_TOKEN_CREDENTIALS` names the one to use. With \
                ``DefaultAzureCredentialOptions/expectedIdentity`` the error comes before the service is asked, and has this row.
                """
        ),
        GuideSection(
            id: "G08",
            chapter: .environment,
            title: "Environment variables aren't fully configured",
            place: "EnvironmentCredential",
            situation: "No set of variables is complete.",
            signs: ["Environment variables aren't fully configured"],
            discovery: .byItself,
            variables: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
            details: """
                The message lists what is missing. An empty variable counts as not set.

                | To authenticate with | set |
                |---|---|
                | a client secret | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` |
                | a certificate | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_CERTIFICATE_PATH`; \
                `AZURE_CLIENT_CERTIFICATE_PASSWORD` if it has one; `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` to send the chain |

                If both sets are complete, the secret is used. A certificate file that can't be used is no missing variable: its error \
                has the code ``AuthenticationError/Code-swift.struct/invalidConfiguration`` and says what is wrong with the file, which \
                is looked at again when it has changed.

                The variables are read when the credential is made, so set them before the process starts. Check that the process really \
                gets them: a container, a service manager and `sudo` each pass on their own choice. <doc:VariableCatalogue> lists \
                them all.
                """
        ),
    ]
}
