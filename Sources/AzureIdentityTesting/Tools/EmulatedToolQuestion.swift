// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a tool refuses a command line: what it writes to its errors, and its exit status.
struct ToolRefusal: Error {
    var status: Int32 = 2
    let text: String
}

/// What a tool's command line asks for. Holds only what the tool would have accepted.
struct EmulatedToolQuestion {
    let tool: ToolStandIn.Tool
    let scopes: [String]
    let tenantID: String?
    /// The claims of a challenge, as JSON text.
    let claims: String?

    /// Takes a command line apart.
    static func parse(
        _ tool: ToolStandIn.Tool,
        arguments: [String],
        environment: [String: String]
    ) throws(ToolRefusal) -> EmulatedToolQuestion {
        switch tool {
        case .azureCLI:
            try Self.demand("AZURE_CORE_NO_COLOR", environment)
            return try Self.azureCLI(arguments)
        case .azureDeveloperCLI:
            try Self.demand("NO_COLOR", environment)
            return try Self.azureDeveloperCLI(arguments)
        case .azurePowerShell: return try Self.azurePowerShell(arguments)
        }
    }

    private static func azureCLI(_ arguments: [String]) throws(ToolRefusal) -> EmulatedToolQuestion {
        let options = try ToolOptions(
            .azureCLI,
            arguments,
            command: ["account", "get-access-token"],
            required: ["--output", "--resource"],
            optional: ["--tenant", "--subscription"]
        )
        try options.demand("--output", "json")
        guard options["--tenant"] == nil || options["--subscription"] == nil else {
            throw ToolRefusal(status: 1, text: "ERROR: Please specify only one of subscription and tenant, not both")
        }
        let scopes = options.values("--resource").map { $0 + "/.default" }
        return EmulatedToolQuestion(tool: .azureCLI, scopes: scopes, tenantID: options["--tenant"], claims: nil)
    }

    private static func azureDeveloperCLI(_ arguments: [String]) throws(ToolRefusal) -> EmulatedToolQuestion {
        let options = try ToolOptions(
            .azureDeveloperCLI,
            arguments,
            command: ["auth", "token"],
            required: ["--output", "--scope"],
            optional: ["--tenant-id", "--claims"],
            switches: ["--no-prompt"],
            repeatable: ["--scope"]
        )
        try options.demand("--output", "json")
        var claims: String?
        if let encoded = options["--claims"] {
            claims = Data(base64Encoded: encoded).flatMap { String(validating: $0, as: UTF8.self) }
            guard claims != nil else { throw ToolRefusal(status: 1, text: "ERROR: decoding claims: illegal base64 data") }
        }
        let scopes = options.values("--scope")
        return EmulatedToolQuestion(
            tool: .azureDeveloperCLI, scopes: scopes, tenantID: options["--tenant-id"], claims: claims)
    }

    private static func azurePowerShell(_ arguments: [String]) throws(ToolRefusal) -> EmulatedToolQuestion {
        let options = try ToolOptions(
            .azurePowerShell,
            arguments,
            command: [],
            required: ["-EncodedCommand"],
            optional: ["-OutputFormat"],
            switches: ["-NoProfile", "-NonInteractive"]
        )
        let script = try EmulatedPowerShellScript(encoded: options["-EncodedCommand"] ?? "")
        let scopes = [script.resource + "/.default"]
        return EmulatedToolQuestion(tool: .azurePowerShell, scopes: scopes, tenantID: script.tenantID, claims: nil)
    }

    private static func demand(_ variable: String, _ environment: [String: String]) throws(ToolRefusal) {
        guard environment[variable]?.isEmpty == false else {
            throw ToolRefusal(text: "ERROR: the stand-in wants \(variable) to be set, else the tool may print colours")
        }
    }
}

/// The options of a command line: each known, with a value if it takes one, and given once.
private struct ToolOptions {
    private let tool: ToolStandIn.Tool
    private var found: [String: [String]] = [:]

