// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Row G17 of the guide, and the refusals that need a person.
@Suite struct PeopleRowTests {
    /// A refusal of a user's password by the token endpoint.
    private func refusal(_ code: Int, error: String = "invalid_grant") async throws -> (AuthenticationError, requests: Int) {
        let transport = ScriptedTransport { request in
            request.method == .get
                ? ScriptedTransport.json(#"{"account_type":"Managed"}"#)
                : ScriptedTransport.refusal(code, error: error, status: 400, text: "Refused for MARKED-password.")
        }
        let credential = UsernamePasswordCredential(
            name: "UsernamePasswordCredential",
            tenantID: Sample.tenantID,
            clientID: Sample.publicClientID,
            username: Sample.userName,
            password: "MARKED-password",
            options: transport.options()
        )
        let failure = try await authenticationError { try await credential.token(forScopes: vaultScope) }
        return (failure, transport.tokenRequests.count)
    }

    @Test func G17_wrongUserNameOrPassword() async throws {
        let (error, requests) = try await self.refusal(50_126)
        #expect(error.code == .authenticationFailed && !error.isRetryable && requests == 1)
        #expect(error.message.hasPrefix("UsernamePasswordCredential: invalid_grant: 50126 - AADSTS50126: "), "\(error.message)")
        #expect(error.remedy?.guide == "G17" && error.remedy?.variables == ["AZURE_USERNAME", "AZURE_PASSWORD"])
        #expect(error.remedy?.text.contains("deprecated") == true && error.remedy?.text.contains("multifactor") == true)
        #expect(!error.description.contains("MARKED"))
    }

    @Test func G17_unknownUser() async throws {
        #expect(try await self.refusal(50_034).0.remedy?.guide == "G17")
    }

    @Test(arguments: [50_076, 50_078, 50_079])
    func G17_aPasswordCannotDoMultifactorAuthentication(code: Int) async throws {
        let (error, requests) = try await self.refusal(code, error: "interaction_required")
        #expect(error.remedy?.guide == "G17" && requests == 1)
        #expect(error.remedy?.text.contains("multifactor authentication") == true)
        #expect(error.remedy?.text.contains("InteractiveBrowserCredential") == true)
        #expect(error.remedy?.link == "https://login.microsoftonline.com/error?code=\(code)")
    }

    private func remedy(
        _ code: Int?,
        proof: GuideFacts.Proof? = .person,
        error: String = "invalid_grant",
        clientID: String? = nil
    ) -> AuthenticationError.Remedy? {
        var failure = AuthenticationError(.authenticationRequired, credential: "X", message: "")
        failure.serviceError = .init(error: error, message: "", codes: code.map { [$0] } ?? [])
        return Guide.remedy(for: failure, facts: GuideFacts(clientID: clientID, proof: proof))
    }

    @Test(arguments: [
        (50_076, "multifactor authentication"), (50_078, "multifactor authentication"), (50_079, "set up multifactor"),
        (65_001, "consent"), (70_043, "expired"), (700_082, "expired"), (70_008, "expired"), (50_173, "ended"),
        (50_055, "password has expired"),
    ])
    func aPersonIsAskedToSignInAgain(code: Int, text: String) throws {
        let remedy = try #require(self.remedy(code))
        #expect(
            remedy.guide == "G04" && remedy.text.contains(text) && remedy.text.contains("authenticate(for:)"), "\(remedy.text)")
        #expect(remedy.link == "https://login.microsoftonline.com/error?code=\(code)")
    }

    @Test(arguments: [
        (50_034, "doesn't know the account"), (53_003, "Conditional access"), (50_057, "disabled"), (50_053, "locked"),
        (65_004, "didn't allow"),
        (50_105, "assigned"),
    ])
    func signingInAgainWouldNotHelp(code: Int, text: String) throws {
        let remedy = try #require(self.remedy(code))
        #expect(remedy.text.contains(text) && !remedy.text.contains("authenticate(for:)"), "\(remedy.text)")
    }

    @Test(arguments: [GuideFacts.Proof.secret, .certificate, .assertion])
    func aServiceSendsTheClaimsBack(proof: GuideFacts.Proof) throws {
        let remedy = try #require(self.remedy(50_076, proof: proof, error: "interaction_required"))
        #expect(remedy.text.contains("401") && remedy.text.contains("claims") && !remedy.text.contains("authenticate(for:)"))
    }

    @Test func theWordCountsWithoutAKnownCode() throws {
        let remedy = try #require(self.remedy(999_999, error: "interaction_required"))
        #expect(remedy.text.hasPrefix("A person has to sign in again.") && remedy.link?.hasSuffix("999999") == true)
        #expect(self.remedy(nil, error: "interaction_required")?.link?.contains("code=") == false)
        // Of any other word, the code is looked up.
        #expect(self.remedy(999_999)?.text.contains("Look the code up") == true)
        #expect(self.remedy(7_000_215, proof: .secret, error: "invalid_client")?.guide == "G09")
    }

    @Test func consentIsGivenToAnApplicationOfOnesOwn() {
        let own = "c0000000-0000-4000-8000-000000000001"
        #expect(
            self.remedy(65_001, clientID: own)?.commands == [["az", "ad", "app", "permission", "admin-consent", "--id", own]])
        for other in ["04b07795-8ddb-461a-bbee-02f9e1bf7b46", "$(reboot)", "--help", ""] {
            #expect(self.remedy(65_001, clientID: other)?.commands.isEmpty == true)
        }
    }

    @Test func whoMayNotAskSaysHowToBegin() {
        let error = AuthenticationError(.authenticationRequired, credential: "X", message: "")
        let remedy = Guide.remedy(for: error, facts: GuideFacts(proof: .person))
        #expect(remedy?.guide == "G02" && remedy?.text.contains("authenticate(for:)") == true)
    }

    @Test(arguments: [nil, GuideFacts.Proof.person, .password, .secret])
    func everyTextIsOneLine(proof: GuideFacts.Proof?) {
        for code in 50_000...54_000 where SignInTrouble(code: code) != nil {
            let text = self.remedy(code, proof: proof)?.text ?? ""
            #expect(!text.isEmpty && !text.contains("\n") && text.count < 600)
        }
    }
}
