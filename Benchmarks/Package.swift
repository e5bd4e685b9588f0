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
let identity = Target.Dependency.product(name: "AzureIdentity", package: library)
let testing = Target.Dependency.product(name: "AzureIdentityTesting", package: library)

/// What the compiler calls the library's package. With it as our own name too, in place of the one that `packageAccess` gives, we see
/// its `package` declarations: a member of a chain is asked by one.
let libraryModuleGroup = String(library.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(path: "..", traits: ["AsyncHTTPClient", "Cryptography", "Subprocess", "Tools"]),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    ],
    targets: [
        .target(name: "Measuring", packageAccess: false),
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Measuring", identity, testing, .product(name: "Logging", package: "swift-log")],
            packageAccess: false
        ),
        .executableTarget(name: "driver", dependencies: ["Measuring", identity], packageAccess: false),
        .executableTarget(name: "emulator-host", dependencies: ["Measuring", identity, testing], packageAccess: false),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .unsafeFlags(["-package-name", libraryModuleGroup]),
    ]
}
