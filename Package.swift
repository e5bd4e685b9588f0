// swift-tools-version:6.2
//
// Azure Identity for Swift
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Dependencies behind a default-on trait: a build with `--disable-default-traits` fetches swift-log alone.
let transport: TargetDependencyCondition? = .when(traits: ["AsyncHTTPClient"])
let cryptography: TargetDependencyCondition? = .when(traits: ["Cryptography"])
let encodings: TargetDependencyCondition? = .when(traits: ["AsyncHTTPClient", "Cryptography"])
let subprocess: TargetDependencyCondition? = .when(traits: ["Subprocess"])
let tools: TargetDependencyCondition? = .when(traits: ["Tools"])

let package = Package(
    name: "azure-identity-swift",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "AzureCredentials", targets: ["AzureCredentials"]),
        .library(name: "AzureHTTP", targets: ["AzureHTTP"]),
        .library(name: "AzureIdentity", targets: ["AzureIdentity"]),
        .library(name: "AzureIdentityBroker", targets: ["AzureIdentityBroker"]),
        .library(name: "AzureKeyVaultSecrets", targets: ["AzureKeyVaultSecrets"]),
        .library(name: "AzureIdentityTesting", targets: ["AzureIdentityTesting"]),
        .executable(name: "azid", targets: ["azid"]),
    ],
    traits: [
        .trait(
            name: "AsyncHTTPClient",
            description: "The HTTP transport on async-http-client, metrics and tracing."
        ),
        .trait(
            name: "Cryptography",
            description: "Certificates, signed client assertions and keyed digests; signed tokens of the emulator."
        ),
        .trait(
            name: "Subprocess",
            description: "Developer tools (az, azd, PowerShell), run with swift-subprocess."
        ),
        .trait(
            name: "Tools",
            description: "The emulator on sockets and the azid program.",
            enabledTraits: ["AsyncHTTPClient", "Cryptography", "Subprocess"]
        ),
        .default(enabledTraits: ["AsyncHTTPClient", "Cryptography", "Subprocess", "Tools"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.3.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.36.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.3.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.18.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.5.0"),
    ],
    targets: [
        .target(name: "AzureCredentials"),
        .target(
            name: "AzureHTTP",
            dependencies: [
                "AzureCredentials",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics", condition: transport),
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: transport),
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: transport),
                .product(name: "NIOCore", package: "swift-nio", condition: transport),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: transport),
                .product(name: "NIOPosix", package: "swift-nio", condition: transport),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: transport),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: transport),
                .product(name: "Crypto", package: "swift-crypto", condition: transport),
                .product(name: "SwiftASN1", package: "swift-asn1", condition: encodings),
            ]
        ),
        .target(
            name: "AzureIdentity",
            dependencies: [
                "AzureCredentials",
                "AzureHTTP",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto", condition: cryptography),
                .product(name: "CryptoExtras", package: "swift-crypto", condition: cryptography),
                .product(name: "SwiftASN1", package: "swift-asn1", condition: cryptography),
                .product(name: "Subprocess", package: "swift-subprocess", condition: subprocess),
                .product(name: "SystemPackage", package: "swift-system", condition: subprocess),
            ]
        ),
        // The system's broker of sign-ins. Nothing is linked: what it needs is opened when a token is asked for.
        .target(
            name: "AzureIdentityBroker",
            dependencies: [
                "AzureCredentials",
                "AzureHTTP",
                "AzureIdentity",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "AzureKeyVaultSecrets", dependencies: ["AzureCredentials", "AzureHTTP"]),
        .target(
            name: "AzureIdentityTesting",
            dependencies: [
                "AzureIdentity",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto", condition: cryptography),
                .product(name: "CryptoExtras", package: "swift-crypto", condition: cryptography),
                .product(name: "SwiftASN1", package: "swift-asn1", condition: cryptography),
                .product(name: "X509", package: "swift-certificates", condition: tools),
                .product(name: "NIOCore", package: "swift-nio", condition: tools),
                .product(name: "NIOPosix", package: "swift-nio", condition: tools),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: tools),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: tools),
            ]
        ),
        .executableTarget(
            name: "azid",
            dependencies: [
                "AzureIdentity",
                "AzureIdentityBroker",
                "AzureIdentityTesting",
                "AzureKeyVaultSecrets",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
                .product(name: "Subprocess", package: "swift-subprocess", condition: tools),
                .product(name: "SystemPackage", package: "swift-system", condition: tools),
            ]
        ),
        // Writes to token caches in processes that the tests end at any moment.
        .executableTarget(
            name: "CacheProbe",
            dependencies: ["AzureIdentity", .product(name: "Logging", package: "swift-log")],
            path: "Tests/CacheProbe"
        ),
        // Asks Microsoft's broker library, which reads the variables of its process.
        .executableTarget(
            name: "BrokerProbe",
            dependencies: ["AzureHTTP", "AzureIdentity", "AzureIdentityBroker"],
            path: "Tests/BrokerProbe"
        ),
        // Scenarios as data, and the hunt for secrets, for the tests of the library and of the tool.
        .target(
            name: "ScenarioSupport",
            dependencies: [
                "AzureIdentityTesting",
                .product(name: "Crypto", package: "swift-crypto", condition: cryptography),
                .product(name: "CryptoExtras", package: "swift-crypto", condition: cryptography),
            ],
            path: "Tests/ScenarioSupport"
        ),
        .testTarget(name: "AzureCredentialsTests", dependencies: ["AzureCredentials"]),
        .testTarget(
            name: "AzureHTTPTests",
            dependencies: [
                "AzureHTTP",
                "AzureIdentityTesting",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: transport),
            ]
        ),
        .testTarget(
            name: "AzureIdentityTests",
            dependencies: [
                "AzureIdentity",
                "AzureIdentityTesting",
                "AzureKeyVaultSecrets",
                "ScenarioSupport",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto", condition: cryptography),
                .product(name: "CryptoExtras", package: "swift-crypto", condition: cryptography),
                .product(name: "SwiftASN1", package: "swift-asn1", condition: cryptography),
                .product(name: "CoreMetrics", package: "swift-metrics", condition: transport),
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: transport),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: transport),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing", condition: transport),
            ]
        ),
        .testTarget(
            name: "AzureIdentityBrokerTests",
            dependencies: [
                "AzureIdentityBroker",
                "AzureIdentity",
                "AzureIdentityTesting",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "AzureKeyVaultSecretsTests",
            dependencies: [
                "AzureKeyVaultSecrets",
                "AzureIdentity",
                "AzureIdentityTesting",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "WireTests",
            dependencies: [
                "AzureIdentity",
                "AzureIdentityBroker",
                "AzureIdentityTesting",
                "AzureKeyVaultSecrets",
                "azid",
                "CacheProbe",
                "BrokerProbe",
                "ScenarioSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: tools),
                .product(name: "Crypto", package: "swift-crypto", condition: tools),
                .product(name: "SwiftASN1", package: "swift-asn1", condition: tools),
                .product(name: "X509", package: "swift-certificates", condition: tools),
                .product(name: "NIOCore", package: "swift-nio", condition: tools),
                .product(name: "NIOPosix", package: "swift-nio", condition: tools),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: tools),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: tools),
                .product(name: "Subprocess", package: "swift-subprocess", condition: tools),
                .product(name: "SystemPackage", package: "swift-system", condition: tools),
            ]
        ),
    ]
)

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ]
}
