// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#elseif canImport(ucrt)
import ucrt
#endif

extension Host {
    /// Writes a line to standard error, where a person who started the program sees it. What can't be written is left out.
    ///
    /// - Parameter line: Clean text, without a line break.
    static func tellPerson(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            #if canImport(ucrt)
            let count = rest.withUnsafeBytes { Int(_write(2, $0.baseAddress, UInt32(min($0.count, 65_536)))) }
            #else
            let count = rest.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            #endif
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
