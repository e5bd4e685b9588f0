// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Two authorities, as far as anybody here looks at them: PEM around something that begins like DER.
private let authorityA = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"
private let authorityB = "-----BEGIN CERTIFICATE-----\nMAMC\nAQI=\n-----END CERTIFICATE-----\n"

@Suite struct IdentityBindingTests {
    private let folder: TestFolder
    private static let proxy = "https://proxy.example:8443/binding/"

    init() throws {
        self.folder = try TestFolder()
        try self.folder.write("token-1", "token")
    }

    private func credential(
        _ transport: any HTTPTransport,
        _ variables: [String: String],
        isAzureProxyEnabled: Bool = true,
        cache: TokenCache = .inMemory
    ) -> WorkloadIdentityCredential {
        let environment = [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
            "AZURE_FEDERATED_TOKEN_FILE": self.folder.path("token"),
        ].merging(variables) { $1 }
        var options = ScriptedTransport { _ in ScriptedTransport.token }.options(environment: EnvironmentVariables(environment))
        options.transport = transport
        options.tokenCache = cache
        return WorkloadIdentityCredential(isAzureProxyEnabled: isAzureProxyEnabled, options: options)
    }

    // The URL.

    @Test(arguments: [
        (
            "https://h:8443/a/b/", "https://login.example/tid/oauth2/v2.0/token?x=1",
            "https://h:8443/a/b/tid/oauth2/v2.0/token?x=1"
        ),
        ("https://h", "https://login.example/tid/token", "https://h/tid/token"),
        ("https://h/", "https://login.example:444//tid/token", "https://h/tid/token"),
        ("https://h:443/binding", "https://login.example/t?q=%2F&r=a%20b", "https://h/binding/t?q=%2F&r=a%20b"),
        ("https://h/binding", "https://login.example/a%2Fb/token", "https://h/binding/a%2Fb/token"),
        (
            "https://proxy.example/binding", "https://login.example/tenant/token?q=1",
            "https://proxy.example/binding/tenant/token?q=1"
        ),
        ("https://h/binding", "https://h/binding-other/token", "https://h/binding/binding-other/token"),
        ("https://h/binding", "https://h:8443/binding/token", "https://h/binding/binding/token"),
        ("https://h/binding", "https://h/binding/token", "https://h/binding/token"),
        ("https://h/binding", "https://h:443/binding", "https://h:443/binding"),
        ("https://H.Example/binding", "https://h.EXAMPLE/binding/token", "https://h.EXAMPLE/binding/token"),
        ("https://h", "https://h/tid/token", "https://h/tid/token"),
        ("https://[::1]:8443/p", "https://login.example/t", "https://[::1]:8443/p/t"),
        (" https://h/p\n", "https://login.example/t", "https://h/p/t"),
    ])
    func rewritesURLs(proxy: String, url: String, expected: String) throws {
        let address = try TokenProxyAddress(proxy, credential: "X")
        let original = try #require(URL(string: url))
        let rewritten = try #require(address.rewritten(original))
        #expect(rewritten.absoluteString == expected)
        // Once is enough.
        #expect(address.rewritten(rewritten)?.absoluteString == expected)
    }

    // The variables.

