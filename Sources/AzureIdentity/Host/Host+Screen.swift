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
    /// Whether a descriptor leads to a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        #if canImport(ucrt)
        return _isatty(descriptor) != 0
        #else
        return isatty(descriptor) == 1
        #endif
    }

    /// How many columns the terminal behind a descriptor has; `nil` if there is none, or if it doesn't say.
    package static func terminalWidth(ofDescriptor descriptor: Int32) -> Int? {
        #if canImport(Glibc) || canImport(Darwin)
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
        #else
        return nil
        #endif
    }
}
