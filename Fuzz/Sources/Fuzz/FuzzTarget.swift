// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What is fuzzed.
enum FuzzTarget: String, CaseIterable {
    /// Answers of the token service.
    case tokenResponse = "token-response"
    /// Refusals of the token service.
    case errorResponse = "error-response"
    /// What a gateway asks for.
    case challenge
    /// Values of the headers that say when to come again.
    case headers
    /// Environment variables and the caller's request.
    case variables
    /// Proxy variables and proxies' URLs.
    case proxy
    /// Certificate files in PEM.
    case pem
    /// Certificate files in PKCS#12.
    case pkcs12
    /// What a resource manager says of its cloud.
    case metadata
    /// What an authority says of itself.
    case discovery
    /// Answers of hosts with managed identities.
    case hostResponse = "host-response"
    /// When hosts say that a token expires.
    case hostToken = "host-token"
    /// The variables by which hosts are told apart.
    case hostVariables = "host-variables"
    /// Which file the agent of Azure Arc asks for.
    case keyFile = "key-file"
    /// Where the token proxy of a cluster is.
    case tokenProxy = "token-proxy"
    /// Files with a workload's token.
    case federatedToken = "federated-token"
    /// Answers of build services that give out identity tokens.
    case identityToken = "identity-token"
    /// What developer tools print.
    case toolOutput = "tool-output"
    /// Documents of token caches.
    case cacheDocument = "cache-document"
    /// What federation services write.
    case soap
    /// What a device is told that asks for a code; users' realms.
    case deviceCode = "device-code"
    /// Answers of key vaults.
    case vault
    /// What tokens say of themselves.
    case claims
    /// Documents of chains, and who is in the default one.
    case chain
    /// Answers of identity brokers on the session bus.
    case brokerAnswer = "broker-answer"
    /// Settings and records of Visual Studio Code.
    case editorSettings = "editor-settings"
    /// Requests to the emulator.
    case emulator
    /// Requests to the hosts that the emulator plays.
    case emulatorHosts = "emulator-hosts"

    /// The one that the first argument names, else the variable `FUZZ_TARGET`.
    static let chosen: FuzzTarget? = {
        if CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) { return target }
        return getenv("FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }
    }()

    /// Runs one input to its end. A broken promise of the library ends the process.
    func run(_ bytes: [UInt8]) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            switch self {
            case .tokenResponse: await ResponseTarget.run(bytes)
            case .errorResponse: await RefusalTarget.run(bytes)
            case .challenge: await ChallengeTarget.run(bytes)
            case .headers: await HeadersTarget.run(bytes)
            case .variables: await VariablesTarget.run(bytes)
            case .proxy: await ProxyTarget.run(bytes)
            case .pem, .pkcs12: await CertificateTarget.run(bytes)
            case .metadata: await MetadataTarget.run(bytes)
            case .discovery: await DiscoveryTarget.run(bytes)
            case .hostResponse: await HostResponseTarget.run(bytes)
            case .hostToken: HostTokenTarget.run(bytes)
            case .hostVariables: await HostVariablesTarget.run(bytes)
            case .keyFile: await KeyFileTarget.run(bytes)
            case .tokenProxy: TokenProxyTarget.run(bytes)
            case .federatedToken: FederatedTokenTarget.run(bytes)
            case .identityToken: await IdentityTokenTarget.run(bytes)
            case .toolOutput: ToolOutputTarget.run(bytes)
            case .cacheDocument: CacheDocumentTarget.run(bytes)
            case .soap: SOAPTarget.run(bytes)
            case .deviceCode: DeviceCodeTarget.run(bytes)
            case .vault: await VaultTarget.run(bytes)
            case .claims: ClaimsTarget.run(bytes)
            case .chain: ChainTarget.run(bytes)
            case .brokerAnswer: BrokerAnswerTarget.run(bytes)
            case .editorSettings: EditorTarget.run(bytes)
            case .emulator: await EmulatorTarget.run(bytes)
            case .emulatorHosts: EmulatorHostsTarget.run(bytes)
            }
            done.signal()
        }
        done.wait()
    }
}

/// Ends the process because a promise of the library is broken, so that the fuzzer keeps the input.
enum Violation {
    static func report(_ text: String) -> Never {
        Self.print("VIOLATION: \(text)")
        abort()
    }

    /// Writes a line to standard error.
    static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}