    init(
        _ tool: ToolStandIn.Tool,
        _ arguments: [String],
        command: [String],
        required: [String],
        optional: [String],
        switches: [String] = [],
        repeatable: [String] = []
    ) throws(ToolRefusal) {
        self.tool = tool
        guard arguments.starts(with: command) else { throw ToolRefusal(text: "ERROR: the stand-in knows no such command") }
        var rest = arguments.dropFirst(command.count)
        while let name = rest.popFirst() {
            if switches.contains(name) {
                self.found[name, default: []].append("")
            } else if required.contains(name) || optional.contains(name) {
                guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("-") else { throw tool.missingValue(name) }
                self.found[name, default: []].append(value)
            } else {
                throw tool.unknownArgument(name)
            }
        }
        for (name, values) in self.found where values.count > 1 && !repeatable.contains(name) {
            throw ToolRefusal(text: "ERROR: the stand-in takes \(name) once")
        }
        for name in required + switches where self.found[name] == nil { throw tool.missingArgument(name) }
    }

    /// The value of an option, or `nil`.
    subscript(name: String) -> String? { self.found[name]?.first }

    func values(_ name: String) -> [String] { self.found[name] ?? [] }

    func demand(_ name: String, _ value: String) throws(ToolRefusal) {
        guard self[name] == value else { throw ToolRefusal(text: "ERROR: the stand-in has no \(name) but \(value)") }
    }
}

extension ToolStandIn.Tool {
    fileprivate func unknownArgument(_ name: String) -> ToolRefusal {
        switch self {
        case .azureCLI: ToolRefusal(text: "ERROR: unrecognized arguments: \(name)")
        case .azureDeveloperCLI: ToolRefusal(text: "ERROR: unknown flag: \(name)")
        case .azurePowerShell: ToolRefusal(text: "The argument '\(name)' is not recognized as the name of a script file.")
        }
    }

    fileprivate func missingValue(_ name: String) -> ToolRefusal {
        switch self {
        case .azureCLI: ToolRefusal(text: "ERROR: argument \(name): expected one argument")
        case .azureDeveloperCLI: ToolRefusal(text: "ERROR: flag needs an argument: \(name)")
        case .azurePowerShell: ToolRefusal(text: "Cannot process the command because of a missing parameter. (\(name))")
        }
    }

    fileprivate func missingArgument(_ name: String) -> ToolRefusal {
        switch self {
        case .azureCLI: ToolRefusal(text: "ERROR: the following arguments are required: \(name)")
        case .azureDeveloperCLI: ToolRefusal(text: "ERROR: required flag(s) \"\(name.drop { $0 == "-" })\" not set")
        case .azurePowerShell: ToolRefusal(text: "The stand-in wants \(name).")
        }
    }
}

/// What a script for `pwsh` asks `Get-AzAccessToken` for.
private struct EmulatedPowerShellScript {
    let resource: String
    let tenantID: String?

    /// - Parameter encoded: The script in UTF-16 (little endian) and Base64.
    init(encoded: String) throws(ToolRefusal) {
        guard let data = Data(base64Encoded: encoded), data.count.isMultiple(of: 2), !data.isEmpty else {
            throw ToolRefusal(
                text: "Cannot process the command because the value specified with -EncodedCommand is not properly encoded.")
        }
        let bytes = Array(data)
        let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        guard let script = String(validating: units, as: UTF16.self) else {
            throw ToolRefusal(
                text: "Cannot process the command because the value specified with -EncodedCommand is not properly encoded.")
        }
        guard script.contains("Get-AzAccessToken"), let resource = Self.literal("ResourceUrl", in: script), !resource.isEmpty
        else {
            throw ToolRefusal(text: "The script asks Get-AzAccessToken for no resource.")
        }
        self.resource = resource
        self.tenantID = Self.literal("TenantId", in: script).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text between single quotes that stands behind a name and nothing but blanks and an equals sign, as in `ResourceUrl = 'r'` and
    /// in `$options['TenantId'] = 't'`.
    private static func literal(_ name: String, in script: String) -> String? {
        for match in script.ranges(of: name) {
            var rest = script[match.upperBound...]
            if rest.hasPrefix("']") { rest = rest.dropFirst(2) }
            rest = rest.drop { $0 == " " || $0 == "=" }
            guard rest.first == "'", let end = rest.dropFirst().firstIndex(of: "'") else { continue }
            return String(rest[rest.index(after: rest.startIndex)..<end])
        }
        return nil
    }
}
