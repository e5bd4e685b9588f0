// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Where the parts of one cache are: its name, which tells tokens with and without CAE apart, and its directories. Pure.
struct PersistentPlaces: Sendable, Hashable {
    /// What the Azure Identity libraries call the cache: `msal.cache.nocae`.
    let name: String
    /// The directory that is shared with other libraries.
    let shared: StorageFolder
    /// The directory of files that no other library reads.
    let own: StorageFolder

    /// - Parameters:
    ///   - cache: The application's name for the cache.
    ///   - isCAEEnabled: Whether it holds tokens of requests with CAE.
    ///   - directory: Where the application wants all files.
    ///   - environment: The variables that say where files go.
    ///   - systemHome: The home that the system has on record, for where `HOME` isn't set.
    /// - Throws: `StorageProblem` if the name can't be one, or there is no home.
    init(
        cache: String,
        isCAEEnabled: Bool,
        directory: String?,
        environment: EnvironmentVariables,
        systemHome: String?
    ) throws(StorageProblem) {
        guard Self.isName(cache) else {
            throw StorageProblem(
                .unavailable,
                "the cache's name has to have 1 to 100 letters, digits, '.', '-' or '_', and to begin with none of the last three"
            )
        }
        self.name = cache + (isCAEEnabled ? ".cae" : ".nocae")
        if let directory {
            guard Self.isAbsolute(directory) else {
                throw StorageProblem(.unavailable, "the cache's directory has to be an absolute path")
            }
            let path = directory.split(separator: "/").map(String.init)
            let base = (directory.hasPrefix("/") ? "/" : "") + path.dropLast().joined(separator: "/")
            self.shared = StorageFolder(base: base, names: path.suffix(1))
            self.own = self.shared
            return
        }
        #if os(Windows)
        guard let home = environment["LOCALAPPDATA"] else { throw StorageProblem(.unavailable, "LOCALAPPDATA is not set") }
        #else
        guard let home = environment["HOME"] ?? systemHome, Self.isAbsolute(home) else {
            throw StorageProblem(.unavailable, "HOME is not set to an absolute path, and the system knows no home of this user")
        }
        #endif
        self.shared = StorageFolder(base: home, names: [".IdentityService"])
        let state = environment["XDG_STATE_HOME"].flatMap { Self.isAbsolute($0) ? $0 : nil }
        self.own =
            state.map { StorageFolder(base: $0, names: ["azure-identity"]) }
            ?? StorageFolder(base: home, names: [".local", "state", "azure-identity"])
    }

    /// The file that others look at to see whether the cache has changed, and that has its tokens if they aren't encrypted.
    var sharedFile: String { self.shared.file(self.name) }

    /// The lock that goes with the shared file. Other libraries know the second of its files.
    var sharedLock: FileLock { FileLock(path: "\(self.sharedFile).lock", sharedPath: "\(self.sharedFile).lockfile") }

    private static func isName(_ name: String) -> Bool {
        let marks = Array("-._".utf8)
        return (1...100).contains(name.utf8.count) && !marks.contains(name.utf8.first ?? 0)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || marks.contains(byte)
            }
    }

    private static func isAbsolute(_ path: String) -> Bool {
        #if os(Windows)
        return path.utf8.dropFirst().first == UInt8(ascii: ":")
        #else
        return path.hasPrefix("/") && path.contains { $0 != "/" } && !path.utf8.contains(0)
        #endif
    }
}
