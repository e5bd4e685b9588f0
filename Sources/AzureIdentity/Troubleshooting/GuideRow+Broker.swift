// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows on sign-ins by the system's broker.
extension GuideRow {
    /// What to do where a broker signs people in (rows G49 and G50); `nil` for other rows.
    var brokerText: String? {
        switch self {
        case .g49:
            """
            Add the broker's redirect URI to the application's registration, under "Mobile and desktop applications", and allow public \
            client flows there. On Windows, and on Linux inside of it: ms-appx-web://Microsoft.AAD.BrokerPlugin/<client-id>. On macOS: \
            msauth.com.msauth.unsignedapp://auth, for signed applications msauth.<bundle-id>://auth. On Linux: \
            https://login.microsoftonline.com/common/oauth2/nativeclient.
            """
        case .g50:
            """
            Turn on isMSAPassthroughEnabled (azid: --enable-msa-passthrough), which lets personal Microsoft accounts sign in to an \
            application of a company or school; or sign in with an account of the tenant; or have the account invited as a guest.
            """
        default: nil
        }
    }

    /// A page that says more about brokers; `nil` for other rows.
    var brokerLink: String? {
        switch self {
        case .g49: "https://learn.microsoft.com/entra/identity-platform/reply-url"
        case .g50: "https://learn.microsoft.com/entra/msal/dotnet/acquiring-tokens/desktop-mobile/wam"
        default: nil
        }
    }
}

extension Guide {
    /// The remedy of an application without the broker's redirect URI (row G49): with the very URI, for this system and application.
    ///
    /// - Parameters:
    ///   - url: The redirect URI.
    ///   - clientID: The application. One that is no GUID is left out of commands.
    static func redirectRemedy(_ url: String, clientID: String) -> AuthenticationError.Remedy {
        let id = UUID(uuidString: clientID) == nil ? "<client-id>" : clientID
        return AuthenticationError.Remedy(
            guide: GuideRow.g49.rawValue,
            text: """
                Add the redirect URI \(url) to the application's registration, under "Mobile and desktop applications", beside those that \
                are there, and allow public client flows.
                """,
            commands: [["az", "ad", "app", "show", "--id", id, "--query", "publicClient.redirectUris"]],
            link: GuideRow.g49.link
        )
    }

    /// The remedy of a personal Microsoft account that is refused (row G50).
    ///
    /// - Parameter isOnBus: Whether the broker may be one on Linux's session bus, which knows no passthrough.
    static func passthroughRemedy(isOnBus: Bool) -> AuthenticationError.Remedy {
        var remedy = Guide.remedy(.g50)
        if isOnBus {
            remedy.text += " A broker on Linux's session bus knows no passthrough: there, sign in with another account."
        }
        return remedy
    }

    /// The remedy of a sign-in whose window was closed.
    static var closedWindowRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g04.rawValue,
            text: "The person has closed the window or declined. Ask again only if that was a mistake.",
            link: GuideRow.g50.link
        )
    }
}
