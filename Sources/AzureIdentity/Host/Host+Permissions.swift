// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Host {
    /// Who may do what with a file: the last nine bits of its mode; `nil` if there is none, or on systems without modes.
    package static func permissions(ofFile path: String) -> Int? {
        #if os(Windows)
        return nil
        #else
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int(status.st_mode & 0o777)
        #endif
    }
}
