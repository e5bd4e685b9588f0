// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
package import AzureHTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What this machine's files tell of where it is, without a request: an unprivileged process can read all of it. On systems without these
/// files nothing is known, which is not the same as "no".
package struct HostFacts: Sendable, Hashable {
    /// Whether the agent of Azure Arc is installed.
    package var hasArcAgent = false
    /// The machine's maker by its firmware (`/sys/class/dmi/id/sys_vendor`).
    package var vendor: String?
    /// The machine's model (`/sys/class/dmi/id/product_name`).
    package var product: String?
    /// The asset tag of its chassis (`/sys/class/dmi/id/chassis_asset_tag`).
    package var chassisAssetTag: String?
    /// The cloud that cloud-init found (`/run/cloud-init/cloud-id`).
    package var cloudID: String?
    /// Whether there are marks of a container (`/.dockerenv`, `/run/.containerenv`).
    package var isContainer = false

    package init() {}

    /// Where the agent's program is, if it is installed (protocol facts: azure-identity 1.27.0, MSAL.NET).
    #if os(Windows)
    package static let arcAgent = #"C:\Program Files\AzureConnectedMachineAgent\himds.exe"#
    package static let arcKeyDirectory: String? = #"C:\ProgramData\AzureConnectedMachineAgent\Tokens"#
    #elseif os(Linux)
    package static let arcAgent = "/opt/azcmagent/bin/himds"
    package static let arcKeyDirectory: String? = "/var/opt/azcmagent/tokens"
    #else
    package static let arcAgent = ""
    package static let arcKeyDirectory: String? = nil
    #endif

    /// Looks at this machine.
    package static func ofThisMachine() -> HostFacts {
        var facts = HostFacts()
        facts.hasArcAgent = !Self.arcAgent.isEmpty && Host.stamp(ofFile: Self.arcAgent) != nil
        facts.vendor = Self.line("/sys/class/dmi/id/sys_vendor")
        facts.product = Self.line("/sys/class/dmi/id/product_name")
        facts.chassisAssetTag = Self.line("/sys/class/dmi/id/chassis_asset_tag")
        facts.cloudID = Self.line("/run/cloud-init/cloud-id")
        facts.isContainer = Host.stamp(ofFile: "/.dockerenv") != nil || Host.stamp(ofFile: "/run/.containerenv") != nil
        return facts
    }

    /// Whether the kernel is the one that Windows brings along for Linux.
    package static func isWindowsSubsystem() -> Bool {
        Self.line("/proc/sys/kernel/osrelease")?.lowercased().contains("microsoft") ?? false
    }

    /// The first line of a small file; `nil` if there is none that can be read.
    fileprivate static func line(_ path: String) -> String? {
        guard let bytes = try? Host.contents(ofFile: path, limit: 4096) else { return nil }
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let line = HostileText.sanitized(HostileText.trimmed(text), limit: 100)
        return line.isEmpty ? nil : line
    }
}

extension Host {
    /// What identifies the machine's run, which is another one after each start; `nil` on systems that don't say.
    static func machineRunID() -> String? { HostFacts.line("/proc/sys/kernel/random/boot_id") }
}

extension Host {
    /// Reads a small regular file of a directory. Neither the directory nor the file may be a link.
    ///
    /// - Throws: `FileProblem`.
    package static func contents(
        ofFile name: String,
        inDirectory directory: String,
        limit: Int
    ) throws(FileProblem) -> [UInt8] {
        #if os(Windows)
        throw FileProblem(reason: "reading it is not supported on Windows yet")
        #else
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw FileProblem(reason: "its directory can't be opened (errno \(errno))") }
        defer { close(folder) }
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let reason =
                switch errno {
                case ENOENT: "it can't be found"
                case ELOOP: "it is a link"
                case EACCES: "this process may not read it"
                default: "it can't be opened (errno \(errno))"
                }
            throw FileProblem(reason: reason)
        }
        defer { close(file) }
        return try RegularFile.contents(ofDescriptor: file, limit: limit)
        #endif
    }
}
