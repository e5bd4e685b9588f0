// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if !Tools

/// Says what is missing: the tool needs the trait `Tools`.
@main
struct Azid {
    static func main() {
        print("azid was built without the trait Tools, which brings its parts. Build it with the default traits.")
    }
}
#endif
