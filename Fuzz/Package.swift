// swift-tools-version:6.2
//
// Azure Identity for Swift
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The library's identity is the name of the folder it lies in, whatever the clone is called.
func parentIdentity() -> String {
    let folder = Context.packageDirectory.split(separator: "/").dropLast().last.map { $0.lowercased() } ?? ""
    return folder.hasSuffix(".git") ? String(folder.dropLast(4)) : folder
}

let library = parentIdentity()

/// What the compiler calls the library's package. With it as our own name too, in place of the one that `packageAccess` gives, we see
/// its `package` declarations.
let libraryModuleGroup = String(library.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })

let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        // Certificates need swift-crypto, so BoringSSL is compiled too. Nothing here needs a socket.
        .package(path: "..", traits: ["Cryptography"]),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CFuzzer",
                .product(name: "AzureIdentity", package: library),
                .product(name: "AzureIdentityBroker", package: library),
                .product(name: "AzureIdentityTesting", package: library),
                .product(name: "AzureKeyVaultSecrets", package: library),
                .product(name: "Logging", package: "swift-log"),
            ],
            packageAccess: false,
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .unsafeFlags(["-package-name", libraryModuleGroup]),
            ]
        ),
    ]
)
