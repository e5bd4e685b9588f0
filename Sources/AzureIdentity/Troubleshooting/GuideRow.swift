// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A row of the troubleshooting guide: what errors lead to. ``GuideSection`` says more about each.
enum GuideRow: String, CaseIterable, Sendable {
    /// What no other row is about.
    case g51 = "G51"
    case g01 = "G01"
    case g02 = "G02"
    case g03 = "G03"
    case g04 = "G04"
    case g05 = "G05"
    case g06 = "G06"
    case g07 = "G07"
    case g08 = "G08"
    case g09 = "G09"
    case g10 = "G10"
    case g11 = "G11"
    case g12 = "G12"
    case g13 = "G13"
    case g14 = "G14"
    case g15 = "G15"
    case g16 = "G16"
    case g17 = "G17"
    case g18 = "G18"
    case g19 = "G19"
    case g20 = "G20"
    case g21 = "G21"
    case g22 = "G22"
    case g23 = "G23"
    case g24 = "G24"
    case g25 = "G25"
    case g26 = "G26"
    case g27 = "G27"
    case g28 = "G28"
    case g29 = "G29"
    case g30 = "G30"
    case g31 = "G31"
    case g32 = "G32"
    case g33 = "G33"
    case g34 = "G34"
    case g35 = "G35"
    case g36 = "G36"
    case g37 = "G37"
    case g38 = "G38"
    case g39 = "G39"
    case g40 = "G40"
    case g41 = "G41"
    case g42 = "G42"
    case g43 = "G43"
    case g44 = "G44"
    case g45 = "G45"
    case g46 = "G46"
    case g47 = "G47"
    case g48 = "G48"
    case g49 = "G49"
    case g50 = "G50"
    case g52 = "G52"
    case g53 = "G53"
    case g54 = "G54"

    /// The row that a code of Microsoft Entra ID stands for.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - proof: How the client proves who it is: the same code may have another remedy then.
    static func row(code: Int, proof: GuideFacts.Proof?) -> GuideRow? {
        switch code {
        case 7_000_215: .g09
        case 7_000_222: proof == .certificate ? .g12 : .g10
        case 700_016: proof == .pipelines ? .g47 : proof == .certificate ? .g13 : .g11
        case 700_211, 700_212: proof == .workloadIdentity ? .g53 : nil
        case 900_023: proof == .pipelines ? .g42 : nil
        case 700_021: proof == .secret ? nil : .g14
        case 700_023: proof == .secret ? nil : .g15
        case 700_027: .g12
        case 50_027: proof == .secret ? nil : .g16
        case 50_126: .g17
        case 50_034: proof == .password ? .g17 : nil
        default: nil
        }
    }

    /// What to do, in a sentence or two.
    var text: String {
        self.hostText ?? self.federationText ?? self.toolText ?? self.editorText ?? self.peopleText ?? self.brokerText
            ?? self.generalText
    }

    /// A page that says more.
    var link: String? {
        self.hostLink ?? self.toolLink ?? self.editorLink ?? self.peopleLink ?? self.brokerLink ?? self.generalLink
    }

    private var generalText: String {
        switch self {
        case .g02: "This credential is not set up here. Set up what the message names, or use another credential."
        case .g04:
            "Look the code up; the trace id, correlation id and timestamp let your tenant's administrator find the request."
        case .g05:
            "Set the logger's level to info for each request, or to debug with content logging for bodies; those hold secrets."
        case .g08:
            """
            Set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET before the process starts; or, in place of the secret, \
            AZURE_CLIENT_CERTIFICATE_PATH and, if its key is encrypted, AZURE_CLIENT_CERTIFICATE_PASSWORD.
            """
        case .g09: "The client secret is wrong. Pass the secret's value, not its id; if in doubt, create a new client secret."
        case .g10: "The client secret has expired. Create a new client secret and pass its value."
        case .g12:
            """
            Upload this certificate to the application's registration, or use the one that is registered. With a chain sent along, the \
            application must be set up for its subject name and issuer.
            """
        case .g14: "Make the assertion out by the application: its iss and sub must both be the client id."
        case .g15:
            """
            Make the assertion out to the tenant's token endpoint: its aud must be \
            https://login.microsoftonline.com/<tenant-id>/oauth2/v2.0/token, with the host of your cloud. (The guide's ".../v2" is inexact.)
            """
        case .g16:
            "The assertion is not a well-formed JWT: three base64url parts with dots between them, signed, with a header of type JWT."
        case .g11, .g13:
            """
            The application was not found in the tenant. Check the client id and the tenant id; for a multi-tenant application, have an \
            administrator of the tenant add it.
            """
        case .g48:
            """
            Add the tenant to additionallyAllowedTenants when creating the credential (azid: --additionally-allowed-tenant), or to \
            AZURE_ADDITIONALLY_ALLOWED_TENANTS; "*" allows any.
            """
        default: self.readingText
        }
    }

    private var generalLink: String? {
        switch self {
        case .g02, .g05: nil
        case .g03: "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"
        case .g04, .g51: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
        case .g08: "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal"
        case .g09, .g10: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials"
        case .g12: "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal"
        case .g14, .g15, .g16: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials"
        case .g11, .g13: "https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant"
        case .g48: "https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps"
        default: nil
        }
    }
}
