// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A sign-in with a user's name and password, of a managed user and of a federated one.
@Suite struct PasswordFlowTests {
    private static let password = "MARKED-p&ss<word>"

    /// What answers, by the path's end.
    private static func federation(
        _ realm: String,
        metadata: String = WSTrustSamples.metadata(),
        answer: TransportResponse = xml(WSTrustSamples.answer(.trust13))
    ) -> ScriptedTransport {
        ScriptedTransport { request in
            let path = request.url.path()
            if path.contains("/userrealm/") { return ScriptedTransport.json(realm) }
            if path.hasSuffix("/mex") { return Self.xml(metadata) }
            if path.hasSuffix("/usernamemixed") { return answer }
            return DeviceCodeFlowTests.userToken
        }
    }

    private static func xml(_ text: String, status: Int = 200) -> TransportResponse {
        TransportResponse(
            status: status, headers: ["Content-Type": "application/soap+xml; charset=utf-8"], body: Array(text.utf8))
    }

    private static let managed = #"{"ver":"1.0","account_type":"Managed","domain_name":"contoso.example"}"#
    private static let federated = """
        {"ver":"1.0","account_type":"Federated","federation_protocol":"WSTrust","cloud_audience_urn":"urn:federation:Example",\
        "federation_metadata_url":"\(WSTrustSamples.metadataAddress)","federation_active_auth_url":"\(WSTrustSamples.address2005)"}
        """

    private func credential(
        _ transport: ScriptedTransport,
        username: String = Sample.userName,
        password: String = password,
        tenantID: String? = Sample.tenantID,
        host: String? = nil
    ) throws -> UsernamePasswordCredential {
        var options = transport.options()
        options.authorityHost = try host.map { try AuthorityHost($0) }
        options.isInstanceDiscoveryEnabled = false
        return UsernamePasswordCredential(
            name: "UsernamePasswordCredential",
            tenantID: tenantID,
            clientID: Sample.publicClientID,
            username: username,
            password: Secret(password),
            options: options
        )
    }

    // MARK: The realm

    @Test(arguments: [
        (
            "ada@contoso.example", "https://login.example:8443/tenant/oauth2/v2.0/token",
            "https://login.example:8443/common/userrealm/ada%40contoso.example?api-version=1.0"
        ),
        (
            "a/../b?c#d%40 é", "https://login.example/x",
            "https://login.example/common/userrealm/a%2F..%2Fb%3Fc%23d%2540%20%C3%A9?api-version=1.0"
        ),
        ("a", "https://[::1]:1/x", "https://[::1]:1/common/userrealm/a?api-version=1.0"),
    ])
    func theNameIsEncodedAndThePortKept(username: String, endpoint: String, url: String) throws {
        #expect(UserRealm.url(of: username, at: try #require(URL(string: endpoint)))?.absoluteString == url)
    }

    @Test func aRealmIsManagedOrFederated() throws {
        func realm(_ text: String) throws -> UserRealm { try UserRealm(Array(text.utf8)) }
        #expect(try realm(Self.managed).account == .managed && realm(#"{"account_type":"Unknown"}"#).account == .managed)
        let federated = try realm(Self.federated)
        #expect(federated.account == .federated(metadata: try #require(URL(string: WSTrustSamples.metadataAddress))))
        #expect(federated.audience == "urn:federation:Example")
        let active = try realm(#"{"account_type":"federated","federation_active_auth_url":"\#(WSTrustSamples.address2005)"}"#)
        let endpoint = try #require(WSTrustEndpoint(address: WSTrustSamples.address2005, version: .trust2005))
        #expect(active.account == .federatedWithoutMetadata(endpoint) && active.audience == "urn:federation:MicrosoftOnline")
    }

    @Test(arguments: [
        "", "<html>", "{}", #"{"account_type":1}"#, #"{"account_type":"Federated"}"#,
        #"{"account_type":"Federated","federation_metadata_url":"http://sts.contoso.example/mex"}"#,
        #"{"account_type":"Federated","federation_active_auth_url":"file:///etc/passwd"}"#,
    ])
    func aRealmThatSaysNothingIsAnError(text: String) async throws {
        #expect(throws: UserRealm.Problem.self) { try UserRealm(Array(text.utf8)) }
        let transport = Self.federation(text)
        let error = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.message.contains("realm") && transport.requests.count == 1)
    }

