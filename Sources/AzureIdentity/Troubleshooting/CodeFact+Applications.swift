// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension CodeFact {
    private static let patience = "Try again a little later; the credential does so by itself a few times."

    /// Applications and their secrets and certificates.
    static let applications: [CodeFact] = [
        CodeFact(7_000_215, "The client secret is wrong.", .developer, rows: ["G09"]),
        CodeFact(7_000_222, "The client secret, or the certificate, has expired.", .developer, rows: ["G10", "G12"]),
        CodeFact(700_016, "The tenant doesn't know the application.", .developer, rows: ["G11", "G13", "G47"]),
        CodeFact(700_027, "The assertion's signature isn't by a certificate that is registered.", .developer, rows: ["G12"]),
        CodeFact(
            700_021, "The assertion is made out by another application than the one that is named.", .developer, rows: ["G14"]),
        CodeFact(700_023, "The assertion is made out to somebody else than the token endpoint.", .developer, rows: ["G15"]),
        CodeFact(50_027, "The assertion, or another token that was sent, isn't a well-formed JWT.", .developer, rows: ["G16"]),
        CodeFact(
            700_024, "The assertion isn't valid yet, or not any more.", .developer,
            advice:
                "Compare this machine's clock with the network's time. If it is right, make a new assertion for each call, good for minutes."
        ),
        CodeFact(
            700_025, "The application is a public client, and sent a secret or an assertion.", .developer,
            advice: "Leave the secret out, or register the application for the web, as a confidential client."
        ),
        CodeFact(
            7_000_218, "The application is a confidential client, and sent neither a secret nor an assertion.", .developer,
            advice: """
                Send its secret or certificate; or, for an application on people's machines, turn on "Allow public client flows" in its \
                registration.
                """
        ),
        CodeFact(
            7_000_216, "A secret or an assertion is needed for this grant.", .developer,
            advice: "Use a credential that authenticates as the application: with a secret, a certificate or an assertion."
        ),
        CodeFact(
            7_000_112, "The application is disabled in the tenant.", .administrator,
            advice: "An administrator of the tenant can turn its enterprise application on."
        ),
        CodeFact(
            50_194, "The application is not for several tenants, and /common or /organizations was asked.", .developer,
            advice: "Give the credential the id of the application's own tenant."
        ),
        CodeFact(
            700_030, "The certificate of the assertion can't be used.", .developer,
            advice:
                "Check that it hasn't expired and has a key of 2,048 bits or more; then upload it to the application's registration."
        ),
        CodeFact(
            500_207, "This kind of account can't be used for the resource.", .person,
            advice: "Sign in with an account of the tenant that the resource belongs to."
        ),
        CodeFact(
            7_000_114, "The application may not act on behalf of people.", .administrator,
            advice: "An administrator can allow it the grant in its registration; else use a token of the application's own."
        ),
        CodeFact(
            700_229, "Only tokens of applications can be federated credentials, and this is a person's.", .developer,
            advice: "Make the assertion from a token of an application or a managed identity."
        ),
    ]

    /// Federated credentials.
    static let federated: [CodeFact] = {
        let advice = """
            Compare issuer, subject and audience of the federated credential with the token's, letter by letter; a new one takes some \
            minutes to be known.
            """
        return [
            CodeFact(
                700_211, "No federated credential of the application has this issuer.", .developer, rows: ["G53"], advice: advice),
            CodeFact(
                700_212, "No federated credential of the application has this audience.", .developer, rows: ["G53"],
                advice: advice),
            CodeFact(700_213, "No federated credential of the application has this subject.", .developer, advice: advice),
            CodeFact(70_021, "No federated credential of the application matches the assertion.", .developer, advice: advice),
            CodeFact(70_025, "The application has no federated credential.", .developer, advice: advice),
            CodeFact(
                700_238, "The identity's kind of federated credential can't be used here.", .administrator,
                advice: "An administrator can look at the rules for federated credentials of the tenant."
            ),
        ]
    }()

    /// Tenants, endpoints, scopes and how often they are asked.
    static let requests: [CodeFact] = [
        CodeFact(
            900_023, "The tenant id is neither a domain nor a known id.", .developer, rows: ["G42"],
            advice: "Check the tenant id: that of the tenant in which the application, or the managed identity, is registered."
        ),
        CodeFact(
            90_002, "The tenant isn't known.", .developer,
            advice:
                "Check the tenant id, and the cloud: tenants of sovereign clouds aren't known at the public authority host (AZURE_AUTHORITY_HOST)."
        ),
        CodeFact(
            50_049, "The authority host isn't known.", .developer,
            advice: "Check the authority host (AZURE_AUTHORITY_HOST); for one of your own, turn instance discovery off."
        ),
        CodeFact(
            900_432, "The application is a confidential client of another cloud.", .developer,
            advice: "Ask the authority host of the cloud that the application is registered in."
        ),
        CodeFact(
            900_382, "Confidential clients may not be used across clouds.", .developer,
            advice: "Ask the authority host of the cloud that the application is registered in."
        ),
        CodeFact(
            9_001_023, "The grant can't be used at /common or /consumers.", .developer,
            advice: "Give the credential the id of a tenant."
        ),
        CodeFact(
            9_002_331, "The application is for personal Microsoft accounts alone.", .developer,
            advice: "Give the tenant consumers, or let the application's registration take organisations' accounts."
        ),
        CodeFact(
            500_011, "The resource isn't known in the tenant.", .developer,
            advice:
                "Check the scope: the resource's address, as in https://vault.azure.net/.default. Its application may have to be added to the tenant."
        ),
        CodeFact(
            70_011, "The scope isn't valid.", .developer,
            advice: "Ask for one resource at a time, in the form https://vault.azure.net/.default."
        ),
        CodeFact(
            1_002_012, "An application asked for a scope other than .default.", .developer,
            advice: "Applications ask for all that they are allowed: the resource, and /.default behind it."
        ),
        CodeFact(
            650_057, "The application doesn't list the resource among what it asks for.", .administrator,
            advice: "Add the API's permission in the application's registration, and have an administrator consent."
        ),
        CodeFact(
            50_001, "The resource isn't known in the tenant, or is disabled there.", .developer,
            advice: "Check the scope and the tenant."),
        CodeFact(
            100_007, "The regional endpoint isn't allowed for this application.", .developer,
            advice: "Leave the region out (AZURE_REGIONAL_AUTHORITY_NAME)."
        ),
        CodeFact(
            50_196, "The application asks for the same token again and again.", .developer,
            advice: "Make a credential once and keep it: it keeps its tokens, while a new one for each request asks each time."
        ),
        CodeFact(90_055, "The tenant has too many requests.", .nobody, advice: Self.patience),
        CodeFact(90_033, "A passing trouble of the service.", .nobody, advice: Self.patience),
        CodeFact(
            90_013, "The input isn't valid.", .developer,
            advice: "Read the message; check the ids, the scope and the redirect URI."),
    ]
}
