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

let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        // No traits: nothing but Swift is built, and everything that is fuzzed here is there without them.
        .package(path: "..", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CFuzzer",
                .product(name: "AzureIdentity", package: library),
                .product(name: "AzureIdentityTesting", package: library),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]
        ),
    ]
)
