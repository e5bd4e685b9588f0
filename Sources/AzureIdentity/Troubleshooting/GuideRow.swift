// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A row of the troubleshooting guide that this version's errors lead to. More come with more credentials.
enum GuideRow: String, CaseIterable, Sendable {
    case g02 = "G02"
    case g04 = "G04"
    case g05 = "G05"
    case g08 = "G08"
    case g09 = "G09"
    case g10 = "G10"
    case g11 = "G11"
    case g48 = "G48"

    /// The rows that a code of Microsoft Entra ID stands for.
    static let byCode: [Int: GuideRow] = [7_000_215: .g09, 7_000_222: .g10, 700_016: .g11]

    /// What to do, in a sentence or two.
    var text: String {
        switch self {
        case .g02: "This credential is not set up here. Set up what the message names, or use another credential."
        case .g04:
            "Look the code up; the trace id, correlation id and timestamp let your tenant's administrator find the request."
        case .g05:
            "Set the logger's level to info for each request, or to debug with content logging for bodies; those hold secrets."
        case .g08:
            """
            Set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET before the process starts. This version can't use a \
            certificate or a user name yet.
            """
        case .g09: "The client secret is wrong. Pass the secret's value, not its id; if in doubt, create a new client secret."
        case .g10: "The client secret has expired. Create a new client secret and pass its value."
        case .g11:
            """
            The application was not found in the tenant. Check the client id and the tenant id; for a multi-tenant application, have an \
            administrator of the tenant add it.
            """
        case .g48:
            """
            Add the tenant to additionallyAllowedTenants when creating the credential (azid: --additionally-allowed-tenant), or to \
            AZURE_ADDITIONALLY_ALLOWED_TENANTS; "*" allows any.
            """
        }
    }

    /// A page that says more.
    var link: String? {
        switch self {
        case .g02, .g05: nil
        case .g04: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
        case .g08: "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal"
        case .g09, .g10: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials"
        case .g11: "https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant"
        case .g48: "https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps"
        }
    }
}
