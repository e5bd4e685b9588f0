// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension Guide {
    /// How the instance metadata service is asked by hand (row G27). A program that runs it must not show what it prints: it holds a token.
    static let metadataCommand = [
        "curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "5", "--header", "Metadata: true",
        "http://169.254.169.254/metadata/identity/oauth2/token?resource=https%3A%2F%2Fmanagement.core.windows.net&api-version=2018-02-01",
    ]

    /// How App Service is asked by hand (row G29), by a shell that has the app's variables: the guide itself prints the command of row G27
    /// here, which an app can't reach. The header's value is the shell's to fill in, so that no secret is in the arguments shown.
    static let appServiceCommand = [
        "sh", "-c",
        #"printf 'header = "X-IDENTITY-HEADER: %s"\n' "$IDENTITY_HEADER" | "#
            + #"curl --silent --show-error --noproxy '*' --max-time 5 --config - "#
            + #""$IDENTITY_ENDPOINT?resource=https%3A%2F%2Fmanagement.core.windows.net&api-version=2019-08-01""#,
    ]
}
