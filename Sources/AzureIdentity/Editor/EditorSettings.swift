// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the settings of Visual Studio Code say to the extension Azure Account. Pure.
struct EditorSettings: Sendable, Hashable {
    /// No settings are larger, in bytes.
    static let limit = 1_048_576

    /// The cloud (`azure.cloud`).
    let cloud: EditorCloud
    /// The tenant (`azure.tenant`); `nil`: none is chosen.
    let tenantID: String?

    /// Settings that say nothing, as where there is no file.
    static let usual = EditorSettings(cloud: .usual, tenantID: nil)

    private init(cloud: EditorCloud, tenantID: String?) {
        self.cloud = cloud
        self.tenantID = tenantID
    }

    /// - Parameter bytes: The file's bytes: JSON with comments, and with commas before closing brackets. Nothing at all counts as no settings.
    /// - Throws: `EditorProblem` if it is something else, or if a value can't be what it should be: better no token than one of another cloud.
    init(_ bytes: [UInt8]) throws(EditorProblem) {
        guard bytes.count <= Self.limit else {
            throw EditorProblem(reason: "the settings of Visual Studio Code are larger than \(Self.limit) bytes")
        }
        let plain = CommentedJSON.plain(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        guard plain.contains(where: { $0 > 0x20 }) else {
            self = .usual
            return
        }
        guard let values = try? JSONDecoder().decode(Values.self, from: Data(plain)) else {
            throw EditorProblem(reason: "the settings of Visual Studio Code are no JSON object with comments")
        }
        let cloud = try EditorCloud(values.cloud)
        let tenant = values.tenant.map { HostileText.trimmed($0) } ?? ""
        guard tenant.isEmpty || TenantID.isValid(tenant) else {
            throw EditorProblem(reason: "azure.tenant in the settings of Visual Studio Code is no tenant's id or domain")
        }
        self = EditorSettings(cloud: cloud, tenantID: tenant.isEmpty ? nil : tenant)
    }

    /// The two settings of interest; whatever else there is doesn't matter, nor does a value that is no text.
    private struct Values: Decodable {
        let cloud: String?
        let tenant: String?

        private enum CodingKeys: String, CodingKey {
            case cloud = "azure.cloud"
            case tenant = "azure.tenant"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.cloud = try? container.decode(String.self, forKey: .cloud)
            self.tenant = try? container.decode(String.self, forKey: .tenant)
        }
    }
}

/// A cloud as the extension Azure Account names it. Pure.
struct EditorCloud: Sendable, Hashable {
    /// The names under which the extension's versions have kept its refresh token, today's first.
    let names: [String]
    /// Where people of the cloud sign in.
    let authorityHost: AuthorityHost

    /// The cloud of who has chosen none.
    static let usual = EditorCloud(names: ["AzureCloud", "Azure"], authorityHost: .publicCloud)

    private static let all = [
        Self.usual,
        EditorCloud(names: ["AzureChinaCloud", "AzureChina"], authorityHost: .china),
        EditorCloud(names: ["AzureUSGovernment"], authorityHost: .usGovernment),
    ]

    private init(names: [String], authorityHost: AuthorityHost) {
        self.names = names
        self.authorityHost = authorityHost
    }

    /// - Parameter name: What the settings say; nothing stands for the public cloud.
    /// - Throws: `EditorProblem` for a cloud that isn't known, or that is no more: that of Germany was closed in 2021.
    init(_ name: String?) throws(EditorProblem) {
        let name = name.map { HostileText.trimmed($0) } ?? ""
        guard !name.isEmpty else {
            self = .usual
            return
        }
        guard let cloud = Self.all.first(where: { $0.names.contains { $0.lowercased() == name.lowercased() } }) else {
            let shown = HostileText.sanitized(name, limit: 40)
            throw EditorProblem(
                reason: "azure.cloud in the settings of Visual Studio Code is \"\(shown)\", which isn't known here")
        }
        self = cloud
    }
}

/// JSON with comments, and with commas before closing brackets, as editors write their settings. Pure.
enum CommentedJSON {
    /// The same as plain JSON: a blank for each comment, and for each of those commas. What is in texts stays as it is; what isn't JSON
    /// otherwise, isn't afterwards.
    static func plain(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        // The last byte that means something, if it is a comma.
        var comma: Int?
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                comma = nil
                plain.append(byte)
                Self.copyText(&rest, to: &plain)
            case UInt8(ascii: "/") where rest.first == UInt8(ascii: "/"):
                rest = rest.drop { $0 != 0x0A && $0 != 0x0D }
                plain.append(0x20)
            case UInt8(ascii: "/") where rest.first == UInt8(ascii: "*"):
                Self.skipComment(&rest)
                plain.append(0x20)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let comma { plain[comma] = 0x20 }
                comma = nil
                plain.append(byte)
            default:
                if byte == UInt8(ascii: ",") {
                    comma = plain.count
                } else if byte > 0x20 {
                    comma = nil
                }
                plain.append(byte)
            }
        }
        return plain
    }

    /// Copies a text behind its opening quotation mark, with the closing one.
    private static func copyText(_ rest: inout ArraySlice<UInt8>, to plain: inout [UInt8]) {
        while let byte = rest.popFirst() {
            plain.append(byte)
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() { plain.append(escaped) }
        }
    }

    /// Skips a comment behind its first character; one that doesn't end goes to the end.
    private static func skipComment(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "*"), rest.first == UInt8(ascii: "/") else { continue }
            rest = rest.dropFirst()
            return
        }
    }
}