    // MARK: Managed users

    @Test func aManagedUsersPasswordGoesToTheTokenEndpoint() async throws {
        let transport = Self.federation(Self.managed)
        let token = try await self.credential(transport, host: "https://login.example:8443").token(forScopes: vaultScope)
        #expect(token.token == "user.token" && token.provenance?.credential == "UsernamePasswordCredential")
        #expect(
            transport.requests.map(\.url.absoluteString) == [
                "https://login.example:8443/common/userrealm/ada%40contoso.example?api-version=1.0",
                "https://login.example:8443/\(Sample.tenantID)/oauth2/v2.0/token",
            ]
        )
        #expect(transport.requests[0].method == .get && transport.requests[0].body.isEmpty)
        let request = transport.requests[1]
        #expect(request.field("grant_type") == "password" && request.field("client_info") == "1")
        #expect(request.field("username") == Sample.userName && request.field("password") == Self.password)
        #expect(request.field("scope") == "\(vaultScope) offline_access openid profile")
        #expect(request.headers["X-AnchorMailbox"] == "upn:ada@contoso.example")
    }

    @Test func withoutATenantAnyOrganizationsUserIsMeant() async throws {
        let transport = Self.federation(Self.managed)
        _ = try await self.credential(transport, tenantID: nil).token(forScopes: vaultScope)
        #expect(transport.places.last == "POST login.microsoftonline.com/organizations/oauth2/v2.0/token")
    }

    @Test func aNameOutsideOfASCIIIsInNoHeader() async throws {
        let transport = Self.federation(Self.managed)
        _ = try await self.credential(transport, username: "zoë@contoso.example").token(forScopes: vaultScope)
        #expect(
            transport.requests[1].headers["X-AnchorMailbox"] == nil
                && transport.requests[1].field("username") == "zoë@contoso.example")
    }

    @Test func aHostWithoutRealmsHasManagedUsers() async throws {
        let transport = ScriptedTransport { request in
            request.method == .get ? TransportResponse(status: 404) : DeviceCodeFlowTests.userToken
        }
        #expect(try await self.credential(transport).token(forScopes: vaultScope).token == "user.token")
        let broken = ScriptedTransport { _ in TransportResponse(status: 400) }
        let error = try await authenticationError { try await self.credential(broken).token(forScopes: vaultScope) }
        #expect(error.message.contains("status 400") && broken.requests.count == 1)
    }

    @Test func ADFSIsNotAskedForARealm() async throws {
        let transport = Self.federation(Self.managed)
        _ = try await self.credential(transport, tenantID: "adfs", host: "https://adfs.example").token(forScopes: vaultScope)
        #expect(transport.places == ["POST adfs.example/adfs/oauth2/token"])
    }

    // MARK: Federated users

    @Test(arguments: WSTrustVersion.allCases)
    func aFederatedUsersPasswordGoesToTheOwnServiceAlone(version: WSTrustVersion) async throws {
        let answer = Self.xml(WSTrustSamples.answer(version))
        let transport = Self.federation(
            Self.federated, metadata: WSTrustSamples.metadata(has13: version == .trust13), answer: answer)
        let token = try await self.credential(transport).token(forScopes: vaultScope)
        #expect(token.token == "user.token" && transport.requests.count == 4)
        #expect(transport.places[1] == "GET sts.contoso.example/adfs/services/trust/mex")
        let question = transport.requests[2]
        #expect(question.url.absoluteString == (version == .trust13 ? WSTrustSamples.address13 : WSTrustSamples.address2005))
        #expect(question.headers["SOAPAction"] == version.action)
        #expect(String(decoding: question.body, as: UTF8.self).contains("<a:Address>urn:federation:Example</a:Address>"))
        let request = transport.requests[3]
        #expect(request.field("grant_type") == "urn:ietf:params:oauth:grant-type:saml1_1-bearer")
        #expect(Base64URL.decode(request.field("assertion") ?? "") == Array(WSTrustSamples.assertion.utf8))
        #expect(request.field("password") == nil && request.field("username") == nil)
    }

    @Test func anActiveAddressDoesWithoutMetadata() async throws {
        let realm = #"{"account_type":"Federated","federation_active_auth_url":"\#(WSTrustSamples.address2005)"}"#
        let transport = Self.federation(realm, answer: Self.xml(WSTrustSamples.answer(.trust2005)))
        _ = try await self.credential(transport).token(forScopes: vaultScope)
        #expect(transport.places[1] == "POST sts.contoso.example/adfs/services/trust/2005/usernamemixed")
    }

    @Test func G17_aFederationServiceRefusesThePassword() async throws {
        let fault = WSTrustSamples.fault(reason: "Wrong: MARKED-p&amp;ss&lt;word> \u{2028}for you")
        let transport = Self.federation(Self.federated, answer: Self.xml(fault, status: 500))
        let error = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(error.code == .authenticationFailed && error.remedy?.guide == "G17")
        #expect(
            error.message.hasPrefix(
                "UsernamePasswordCredential: WsTrust server returned error in RSTR: FailedAuthentication: Wrong: "),
            "\(error.message)"
        )
        // A password that is tried again and again locks the account.
        #expect(!error.description.contains("MARKED") && transport.requests.count == 3)
    }

    @Test(arguments: ["<definitions/>", "no XML", "<!DOCTYPE a><a/>"])
    func metadataWithoutAnEndpointIsAnError(metadata: String) async throws {
        let transport = Self.federation(Self.federated, metadata: metadata)
        let error = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(error.message.contains("sts.contoso.example") && transport.requests.count == 2, "\(error.message)")
    }

    @Test func anAnswerThatIsNoneIsAnError() async throws {
        let transport = Self.federation(Self.federated, answer: Self.xml("<html/>", status: 503))
        let error = try await authenticationError { try await self.credential(transport).token(forScopes: vaultScope) }
        #expect(error.message.contains("can't be used (status 503)") && transport.requests.count == 3, "\(error.message)")
    }

    // MARK: Configuration

    @Test(arguments: ["", "line\n", "a\u{0}b", "\u{7F}", "a\u{FFFE}", String(repeating: "a", count: 4097)])
    func whatCannotBeSentIsNot(text: String) async throws {
        let transport = Self.federation(Self.managed)
        for credential in [try self.credential(transport, username: text), try self.credential(transport, password: text)] {
            #expect(throws: AuthenticationError.self) { try credential.validate() }
            let error = try await authenticationError { try await credential.token(forScopes: vaultScope) }
            #expect(error.code == .invalidConfiguration && transport.requests.isEmpty)
        }
    }

    @Test(arguments: [nil, Sample.tenantID])
    func theEnvironmentsUserSignsIn(tenantID: String?) async throws {
        let transport = Self.federation(Self.managed)
        let log = InMemoryLogHandler()
        var variables = [
            "AZURE_CLIENT_ID": Sample.publicClientID, "AZURE_USERNAME": Sample.userName, "AZURE_PASSWORD": Self.password,
        ]
        variables["AZURE_TENANT_ID"] = tenantID
        var options = transport.options(environment: EnvironmentVariables(variables))
        options.logging = LoggingOptions(logger: Logger(label: "test") { _ in log })
        let token = try await EnvironmentCredential(options: options).token(forScopes: vaultScope)
        #expect(token.token == "user.token" && token.provenance?.credential == "EnvironmentCredential")
        #expect(transport.places.last?.contains("/\(tenantID ?? "organizations")/") == true)
        let warnings = log.entries.filter { $0.level == .warning }
        #expect(warnings.count == 1 && warnings[0].message.description.contains("deprecated"))
        // The realm's address holds the name, which is no more the log's business than the password.
        #expect(log.entries.contains { "\($0)".contains("/common/userrealm/\(AccountText.mark)") })
        #expect(!log.entries.contains { "\($0)".contains("MARKED") || "\($0)".contains("ada@") || "\($0)".contains("ada%40") })
    }

    @Test func theEnvironmentNamesWhatAUserLacks() throws {
        let environment: EnvironmentVariables = ["AZURE_PASSWORD": "p"]
        #expect(
            EnvironmentPlan(environment: environment)
                == .incomplete(present: ["AZURE_PASSWORD"], missing: ["AZURE_CLIENT_ID", "AZURE_USERNAME"])
        )
        // A secret comes first, as it always has.
        let both: EnvironmentVariables = [
            "AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s", "AZURE_USERNAME": "u",
            "AZURE_PASSWORD": "p",
        ]
        #expect(EnvironmentPlan(environment: both) == .clientSecret(tenantID: "t", clientID: "c", secret: "s"))
    }
}
