// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

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
    /// Looks for a program in the directories of `PATH`, in order.
    ///
    /// Entries that aren't absolute, empty ones among them, are left out: they would be taken for below the current directory, where
    /// anybody's program may be.
    ///
    /// - Parameters:
    ///   - names: The names that it may have, the preferred one first: wherever it is, it goes before the others.
    ///   - environment: The variables.
    package static func findTool(_ names: [String], _ environment: EnvironmentVariables) -> ToolLocation {
        var location = ToolLocation.absent
        let directories = Self.path(environment).split(separator: Self.pathSeparator).filter(Self.isAbsolute)
        for name in names {
            for directory in directories {
                let path = directory.hasSuffix("/") ? "\(directory)\(name)" : "\(directory)/\(name)"
                switch Self.isExecutable(path) {
                case true?: return .found(path)
                case false?: if location == .absent { location = .notExecutable(path) }
                case nil: continue
                }
            }
        }
        return location
    }

    /// The home directory that the system has on record for this process's user; `nil` if there is none.
    package static var systemHomeDirectory: String? {
        #if os(Windows)
        return nil
        #else
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil, let directory = entry.pw_dir else {
            return nil
        }
        return String(cString: directory)
        #endif
    }

    #if os(Windows)
    private static let pathSeparator: Character = ";"

    /// Names of variables have no case there; this one is mostly written `Path`.
    private static func path(_ environment: EnvironmentVariables) -> String {
        environment["PATH"] ?? environment["Path"] ?? environment.dictionary.first { $0.key.uppercased() == "PATH" }?.value ?? ""
    }

    private static func isAbsolute(_ path: Substring) -> Bool {
        let start = path.prefix(3).utf8.map { $0 }
        return start.count == 3 && start[1] == UInt8(ascii: ":")
            && (start[2] == UInt8(ascii: "\\") || start[2] == UInt8(ascii: "/"))
    }

    private static func isExecutable(_ path: String) -> Bool? {
        FileManager.default.fileExists(atPath: path) ? FileManager.default.isExecutableFile(atPath: path) : nil
    }
    #else
    private static let pathSeparator: Character = ":"

    private static func path(_ environment: EnvironmentVariables) -> String { environment["PATH"] ?? "" }

    private static func isAbsolute(_ path: Substring) -> Bool { path.hasPrefix("/") }

    /// Whether a regular file may be run by this process; `nil` if there is none.
    private static func isExecutable(_ path: String) -> Bool? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return access(path, X_OK) == 0
    }
    #endif

    /// A time as this machine's local clock shows it. Of two times that it shows alike, when summer ends, the earlier one; none of those
    /// that it leaves out is a time.
    package static func localDate(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Double) -> Date? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), second >= 0, second < 61
        else { return nil }
        let whole = Int32(second.rounded(.down))
        let dates = [Int32(1), 0].compactMap { isSummer -> Date? in
            var fields = tm()
            fields.tm_year = Int32(year - 1900)
            fields.tm_mon = Int32(month - 1)
            fields.tm_mday = Int32(day)
            fields.tm_hour = Int32(hour)
            fields.tm_min = Int32(minute)
            fields.tm_sec = whole
            fields.tm_isdst = isSummer
            let time = mktime(&fields)
            // What had to be set right was no time of this kind.
            guard time != -1, fields.tm_isdst == isSummer, fields.tm_hour == Int32(hour), fields.tm_mday == Int32(day) else {
                return nil
            }
            return Date(timeIntervalSince1970: Double(time) + second - Double(whole))
        }
        return dates.min()
    }
}
