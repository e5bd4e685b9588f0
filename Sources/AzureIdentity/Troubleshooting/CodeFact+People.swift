// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension CodeFact {
    /// What is asked of people, or said against them. The advice of most is ``SignInTrouble``'s.
    static let people: [CodeFact] = [
        CodeFact(50_126, "The user name or the password is wrong.", .person, rows: ["G17"]),
        CodeFact(50_034, "The tenant doesn't know the account.", .person, rows: []),
        CodeFact(50_053, "The account is locked, or the address is blocked.", .person),
        CodeFact(50_055, "The password has expired.", .person),
        CodeFact(50_056, "The account has no password, or a wrong one is stored for it.", .person, rows: ["G17"]),
        CodeFact(50_057, "The account is disabled.", .administrator),
        CodeFact(50_072, "Multifactor authentication has to be set up.", .person),
        CodeFact(50_074, "Multifactor authentication is needed.", .person),
        CodeFact(50_076, "Multifactor authentication is needed, by a rule or from this place.", .person),
        CodeFact(50_078, "Multifactor authentication has expired.", .person),
        CodeFact(50_079, "Multifactor authentication has to be set up.", .person),
        CodeFact(50_158, "A security challenge outside of the tenant isn't met.", .person),
        CodeFact(50_105, "The account isn't assigned to the application.", .administrator),
        CodeFact(50_132, "The sign-in has been ended.", .person),
        CodeFact(50_133, "The sign-in has been ended by a new password.", .person),
        CodeFact(50_173, "The sign-in has been revoked.", .person),
        CodeFact(
            50_020, "The account is of another tenant, and no guest of this one.", .administrator,
            advice: "Sign in with an account of the tenant, or have this one invited as a guest."
        ),
        CodeFact(
            500_208, "The account's domain can't be used here.", .person,
            advice: "Sign in with an organisation's account; or, for personal accounts, ask an application that takes them."
        ),
        CodeFact(
            50_058, "Nobody is signed in in this browser.", .person, advice: "A page has to be shown: sign in without silence."),
        CodeFact(65_001, "The application isn't allowed what it asks for.", .administrator),
        CodeFact(65_004, "The person didn't allow it.", .person),
        CodeFact(90_094, "An administrator has to allow it.", .administrator),
        CodeFact(53_000, "The device doesn't follow the rules of conditional access.", .person),
        CodeFact(53_001, "The device isn't joined to the domain.", .person),
        CodeFact(53_002, "The application isn't an approved one.", .administrator),
        CodeFact(53_003, "Conditional access blocks the token.", .administrator),
        CodeFact(530_032, "The tenant's security rules block the sign-in.", .administrator),
        CodeFact(
            50_011, "The redirect URI isn't in the application's registration.", .developer, rows: ["G49"],
            advice: """
                Register the redirect URI that the message names, as it stands there. A broker's on Windows is \
                ms-appx-web://Microsoft.AAD.BrokerPlugin/{client_id}.
                """
        ),
        CodeFact(
            16_000, "Several accounts are signed in, and none is chosen.", .person,
            advice: "Choose one on the sign-in page; a login hint does it beforehand."
        ),
        CodeFact(
            16_002, "Nobody who is signed in can be used.", .person, advice: "Sign in again with the account that is meant."),
    ]

    /// Codes, refresh tokens and on-behalf-of assertions.
    static let tokens: [CodeFact] = [
        CodeFact(
            54_005, "The authorization code has been used already.", .developer,
            advice: "A code is good once: sign in again for a new one."),
        CodeFact(70_000, "The grant isn't valid: a refresh token, or a code.", .person, advice: "Sign in again."),
        CodeFact(70_008, "The refresh token, or the code, has expired.", .person),
        CodeFact(70_043, "The sign-in is older than a rule of the tenant's allows.", .person),
        CodeFact(70_044, "The sign-in is older than a rule of the tenant's allows.", .person),
        CodeFact(700_082, "The refresh token hasn't been used for too long.", .person),
        CodeFact(700_084, "The refresh token of a web page has expired, after 24 hours.", .person),
        CodeFact(
            700_005, "The code is for another tenant.", .developer, advice: "Redeem the code at the tenant that has issued it."),
        CodeFact(
            70_016, "The person hasn't signed in yet.", .nobody,
            advice: "Nothing: the credential asks again until the code has expired."),
        CodeFact(
            70_018, "The code that was entered is wrong.", .person, advice: "Ask for a new code, and enter it as it is shown."),
        CodeFact(70_019, "The device code has expired.", .person, advice: "Ask for a new code, and sign in before it expires."),
        CodeFact(70_020, "The device code has expired.", .person, advice: "Ask for a new code, and sign in before it expires."),
        CodeFact(
            500_133, "The assertion of a person isn't within its valid time.", .developer,
            advice:
                "Act on behalf of people with the token that came with this very request; one that has expired can't be exchanged."
        ),
        CodeFact(
            50_013, "The assertion isn't valid: its signature, audience or issuer.", .developer,
            advice:
                "The token of the person must be made out to this application, and must not be one for Microsoft Graph or another API."
        ),
        CodeFact(
            240_002, "The id token can't be used here.", .developer,
            advice: "Act on behalf of people with their access token, not the id token."),
        CodeFact(
            501_481, "The code verifier doesn't match the code challenge.", .developer,
            advice: "The code must be redeemed by who asked for it, with the verifier of that sign-in."
        ),
    ]
}
