// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

/// Whom the doctor asks, how long it waits, and whom what it sees concerns.
@Suite(.timeLimit(.minutes(5))) struct DoctorReachTests {
    // MARK: People

    @Test func whoAsksPeopleIsKnownByTheType() async throws {
        let asked = Locked(0)
        let options = EntraEmulator().credentialOptions()
        let code = DeviceCodeCredential(
            tenantID: Sample.tenantID, clientID: Sample.publicClientID, options: .init(credentialOptions: options)
        ) { _ in asked.withLock { $0 += 1 } }
        let inner = ChainedTokenCredential(code)
        let credentials: [any TokenCredential] = [code, inner, ChainedTokenCredential(inner)]
        for credential in credentials {
            let own = IdentityDoctor.Options(chain: .init(credentialOptions: options), scopes: [vaultScope])
            let report = try await IdentityDoctor(credential: credential, name: "login", options: own).examine()
            #expect(report.members.first?.state == .good && report.members.first?.summary.contains("not asked") == true)
        }
        let report = try await DoctorStage.report {
            $0.scopes = [vaultScope]
            $0.chain.insert(code, name: "mine", at: .first)
        }
        #expect(report.state(of: "mine") == "good" && report.members.first?.summary.contains("not asked") == true)
        #expect(asked.withLock { $0 } == 0)
    }

    @Test(arguments: [true, false]) func aBrokerAsksUnlessItIsSilent(isSilent: Bool) throws {
        let stage = try EditorStage()
        var client = BrokerEngine.Client(credential: "BrokerCredential")
        client.isSilent = isSilent
        let engine = BrokerEngine(client, broker: EditorBrokerClient(stage, secret: "none").signIn, options: stage.options())
        let member = ChainMember(engine, name: "mine")
        #expect(member.asksPeople == !isSilent && member.credentialType == "BrokerCredential" && member.name == "mine")
    }

    // MARK: Whom it concerns

    private static let account = """
        {"accessToken":"a.b.c","expires_on":4000000000,"tenant":"t","tokenType":"Bearer","user":{"name":"CONTOSO\\\\ada"}}
        """

    /// A credential that has its token needs no authority and no proxy.
    @Test func whoNeedsNoAuthorityDoesNotMissIt() async throws {
        let transport = ScriptedTransport { _ in throw TransportError(.tls, message: "TLS failed") }
        var options = transport.options()
        DoctorStage.shelf("az", 0, output: Self.account).apply(to: &options)
        for name in [nil, "mine"] {
            let own = IdentityDoctor.Options(chain: .init(credentialOptions: options), scopes: [vaultScope])
            let report = try await IdentityDoctor(
                credential: AzureCLICredential(options: options), name: name, options: own
            ).examine()
            #expect(report.observation("authority", in: .network)?.state == .bad)
            #expect(report.isHealthy && report.members.first?.state == .token, "\(report.findings)")
        }
    }

    /// A place to look at, in which nothing is asked.
    private func place(_ credential: any TokenCredential, options: CredentialOptions) -> DoctorPlace {
        let host = options.host
        return DoctorPlace(
            host: host, options: options, selection: HostSelection.select(host.environment, facts: { HostFacts() }),
            subject: DoctorSubject(credential, name: nil), scopes: [], requestTenantID: nil, isDeep: false,
            showsAccounts: false, deadline: host.clock.now + .seconds(5))
    }

    @Test func aProxyThatIsNoneConcernsWhoUsesIt() async throws {
        let options = CredentialOptions(tokenCache: .inMemory, environment: ["HTTPS_PROXY": "socks5://proxy.example"])
        let tool = await ProxyProbe().examine(self.place(AzureCLICredential(options: options), options: options))
        #expect(tool.complaints.count == 1 && tool.complaints.first?.concerns?.isEmpty == true)
        let secret = ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: "secret", options: options)
        let application = await ProxyProbe().examine(self.place(secret, options: options))
        #expect(application.complaints.count == 1)
        #expect(application.complaints.first?.concerns?.contains("ClientSecretCredential") == true)
    }

    @Test func aStaleTokenFileConcernsWhoReadsIt() async throws {
        let options = EntraEmulator().credentialOptions(environment: ["AZURE_FEDERATED_TOKEN_FILE": "/nonexistent/token"])
        let credential = ClientSecretCredential(
            tenantID: Sample.tenantID, clientID: Sample.clientID, clientSecret: Secret(Sample.clientSecret), options: options)
        let report = try await DoctorStage.report(credential, options: options)
        #expect(report.isHealthy && report.members.first?.state == .token, "\(report.findings)")
        #expect(report.observation("AZURE_FEDERATED_TOKEN_FILE", in: .files)?.state == .bad)
    }

    /// Anything but the document is somebody else's answer.
    @Test(
        arguments: [(200, .good), (302, .doubtful), (400, .doubtful), (403, .doubtful), (503, .doubtful)]
            as [(Int, IdentityDoctor.State)])
    func whatTheAuthorityAnswers(status: Int, state: IdentityDoctor.State) async throws {
        let transport = ScriptedTransport { _ in TransportResponse(status: status) }
        let options = transport.options(environment: ["AZURE_TENANT_ID": Sample.tenantID])
        let secret = transport.credential(options: options)
        let findings = await AuthorityProbe().examine(self.place(secret, options: options))
        let observation = try #require(findings.observations.first { $0.subject == "authority" })
        #expect(observation.state == state && findings.complaints.isEmpty)
    }

    @Test func aTenantThatDoesNotExist() async throws {
        let transport = ScriptedTransport { _ in ScriptedTransport.refusal(90_002, error: "invalid_tenant", status: 400) }
        var options = transport.options(environment: [
            "AZURE_TENANT_ID": Sample.tenantID, "AZURE_CLIENT_ID": Sample.clientID, "AZURE_CLIENT_SECRET": "s",
        ])
        ToolShelf().apply(to: &options)
        var own = IdentityDoctor.Options(chain: .init(credentialOptions: options))
        own.chain.exclusions = [.managedIdentity]
        let report = try await IdentityDoctor(options: own).examine()
        let first = try #require(report.findings.first)
        #expect(first.message.contains("AADSTS90002") && first.remedy?.variables == ["AZURE_TENANT_ID"], "\(report.findings)")
        #expect(first.severity == .problem && report.observation("authority", in: .network)?.state == .bad)
    }

    // MARK: Time

    /// The limit is the examination's: what it cut off is no fault of the credential.
    @Test func aToolThatTakesTooLongIsNoFault() async throws {
        let runner = ScriptedRunner { _, _ in throw ToolFailure.timedOut }
        var options = EntraEmulator().credentialOptions()
        ToolShelf(present: ["az"]).apply(to: &options)
        let before = options.hostOverride
        options.hostOverride = { host in
            var host = before?(host) ?? host
            host.toolRunner = runner
            return host
        }
        let report = try await DoctorStage.report(AzureCLICredential(options: options), options: options, scopes: [])
        #expect(report.guideRows.isEmpty && report.findings.count == 1 && !report.isHealthy && !report.isComplete)
        #expect(report.members.first?.state == .unknown, "\(report.members)")
    }

    @Test func aRequestThatTakesTooLongIsNoFault() async throws {
        let credential = ClosureTokenCredential(name: "Mine") { _ in
            throw AuthenticationError(.timedOut, credential: "Mine", message: "Mine: The time is up.")
        }
        let options = EntraEmulator().credentialOptions()
        let report = try await DoctorStage.report(credential, options: options)
        #expect(report.findings.map(\.severity) == [.warning] && !report.isComplete && report.guideRows.isEmpty)
        // A chain goes on to the next one.
        let chain = ChainedTokenCredential(credential, ClosureTokenCredential(name: "Next") { _ in .sample("next") })
        #expect(try await DoctorStage.report(chain, options: options).state(of: "Next") == "token")
    }

    // MARK: Tools

    @Test func looksAtAToolTakeTurns() async throws {
        let (registry, runner) = (ToolRegistry(), ScriptedRunner { _, _ in ToolRun(status: 0, output: [], errors: []) })
        runner.close()
        let looks = (0..<8).map { number in
            Task {
                try await registry.look(
                    ToolCommand(executable: "/shelf/az", arguments: ["\(number)"], environment: [:], timeout: .seconds(60)),
                    runner: runner)
            }
        }
        while runner.running < 4 { await Task.yield() }
        for _ in 0..<200 { await Task.yield() }
        runner.open()
        for look in looks { #expect(try await look.value.status == 0) }
        #expect(runner.commands.count == 8 && runner.mostRunning <= 4)
    }

    /// Many names of people have no at sign; ids of applications are none.
    @Test func nobodyIsNamed() async throws {
        let shelf = DoctorStage.shelf("az", 0, output: Self.account)
        let report = try await DoctorStage.report(tools: shelf)
        #expect(!"\(report)".contains("CONTOSO") && report.members.contains { $0.summary.contains("as <account>") })
        let shown = try await DoctorStage.report(tools: shelf) { $0.showsAccounts = true }
        #expect("\(shown)".contains("CONTOSO"))
        let application = DoctorStage.shelf("az", 0, output: #"{"user":{"name":"\#(Sample.clientID)"}}"#)
        let own = try await DoctorStage.report(tools: application)
        #expect(own.members.contains { $0.summary == "signed in, as \(Sample.clientID)" })
    }

    // MARK: The guide's own checks

    @Test func theChecksAreMadeBesideTheScopes() async throws {
        let report = try await DoctorStage.report(EntraEmulator(), on: .appService) {
            $0.scopes = [vaultScope]
            $0.isDeep = true
        }
        #expect(report.state(of: "ManagedIdentityCredential") == "token" && report.isHealthy, "\(report.findings)")
        #expect(report.observation("check by a token", in: .metadata)?.state == .good)
    }

    @Test func theChecksAskForTheCloudsOwnResource() {
        var options = CredentialOptions(tokenCache: .inMemory, environment: [:])
        let tool = AzureCLICredential(options: options)
        #expect(MemberProbe.resource(self.place(tool, options: options)) == "https://management.core.windows.net/.default")
        options.cloud = .usGovernment
        #expect(MemberProbe.resource(self.place(tool, options: options)) == "https://management.usgovcloudapi.net/.default")
    }
}
