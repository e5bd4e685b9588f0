// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureIdentity
import AzureIdentityTesting
import Foundation

/// A token as `azid token` prints it.
struct TokenReport: Decodable, Sendable {
    let accessToken: String, tokenType: String, expires_on: Int, scopes: [String], credential: String, source: String
    let tenantId: String?

    /// The tokens of an output, one on each line.
    static func all(in output: String) throws -> [TokenReport] {
        try output.split(separator: "\n").map { try JSONDecoder().decode(TokenReport.self, from: Data($0.utf8)) }
    }
}

/// A failure as `azid token` prints it: the one line of standard error that is JSON.
struct FailureReport: Decodable, Sendable {
    struct Details: Decodable, Sendable {
        struct Remedy: Decodable, Sendable { let guide: String, text: String }
        let code: String, credential: String, message: String, isRetryable: Bool, aadsts: [Int]
        let guide: String?, remedy: Remedy?, httpStatus: Int?, attempts: [Attempt]
    }

    /// What a member of a chain came to.
    struct Attempt: Decodable, Sendable {
        let credential: String, outcome: String, code: String?, summary: String, message: String
        let durationMilliseconds: Double, guide: String?
    }

    let error: Details

    /// Something was printed that is no failure.
    struct Missing: Error { let output: String }

    static func read(_ errors: String) throws -> Details {
        guard let line = errors.split(separator: "\n").first(where: { $0.hasPrefix("{") }) else { throw Missing(output: errors) }
        return try JSONDecoder().decode(FailureReport.self, from: Data(line.utf8)).error
    }
}

/// What a token of the emulator says of itself. The signature is looked at elsewhere.
struct TokenClaims: Decodable, Sendable {
    let aud: String, appid: String, oid: String, tid: String

    init(_ token: String) throws {
        let parts = token.split(separator: ".")
        var text = String(parts.count == 3 ? parts[1] : "").replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        self = try JSONDecoder().decode(TokenClaims.self, from: Data(base64Encoded: text) ?? Data())
    }
}

extension EmulatedHost {
    /// The name of the host's credential for `azid token`, with the flags it needs.
    var credentialArguments: [String] {
        switch self {
        case .workloadIdentity: ["--credential", "workload-identity"]
        case .identityBinding: ["--credential", "workload-identity", "--enable-azure-proxy"]
        case .azurePipelines: ["--credential", "azure-pipelines"]
        case .gitHubActions: ["--credential", "github-actions"]
        default: ["--credential", "managed-identity"]
        }
    }

    /// Whether the host gives tokens itself, rather than assertions.
    var hasManagedIdentities: Bool { ![.workloadIdentity, .identityBinding, .azurePipelines, .gitHubActions].contains(self) }

    /// What a token of the host's own identity says who it is for.
    var applicationID: String { self.hasManagedIdentities ? Sample.systemAssignedClientID : Sample.clientID }
}

extension Stage {
    /// Proxies that nobody serves: who heeds these variables gets nowhere.
    static let deadProxies: [String: String] = {
        let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        return Dictionary(uniqueKeysWithValues: (names + names.map { $0.lowercased() }).map { ($0, "http://127.0.0.1:1") })
    }()

    /// The variables of a program on an emulated host, and no others but for the trust in the stage's authority.
    func environment(for host: EmulatedHost) throws -> [String: String] {
        var variables = try self.server.environment(for: host).dictionary
        if !host.hasManagedIdentities { variables["SSL_CERT_FILE"] = self.caFile }
        return variables
    }
}

extension RealPart {
    /// File systems of our own, which needs the same rights as networks.
    static let mountNamespace = RealPart(name: "mount namespace", isPresent: networkNamespace.isPresent)
}

extension Program {
    /// Shell lines that put an empty file system in the place of what Azure Arc's agent writes to.
    static let emptyArcFolder = "mount -t tmpfs none /var/opt"

    /// A shell in file systems of its own, which runs lines and then a program with its arguments.
    ///
    /// - Returns: The program, and its arguments before those of the other one.
    static func inNamespaces(_ flags: [String], lines: String, environment: [String: String]) -> (Program, [String]) {
        var environment = environment
        environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        return (
            Program(path: "/usr/bin/unshare", environment: environment),
            flags + ["/bin/sh", "-c", "set -e\n\(lines)\nexec \"$0\" \"$@\""]
        )
    }
}
#endif
