// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureIdentity

/// Where the library is looked for. What the user has installed alone: it comes with no program of ours, and its licence forbids that.
enum MSALRuntimeLocation: Sendable, Hashable {
    /// Where the system keeps libraries.
    case installed
    /// An absolute path.
    case path(String)

    /// The names to load it by, the first one that loads counts.
    ///
    /// - Throws: `BrokerFailure` if a path isn't absolute: in the working directory may lie anybody's library.
    func names() throws(BrokerFailure) -> [String] {
        switch self {
        case .installed: return Self.installedNames
        case .path(let path):
            guard Self.isPath(path), NativeLibrary.isTaken(path) else {
                let context = "the path of the broker library has to be absolute, not \(MSALRuntimeAbsence.shown(path))"
                throw BrokerFailure(.configuration, context: context)
            }
            return [path]
        }
    }

    /// Whether a text is more than a file name.
    private static func isPath(_ text: String) -> Bool {
        #if os(Windows)
        text.contains { $0 == "/" || $0 == "\\" }
        #else
        text.contains("/")
        #endif
    }

    /// File names, for the loader's own search. On macOS that search has included the working directory, so these are paths there.
    static var installedNames: [String] {
        #if os(Windows)
        ["msalruntime.dll"]
        #elseif os(macOS)
        ["/usr/local/lib/libmsalruntime.dylib", "/opt/homebrew/lib/libmsalruntime.dylib"]
        #else
        ["libmsalruntime.so"]
        #endif
    }
}

/// Why there is no broker by the library, and what to install. Pure.
enum MSALRuntimeAbsence {
    /// The library doesn't load, or isn't what it should be.
    static func library(_ problem: NativeLibraryProblem) -> BrokerFailure {
        BrokerFailure(
            .absent(
                reason: """
                    Microsoft's broker library can't be used: \(problem.reason). Install it where the system looks for libraries, with those \
                    that it stands on, or name its path; this program doesn't bring it along.\(Self.dependencies)
                    """
            )
        )
    }

    /// What the library's start failed with: that it finds nobody to ask, or something else, which isn't a broker's absence.
    static func broker(_ failure: BrokerFailure) -> BrokerFailure {
        // RequiredBrokerMissing; and what version 0.20.7 says (tag 507897694) where no broker is.
        guard failure.status == 19 || failure.status == 6 && failure.context.contains("cannot be initialized") else {
            var refusal = failure
            refusal.kind = .refused
            return refusal
        }
        let said = failure.context.isEmpty ? "it gives no reason" : failure.context
        return BrokerFailure(
            .absent(reason: "Microsoft's broker library is installed and finds no broker (\(said))."),
            context: failure.context,
            status: failure.status,
            errorCode: failure.errorCode,
            tag: failure.tag
        )
    }

    /// A path as it may be shown.
    static func shown(_ path: String) -> String { HostileText.sanitized(path, limit: 200) }

    /// The package of Debian and Ubuntu that the library needs and servers don't have (found out with version 0.20.7).
    private static var dependencies: String {
        #if os(Linux)
        " On Debian and Ubuntu it needs the package libwebkit2gtk-4.1-0."
        #else
        ""
        #endif
    }
}
