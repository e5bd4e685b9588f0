// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import Foundation
import Testing

/// Something that is not ours and that a test needs for real: a program, a privilege.
///
/// A machine that lacks one skips the tests that need it, and says so; with `REQUIRE_REAL_PARTS=1` they run, and fail, unless
/// `REAL_PARTS_NOT_TO_BE_HAD` has the part's name in a line of its own.
struct RealPart: Sendable {
    let name: String
    let isPresent: Bool

    /// Whether a test that needs the part runs. Prints the line that continuous integration counts.
    var isWanted: Bool {
        let variables = ProcessInfo.processInfo.environment
        let isExcused = variables["REAL_PARTS_NOT_TO_BE_HAD", default: ""].split(separator: "\n").contains { $0 == self.name }
        let isWanted = self.isPresent || (variables["REQUIRE_REAL_PARTS"] == "1" && !isExcused)
        print("REAL PART \(isWanted ? "run" : "skipped"): \(self.name)")
        return isWanted
    }

    /// The Python that has azure-identity, from `AZID_TEST_PYTHON` or the repository's `.venv`.
    static let pythonPath =
        ProcessInfo.processInfo.environment["AZID_TEST_PYTHON"] ?? Program.repository.appending(path: ".venv/bin/python").path()

    /// The Azure Identity library for Python.
    static let pythonIdentity = RealPart(
        name: "azure-identity for Python",
        isPresent: FileManager.default.isExecutableFile(atPath: pythonPath)
    )

    /// OpenSSL's command line.
    static let openssl = RealPart(name: "openssl", isPresent: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"))

    /// The forward proxy that Debian has.
    static let tinyproxy = RealPart(
        name: "tinyproxy", isPresent: FileManager.default.isExecutableFile(atPath: "/usr/bin/tinyproxy"))

    /// Network namespaces of our own: util-linux, iproute2 and the right to use them.
    static let networkNamespace = RealPart(name: "network namespace", isPresent: canMakeNamespaces)

    /// Whether this process may administer the system and its network (capabilities 21 and 12), and the programs are there.
    private static let canMakeNamespaces: Bool = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") } ?? ""
        let capabilities = UInt64(line.dropFirst("CapEff:".count).trimmingCharacters(in: .whitespaces), radix: 16) ?? 0
        let programs = ["/usr/bin/unshare", "/usr/sbin/ip"].map { FileManager.default.isExecutableFile(atPath: $0) }
        return capabilities & (1 << 21) != 0 && capabilities & (1 << 12) != 0 && programs.allSatisfy { $0 }
    }()
}
#endif
