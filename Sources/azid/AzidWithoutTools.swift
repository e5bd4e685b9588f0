// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Tools
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Says what is missing, on standard error, and fails: the tool needs the trait `Tools`.
@main
struct Azid {
    static func main() {
        let text = "azid was built without the trait Tools, which brings its parts. Build it with the default traits.\n"
        _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        exit(64)
    }
}
#endif