    static let wrong: [(variables: [String: String], part: String)] = [
        (["AZURE_KUBERNETES_SNI_NAME": "s"], "AZURE_KUBERNETES_TOKEN_PROXY is not set but other custom endpoint-related"),
        (["AZURE_KUBERNETES_CA_FILE": "/f"], "AZURE_KUBERNETES_TOKEN_PROXY is not set but other"),
        (["AZURE_KUBERNETES_CA_DATA": authorityA], "AZURE_KUBERNETES_TOKEN_PROXY is not set but other"),
        (
            [
                "AZURE_KUBERNETES_CA_FILE": "/f", "AZURE_KUBERNETES_CA_DATA": authorityA,
                "AZURE_KUBERNETES_TOKEN_PROXY": "https://h",
            ], "Both"
        ),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "http://h"], "must use the https scheme"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "h:8443"], "must use the https scheme"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://"], "must name a host"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h:99999"], "must name a host, and a port"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://us:MARKED@h"], "must not contain a user name or password"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "http://us:MARKED@h"], "must use the https scheme"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://us:MAR?KED@h"], "TOKEN_PROXY"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://@h"], "must not contain a user name or password"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h/#MARKED"], "must not contain a fragment"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h/?a=MARKED"], "must not contain query parameters"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h h"], "is no URL"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h", "AZURE_KUBERNETES_CA_DATA": "no PEM"], "CA_DATA holds no certificate"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h", "AZURE_KUBERNETES_SNI_NAME": "a b"], "is no name of a server"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://h", "AZURE_KUBERNETES_SNI_NAME": "10.0.0.1"], "is no name of a server"),
    ]

    @Test(arguments: wrong.indices)
    func wrongVariablesAreRefused(index: Int) async throws {
        let transport = ProvingTransport()
        let credential = self.credential(transport, Self.wrong[index].variables)
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && error.message.contains(Self.wrong[index].part), "\(error.message)")
        #expect(!"\(error)".contains("MAR") && !"\(error)".contains("KED") && transport.scripted.requests.isEmpty)
        #expect(throws: AuthenticationError.self) { try credential.validate() }
        // Without the flag nobody looks at them.
        _ = try await self.credential(transport, Self.wrong[index].variables, isAzureProxyEnabled: false).token(
            forScopes: vaultScope)
        #expect(transport.scripted.requests.first?.serverProof == nil)
    }

    // The request.

    @Test func asksTheProxyAndNoOther() async throws {
        let transport = ProvingTransport()
        let variables = [
            "AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy, "AZURE_KUBERNETES_SNI_NAME": "sni.example",
            "AZURE_KUBERNETES_CA_DATA": authorityA,
        ]
        let credential = self.credential(transport, variables)
        _ = try await credential.token(forScopes: vaultScope)
        _ = try await credential.token(forScopes: vaultScope)
        #expect(transport.scripted.places == ["POST proxy.example:8443/binding/\(Sample.tenantID)/oauth2/v2.0/token"])
        let request = try #require(transport.scripted.requests.first)
        #expect(request.serverProof == .named(serverName: "sni.example", authoritiesPEM: Array(authorityA.utf8)))
        #expect(request.field("client_assertion") == "token-1")
    }

    @Test func withoutVariablesEntraItselfIsAsked() async throws {
        let transport = ProvingTransport()
        _ = try await self.credential(transport, [:]).token(forScopes: vaultScope)
        #expect(transport.scripted.requests.first?.url.host() == "login.microsoftonline.com")
        #expect(transport.scripted.requests.first?.serverProof == nil)
    }

    @Test func withoutAuthoritiesTheTransportsCount() async throws {
        let transport = ProvingTransport()
        _ = try await self.credential(transport, ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy]).token(forScopes: vaultScope)
        #expect(transport.scripted.requests.first?.serverProof == .named(serverName: nil, authoritiesPEM: nil))
    }

    @Test func aTransportThatCantCheckGetsNothing() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.token }
        let credential = self.credential(transport, ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.code == .invalidConfiguration && transport.requests.isEmpty)
    }

    @Test func tokensOfTheProxyAreKeptApart() async throws {
        let transport = ProvingTransport()
        let cache = TokenCache.inMemory
        let other = ["AZURE_KUBERNETES_TOKEN_PROXY": "https://other.example"]
        let settings: [[String: String]] = [
            ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy], ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy], other,
            other.merging(["AZURE_KUBERNETES_SNI_NAME": "a.example"]) { $1 }, [:],
        ]
        for setting in settings { _ = try await self.credential(transport, setting, cache: cache).token(forScopes: vaultScope) }
        #expect(transport.scripted.requests.count == 4)
    }

    @Test(arguments: [700_211, 700_212])
    func withTheProxyRowG53IsNoAdvice(code: Int) async throws {
        let transport = ProvingTransport { _ in ScriptedTransport.refusal(code) }
        let credential = self.credential(transport, ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy])
        let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        #expect(error.serviceError?.codes == [code] && error.remedy?.guide == "G04")
    }

    @Test func aRetryGoesToTheSamePlace() async throws {
        let count = Locked(0)
        let transport = ProvingTransport { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number < 3 ? ScriptedTransport.json("", status: 503) : ScriptedTransport.token
        }
        var options = transport.scripted.options(
            environment: [
                "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID,
                "AZURE_FEDERATED_TOKEN_FILE": self.folder.path("token"), "AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy,
            ],
            clock: JumpingClock(clock: VirtualClock()),
            retry: .default
        )
        options.transport = transport
        _ = try await WorkloadIdentityCredential(isAzureProxyEnabled: true, options: options).token(forScopes: vaultScope)
        #expect(transport.scripted.places.count == 3 && Set(transport.scripted.places).count == 1)
    }

    // The file of authorities.

    @Test func aFileReplacedWhileInUseIsReadAgain() async throws {
        let transport = ProvingTransport()
        let path = try self.folder.write(authorityA, "ca.crt")
        let variables = ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy, "AZURE_KUBERNETES_CA_FILE": path]
        let credential = self.credential(transport, variables)
        /// The authorities that the next request trusts.
        func next() async throws -> String? {
            credential.removeCachedTokens()
            _ = try await credential.token(forScopes: vaultScope)
            guard case .named(_, let bytes?) = transport.scripted.requests.last?.serverProof else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try await next() == authorityA)
        for bad in [
            "", "no certificate", String((authorityA + authorityB).dropLast(30)), authorityA.replacing("MAMC", with: "????"),
        ] {
            try self.folder.write(bad, "ca.crt")
            #expect(try await next() == authorityA, "\(bad)")
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try await next() == authorityA)
        try self.folder.write(authorityA + authorityB, "ca.crt")
        #expect(try await next() == authorityA + authorityB)
        try self.folder.write([UInt8](repeating: 0x0A, count: ServerProof.largestAuthorities + 1), "ca.crt")
        #expect(try await next() == authorityA + authorityB)
    }

    @Test func aFileThatWasNeverGoodIsAnErrorUntilItIs() async throws {
        let transport = ProvingTransport()
        let path = self.folder.path("ca.crt")
        let credential = self.credential(
            transport, ["AZURE_KUBERNETES_TOKEN_PROXY": Self.proxy, "AZURE_KUBERNETES_CA_FILE": path])
        for (content, part) in [(nil, "can't be found"), ("", "it is empty"), ("x", "no whole certificate")] {
            if let content { try self.folder.write(content, "ca.crt") }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(
                error.code == .invalidConfiguration && error.message.contains(path) && error.message.contains(part),
                "\(error.message)")
        }
        #expect(transport.scripted.requests.isEmpty)
        try self.folder.write(authorityB, "ca.crt")
        _ = try await credential.token(forScopes: vaultScope)
        #expect(transport.scripted.requests.count == 1)
    }
}
