// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Where Visual Studio Code and its extensions keep what is read of them. Pure.
///
/// Where the variables name no home there are no places: the system's word for it is another program's account.
struct EditorPlaces: Sendable, Hashable {
    /// The authentication record of the extension Azure Resources; the first that is there counts.
    let records: [String]
    /// The folder of the user's settings, which is there where the editor has ever been started; `nil`: nobody knows where.
    let userFolder: String?
    /// The user's settings.
    let settings: String?

    /// - Parameter environment: The variables: `HOME` (Windows: `USERPROFILE` and `APPDATA`), and `XDG_CONFIG_HOME` as the editor
    ///   itself heeds it on Linux.
    init(_ environment: EnvironmentVariables) {
        #if os(Windows)
        let home = environment["USERPROFILE"].flatMap { Self.isAbsolute($0) ? $0 : nil }
        let folder = environment["APPDATA"].flatMap { Self.isAbsolute($0) ? Self.path($0, "Code", "User") : nil }
        #else
        let home = environment["HOME"].flatMap { Self.isAbsolute($0) ? $0 : nil }
        #if os(macOS)
        let folder = home.map { Self.path($0, "Library", "Application Support", "Code", "User") }
        #else
        let configuration =
            environment["XDG_CONFIG_HOME"].flatMap { Self.isAbsolute($0) ? $0 : nil } ?? home.map { Self.path($0, ".config") }
        let folder = configuration.map { Self.path($0, "Code", "User") }
        #endif
        #endif
        self.records = [".azure", ".Azure"].compactMap { name in
            home.map { Self.path($0, name, "ms-azuretools.vscode-azureresourcegroups", "authRecord.json") }
        }
        self.userFolder = folder
        self.settings = folder.map { Self.path($0, "settings.json") }
    }

    /// The files that change with the account.
    var files: [String] { self.records + [self.settings].compactMap(\.self) }

    private static func path(_ directory: String, _ names: String...) -> String {
        #if os(Windows)
        let separator = #"\"#
        #else
        let separator = "/"
        #endif
        return names.reduce(directory) { $0.hasSuffix(separator) ? $0 + $1 : $0 + separator + $1 }
    }

    private static func isAbsolute(_ path: String) -> Bool {
        #if os(Windows)
        return path.dropFirst().hasPrefix(":") || path.hasPrefix(#"\\"#)
        #else
        return path.hasPrefix("/") && !path.utf8.contains(0)
        #endif
    }
}
