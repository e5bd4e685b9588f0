// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#elseif canImport(Darwin)
import Darwin
#elseif os(Windows)
import WinSDK
#endif

/// Why a library can't be used: it doesn't load, or lacks functions.
package struct NativeLibraryProblem: Error, Hashable, Sendable {
    /// A sentence without a full stop, fit to be shown.
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

/// A library that is loaded while the program runs, and those that it stands on.
///
/// Is never unloaded: it may have started threads. No relative path is taken, since what lies in the working directory may be anybody's, nor
/// one of another machine's. What a path leads to is opened only if it is a regular file: the loader would wait for a pipe for ever, and
/// holds back all others meanwhile.
package struct NativeLibrary: Sendable {
    /// The name or path that it was loaded by.
    package let name: String
    /// The address of the loader's handle, which is the program's until it ends.
    private let handle: Int

    /// The same for all that the loader takes for one library, whatever name it was asked for.
    package var identity: Int { self.handle }

    /// Loads the first of some libraries that loads. May take half a second, so not on a thread that tasks share.
    ///
    /// - Parameter names: File names, which the loader looks for where libraries are installed (not on Apple's systems), and absolute paths.
    /// - Throws: `NativeLibraryProblem`, which says of each why it doesn't load.
    package init(names: [String]) throws(NativeLibraryProblem) {
        var reasons: [String] = []
        for name in names {
            guard Self.isTaken(name) else {
                reasons.append("\(HostileText.sanitized(name, limit: 200)) is neither a file name nor an absolute path")
                continue
            }
            if Self.isNoFile(name) {
                reasons.append("\(HostileText.sanitized(name, limit: 200)) is not a regular file")
                continue
            }
            if let handle = Self.loaded(name) {
                self.name = name
                self.handle = handle
                return
            }
            reasons.append(Self.reason(name))
        }
        throw NativeLibraryProblem(reasons.isEmpty ? "no library is named" : reasons.joined(separator: "; "))
    }

    /// Whether a name can't mean a file of the working directory, as far as the name tells.
    package static func isTaken(_ name: String) -> Bool {
        guard !name.isEmpty, !name.utf8.contains(0) else { return false }
        #if os(Windows)
        let isFileName = !name.contains { $0 == "/" || $0 == "\\" || $0 == ":" }
        let start = Array(name.prefix(3))
        let hasDrive = start.count == 3 && start[0].isLetter && start[1] == ":" && (start[2] == "\\" || start[2] == "/")
        return isFileName || hasDrive
        #elseif canImport(Darwin)
        // Its loader has looked for file names in the working directory too.
        return name.hasPrefix("/")
        #else
        return name.hasPrefix("/") || !name.contains("/")
        #endif
    }

    /// The address of a function or of data by its name.
    package func symbol(_ name: String) throws(NativeLibraryProblem) -> UnsafeMutableRawPointer {
        guard let symbol = self.address(name) else {
            let shown = [self.name, name].map { HostileText.sanitized($0, limit: 200) }
            throw NativeLibraryProblem("\(shown[0]) has no \(shown[1])")
        }
        return symbol
    }

    /// A function by its name. The type has to be that of the C function.
    package func function<Function>(_ name: String) throws(NativeLibraryProblem) -> Function {
        unsafeBitCast(try self.symbol(name), to: Function.self)
    }

    /// Those of the names that the library doesn't have, in their order.
    package func missing(_ names: [String]) -> [String] { names.filter { self.address($0) == nil } }
}

#if os(Windows)
// Not built or run here: written by the documentation.
extension NativeLibrary {
    /// Looks in the program's directory and the system's, and for a path in the library's own; never in the working directory, which
    /// `LoadLibraryW` does.
    private static func loaded(_ name: String) -> Int? {
        let path = String(name.map { $0 == "/" ? "\\" : $0 })
        let flags = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | (path.contains("\\") ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0)
        let handle = path.withCString(encodedAs: UTF16.self) { LoadLibraryExW($0, nil, DWORD(flags)) }
        return handle.map { Int(bitPattern: $0) }
    }

    /// Nothing but a file can be loaded there, and pipes have names of their own, which aren't taken.
    private static func isNoFile(_ name: String) -> Bool { false }

    private static func reason(_ name: String) -> String {
        "\(HostileText.sanitized(name, limit: 200)) can't be loaded (Windows error \(GetLastError()))"
    }

    private func address(_ name: String) -> UnsafeMutableRawPointer? {
        guard let module = HMODULE(bitPattern: self.handle), let function = GetProcAddress(module, name) else { return nil }
        return unsafeBitCast(function, to: UnsafeMutableRawPointer.self)
    }
}
#else
extension NativeLibrary {
    private static func loaded(_ name: String) -> Int? { dlopen(name, RTLD_NOW | RTLD_LOCAL).map { Int(bitPattern: $0) } }

    /// Whether a path leads to something that is no regular file. What leads nowhere is the loader's to judge: it knows libraries without files.
    private static func isNoFile(_ name: String) -> Bool {
        guard name.hasPrefix("/") else { return false }
        var status = stat()
        return stat(name, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// What the loader has to say, right after it failed on this thread.
    private static func reason(_ name: String) -> String {
        let shown = HostileText.sanitized(name, limit: 200)
        guard let said = dlerror() else { return "\(shown) can't be loaded" }
        let text = HostileText.sanitized(String(cString: said), limit: 300)
        return text.contains(shown) ? text : "\(shown): \(text)"
    }

    private func address(_ name: String) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: self.handle).flatMap { dlsym($0, name) }
    }
}
#endif
