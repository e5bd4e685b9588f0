// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension GuideSection {
    /// Applications that authenticate by themselves, and passwords of people.
    static let applications: [GuideSection] = [
        GuideSection(
            id: "G09",
            chapter: .secret,
            title: "the client secret is wrong",
            place: "ClientSecretCredential",
            situation: "Microsoft Entra ID doesn't know the secret.",
            signs: ["AADSTS7000215"],
            discovery: .byAsking,
            details: """
                The portal shows a secret's id beside its value, and the value only once, when the secret is made. A secret that was \
                read from a file may have the file's last line break in it; the library refuses that one by itself.
                """
        ),
        GuideSection(
            id: "G10",
            chapter: .secret,
            title: "the client secret has expired",
            place: "ClientSecretCredential",
            situation: "The secret was right once.",
            signs: ["AADSTS7000222"],
            discovery: .byAsking,
            details: """
                Restart the program with the new secret, or make a new credential: one keeps the secret it was made with. With a \
                certificate, the same code leads to G12.
                """
        ),
        GuideSection(
            id: "G11",
            chapter: .secret,
            title: "the application was not found in the tenant",
            place: "ClientSecretCredential",
            situation: "The client id isn't known in the tenant that was asked.",
            signs: ["AADSTS700016"],
            discovery: .byAsking,
            details: """
                Compare both ids with the application's registration. A multi-tenant application has to be added to each tenant by an \
                administrator of that tenant.
                """
        ),
        GuideSection(
            id: "G12",
            chapter: .certificate,
            title: "the certificate is not registered, or its signature is not good",
            place: "ClientCertificateCredential",
            situation: "Microsoft Entra ID can't check the assertion with a certificate of the application's.",
            signs: ["AADSTS700027"],
            discovery: .byAsking,
            details: """
                The message has the thumbprint of the certificate that was used. The file is read again before the error comes out, so a \
                certificate that has just been replaced is tried too. An expired certificate is refused in the same way; the error then \
                says when it expired. An application that trusts certificates by subject name and issuer needs the chain, see \
                <doc:Certificates>.
                """
        ),
        GuideSection(
            id: "G13",
            chapter: .certificate,
            title: "the application was not found in the tenant",
            place: "ClientCertificateCredential",
            situation: "The client id isn't known in the tenant that was asked.",
            signs: ["AADSTS700016"],
            discovery: .byAsking,
            details: "As G11."
        ),
        GuideSection(
            id: "G14",
            chapter: .assertion,
            title: "the assertion is made out by somebody else",
            place: "ClientAssertionCredential",
            situation: "The claims sub and iss of the assertion aren't the client id.",
            signs: ["AADSTS700021"],
            discovery: .fromError,
            details: """
                Both must be ``ClientAssertionContext/clientID`` for an assertion that the application signs itself. One of a federated \
                issuer has that issuer's names in it, and they must match a federated credential of the application's registration.
                """
        ),
        GuideSection(
            id: "G15",
            chapter: .assertion,
            title: "the assertion is made out to somebody else",
            place: "ClientAssertionCredential",
            situation: "The claim aud of the assertion isn't the token service that was asked.",
            signs: ["AADSTS700023"],
            discovery: .fromError,
            details: """
                It must be ``ClientAssertionContext/tokenEndpoint``. The guide of the other libraries says `…/v2`, which is inexact. For \
                a federated issuer it is `api://AzureADTokenExchange`, unless the registration says otherwise.
                """
        ),
        GuideSection(
            id: "G16",
            chapter: .assertion,
            title: "the assertion is not a JSON Web Token",
            place: "ClientAssertionCredential",
            situation: "The assertion can't be read.",
            signs: ["AADSTS50027"],
            discovery: .byAsking,
            details: """
                It needs three parts in base64url without padding, with dots between them: a header with the type `JWT`, the claims, a \
                signature. An assertion that is empty, longer than 65,536 bytes or holds blanks inside isn't even sent.
                """
        ),
        GuideSection(
            id: "G17",
            chapter: .password,
            title: "the user name or the password is wrong",
            place: "UsernamePasswordCredential",
            situation: "Microsoft Entra ID, or the person's own federation service, refused the password.",
            signs: ["AADSTS50126"],
            discovery: .byAsking,
            details:
                "An account that needs multifactor authentication (AADSTS50076, AADSTS50079) has this row too: no password can do that."
        ),
    ]

    /// Federated identities.
    static let federation: [GuideSection] = [
        GuideSection(
            id: "G41",
            chapter: .workload,
            title: "the workload options are not fully configured",
            place: "WorkloadIdentityCredential",
            situation: "The client id, the tenant id or the token file is missing, or the file can't be read.",
            signs: ["WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured"],
            discovery: .byItself,
            variables: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"],
            details: """
                The message names what is missing. A pod that was started before the webhook was ready has none of the variables, and \
                gets them when it is made anew. ``WorkloadIdentityCredential`` reads the file again for each request.
                """
        ),
        GuideSection(
            id: "G42",
            chapter: .pipelines,
            title: "the tenant isn't the service connection's",
            place: "AzurePipelinesCredential",
            situation: "The tenant id is none that Microsoft Entra ID knows.",
            signs: ["AADSTS900023"],
            discovery: .byAsking
        ),
        GuideSection(
            id: "G43",
            chapter: .pipelines,
            title: "no service connection found with identifier",
            place: "AzurePipelinesCredential",
            situation: "The service connection's id is wrong.",
            signs: ["No service connection found with identifier"],
            discovery: .byAsking
        ),
        GuideSection(
            id: "G44",
            chapter: .pipelines,
            title: "401 (Unauthorized) response from OIDC endpoint",
            place: "AzurePipelinesCredential",
            situation: "Azure Pipelines doesn't take the system access token.",
            signs: ["401 (Unauthorized) response from OIDC endpoint."],
            discovery: .byAsking,
            details:
                "The token is good for the job that it was made for. An empty one, or the variable's name in its place, has this row too."
        ),
        GuideSection(
            id: "G45",
            chapter: .pipelines,
            title: "OIDC token not found in response",
            place: "AzurePipelinesCredential",
            situation: "Azure Pipelines answered, but not with a token.",
            signs: ["OIDC token not found in response."],
            discovery: .byAsking
        ),
        GuideSection(
            id: "G46",
            chapter: .pipelines,
            title: "missing value for SYSTEM_OIDCREQUESTURI",
            place: "AzurePipelinesCredential",
            situation: "The program doesn't run in Azure Pipelines, or in a task that doesn't get the variable.",
            signs: ["Missing value for the SYSTEM_OIDCREQUESTURI environment variable."],
            discovery: .byItself
        ),
        GuideSection(
            id: "G47",
            chapter: .pipelines,
            title: "the client id isn't the service connection's",
            place: "AzurePipelinesCredential",
            situation: "The application isn't known in the tenant.",
            signs: ["unauthorized_client: 700016 - AADSTS700016"],
            discovery: .byAsking,
            details: """
                The guide of the other libraries says AuthenticationRequiredError here. In this library authentication has failed: no \
                person can help by signing in.
                """
        ),
        GuideSection(
            id: "G53",
            chapter: .workload,
            title: "no federated credential matches the token",
            place: "WorkloadIdentityCredential",
            situation:
                "The cluster uses AKS identity bindings and its proxy isn't used; or issuer or audience are others than registered.",
            signs: ["AADSTS700211", "AADSTS700212", "api://AKSIdentityBinding"],
            discovery: .byAsking,
            details: """
                The error of a cluster whose proxy was asked already leads to G04 instead: look at issuer, subject and audience of the \
                federated credential (AADSTS700213, AADSTS70021 and AADSTS70025 are about the same).
                """
        ),
    ]
}
