// swift-tools-version:6.2
// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// A program with a data race, which `dev/deep race` must see reported: else the thread sanitizer's silence about the tests says nothing.
let package = Package(
    name: "planted-race",
    targets: [.executableTarget(name: "PlantedRace")]
)
