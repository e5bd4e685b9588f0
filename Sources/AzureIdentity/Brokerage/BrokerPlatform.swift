// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The kinds of systems that have a broker. What differs between them is data here.
package enum BrokerPlatform: String, Sendable, Hashable, CaseIterable {
    case windows
    /// Linux inside of Windows (WSL), where the broker is that of Windows.
    case windowsSubsystem
    case macOS
    case linux

    /// The system that this program was built for; `nil`: one that has no broker.
    package static var current: BrokerPlatform? {
        #if os(Windows)
        .windows
        #elseif os(macOS)
        .macOS
        #elseif os(Linux)
        .linux
        #else
        nil
        #endif
    }

    /// The address for programs that aren't signed, or have no bundle, on macOS.
    private static let unsignedOnMacOS = "msauth.com.msauth.unsignedapp://auth"
    private static let nativeClient = "https://login.microsoftonline.com/common/oauth2/nativeclient"

    /// What a request names as its redirect URI. On Windows the broker takes its own whatever stands here, but something has to.
    package var requestedRedirectURL: String {
        switch self {
        case .macOS: Self.unsignedOnMacOS
        case .windows, .windowsSubsystem, .linux: Self.nativeClient
        }
    }

    /// The redirect URI that the application's registration needs, under "Mobile and desktop applications" (facts: azure-identity-broker
    /// 1.3.0).
    package func registeredRedirectURL(clientID: String) -> String {
        switch self {
        case .windows, .windowsSubsystem: "ms-appx-web://Microsoft.AAD.BrokerPlugin/\(clientID)"
        case .macOS: Self.unsignedOnMacOS
        case .linux: Self.nativeClient
        }
    }

    /// What to install where no broker is.
    package var installation: String {
        switch self {
        case .windows: "Windows 10, Windows Server 2019 or later has the broker; its library is msalruntime.dll."
        case .windowsSubsystem: "WSL 2.4.13 or later reaches the broker of Windows, by the library libmsalruntime.so."
        case .macOS: "Install Company Portal, which is the broker, and its library libmsalruntime.dylib."
        case .linux: "Install microsoft-identity-broker (it comes with Microsoft Intune for Linux), or Himmelblau's broker."
        }
    }
}
