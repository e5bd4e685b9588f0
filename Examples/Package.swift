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
let http = Target.Dependency.product(name: "AzureHTTP", package: library)
let identity = Target.Dependency.product(name: "AzureIdentity", package: library)
let secrets = Target.Dependency.product(name: "AzureKeyVaultSecrets", package: library)
let testing = Target.Dependency.product(name: "AzureIdentityTesting", package: library)
let keepWarm = Target.Dependency.product(name: "AzureIdentityServiceLifecycle", package: "AzureIdentityServiceLifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(path: "..", traits: ["AsyncHTTPClient", "Cryptography", "Subprocess", "Tools"]),
        .package(path: "../Extensions/AzureIdentityServiceLifecycle"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.100.0"),
    ],
    targets: [
        // A service that reads a secret, and its load test.
        .target(
            name: "SecretServer",
            dependencies: [
                http, identity, secrets, keepWarm, hummingbird, lifecycle, logging, metrics,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "SecretService",
            dependencies: ["SecretServer", identity, hummingbird, lifecycle, logging, metrics]
        ),
        .executableTarget(
            name: "LoadTest",
            dependencies: [
                "SecretServer", http, identity, testing, hummingbird, lifecycle, logging, metrics,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        // A tool that signs a person in.
        .executableTarget(name: "SignInTool", dependencies: [identity]),
        // A PostgreSQL password that renews.
        .systemLibrary(name: "CLibpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .executableTarget(name: "DatabasePassword", dependencies: ["CLibpq", identity]),
        // A credential of one's own.
        .target(name: "OwnCredential", dependencies: [http, identity]),
        .testTarget(name: "SecretServerTests", dependencies: ["SecretServer", http, identity, secrets, metrics]),
        .testTarget(name: "SignInToolTests", dependencies: ["SignInTool", identity, testing]),
        .testTarget(name: "OwnCredentialTests", dependencies: ["OwnCredential", http, identity, testing]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
