// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Subprocess
import Subprocess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What all starts of programs by swift-subprocess have in common.
enum SubprocessParts {
    /// Whether there are as many descriptors as a start takes, and some more: without, the library ends this process (swift-subprocess
    /// 1.0.2).
    static var hasDescriptors: Bool {
        #if os(Windows)
        return true
        #else
        let descriptors = (0..<24).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
        return descriptors.allSatisfy { $0 >= 0 }
        #endif
    }

    /// All of a program's variables.
    static func variables(_ command: ToolCommand) -> [Environment.Key: String] {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in command.environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }

    /// The exit status; the negative number of the signal that ended a program.
    static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): Int32(truncatingIfNeeded: code)
        #if !os(Windows)
        case .signaled(let signal): -Int32(signal)
        #endif
        }
    }
}
#endif
