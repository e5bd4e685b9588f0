// swift-tools-version:6.2
//
// Azure Identity for Swift
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The library's identity is the name of the folder that holds it, two levels up, whatever the clone is called.
func libraryIdentity() -> String {
    let folder = Context.packageDirectory.split(separator: "/").dropLast(2).last.map { $0.lowercased() } ?? ""
    return folder.hasSuffix(".git") ? String(folder.dropLast(4)) : folder
}

let library = libraryIdentity()

let package = Package(
    name: "AzureIdentityServiceLifecycle",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [.library(name: "AzureIdentityServiceLifecycle", targets: ["AzureIdentityServiceLifecycle"])],
    dependencies: [
        // No traits: which of them a program needs, it says itself.
        .package(path: "../..", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "AzureIdentityServiceLifecycle",
            dependencies: [
                .product(name: "AzureIdentity", package: library),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "AzureIdentityServiceLifecycleTests",
            dependencies: [
                "AzureIdentityServiceLifecycle",
                .product(name: "AzureIdentity", package: library),
                .product(name: "AzureIdentityTesting", package: library),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
