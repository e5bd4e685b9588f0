// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker

/// `azid login`: signs a person in, for `azid token --credential azid` and for programs with an `AzidCredential`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Signs you in, in a browser or with a code on another device.",
        discussion: """
            Without a flag, a browser is opened; where there is none, you get a code to enter on another device. The page calls the application \
            Microsoft Azure CLI, unless --client-id names another one. Tokens go into azid's own cache, \
            encrypted, and who you are, without a secret, into azid/account.json in XDG_CONFIG_HOME, else ~/.config. Prompts go to standard error. The variables \
            AZURE_TENANT_ID and AZURE_CLIENT_ID don't count here: they are mostly another application's. With --broker the system's broker signs \
            you in and has the tokens; azid/broker.json says who you are, for azid token --credential broker.
            """
    )

    @Flag(name: .long, help: "Sign in in a browser on this machine, and nowhere else. BROWSER may name it, as a command with %s.")
    var browser = false

    @Flag(name: .long, help: "Sign in with a code, in a browser on any device.")
    var deviceCode = false

    @Flag(name: .customLong("broker"), help: "Sign in by the system's broker, for azid token --credential broker.")
    var usesBroker = false

    @Option(name: .long, help: "The tenant's id or domain. Else any company's or school's; guests and personal accounts need it.")
    var tenantID: String?

    @Option(name: .long, help: "The application's (client) id. Else that of Microsoft's tools for developers.")
    var clientID: String?

    @Option(name: .long, help: "A scope to ask for. Repeatable. Else the resource manager's of the cloud.")
    var scope: [String] = []

    @Option(name: .long, help: "Who wants to sign in, to have the name filled in.")
    var username: String?

    @Option(name: .long, help: "Where the browser comes back to, such as http://localhost:8400. Else a free port.")
    var redirectURL: String?

    @Option(name: .long, help: "A claims challenge for --scope, as JSON.")
    var claims: String?

    @Option(name: .long, help: "How many seconds to wait for you at most. Else 300; with a code, as long as the code is good.")
    var timeout: Double?

    @Flag(name: .long, help: "Keep tokens in a file that isn't encrypted, for you alone, if nothing here can encrypt them.")
    var allowUnencryptedStorage = false

    @Option(name: .long, help: "What is printed when you are signed in: text or json. Errors too.")
    var output: ListFormat = .text

    @OptionGroup var cloud: CloudArguments
    @OptionGroup var log: LogOptions

    /// What is printed with `--output json`. Nothing about the person.
    private struct Report: Encodable {
        let credential: String
        let storage: String
    }

    func validate() throws {
        guard [self.browser, self.deviceCode, self.usesBroker].count(where: { $0 }) <= 1 else {
            throw ValidationError("--browser, --device-code and --broker exclude each other.")
        }
        guard !self.usesBroker || self.redirectURL == nil else { throw ValidationError("--redirect-url belongs to a browser.") }
        guard !self.deviceCode || (self.redirectURL == nil && self.username == nil) else {
            throw ValidationError("--redirect-url and --username belong to a browser.")
        }
        guard self.cloud.openIDIssuer == nil else { throw ValidationError("azid doesn't sign in to --openid-issuer.") }
        guard self.claims == nil || !self.scope.isEmpty else { throw ValidationError("--claims needs --scope.") }
        guard self.timeout.map({ $0 > 0 && $0 <= 3600 }) ?? true else {
            throw ValidationError("--timeout takes a number of seconds above 0 and up to 3600.")
        }
    }

    func run() async throws {
        let logging = self.log.bootstrap()
        try await InterruptibleWork.run(isJSON: self.output == .json) { try await self.work(logging: logging) }
    }

    private func work(logging: LoggingOptions) async throws {
        let environment = EnvironmentVariables.process
        if self.usesBroker { return try await self.signInByBroker(environment, logging: logging) }
        let file = try AccountFile(environment)
        var options = try await self.cloud.options(environment: environment, logging: logging, timeout: self.timeout)
        options.tokenCache = AzidAccount.tokenCache(
            environment, isRequired: true, allowsUnencryptedStorage: self.allowUnencryptedStorage)
        // Before anybody signs in in vain.
        guard let storage = await options.tokenCache.backend() else { throw Self.noStorage }
        let authorityHost = options.authorityHost?.description ?? options.cloud?.authorityHost.description
        let authority = authorityHost ?? environment["AZURE_AUTHORITY_HOST"]
        let scopes = self.scopes(authority: authority, cloud: options.cloud)
        let context = scopes.isEmpty ? nil : TokenRequestContext(scopes: scopes, claims: self.claims)
        let person = PeopleCredentials(
            tenantID: self.tenantID, clientID: self.clientID, options: options, timeout: self.timeout)
        let record =
            self.deviceCode
            ? try await person.deviceCode().authenticate(for: context)
            : try await self.browserCredential(person).authenticate(for: context)
        try file.write(
            AzidAccount(
                record: record,
                authorityHost: authority,
                allowsUnencryptedStorage: self.allowUnencryptedStorage
            ))
        try self.announce(storage)
    }

    /// Signs in by the system's broker, which keeps the tokens: what is written is who it was.
    private func signInByBroker(_ environment: EnvironmentVariables, logging: LoggingOptions) async throws {
        let file = try AccountFile.broker(environment)
        let options = try await self.cloud.options(environment: environment, logging: logging, timeout: self.timeout)
        var own = BrokerCredential.Options(credentialOptions: options, tenantID: self.tenantID, clientID: self.clientID)
        own.loginHint = self.username
        if let timeout = self.timeout { own.timeout = .seconds(timeout) }
        let authorityHost = options.authorityHost?.description ?? options.cloud?.authorityHost.description
        let authority = authorityHost ?? environment["AZURE_AUTHORITY_HOST"]
        let scopes = self.scopes(authority: authority, cloud: options.cloud)
        let context = scopes.isEmpty ? nil : TokenRequestContext(scopes: scopes, claims: self.claims)
        Console.printNote("Sign in in the window of the system's broker, if it shows one. Ctrl-C gives up.")
        let record = try await BrokerCredential(options: own).authenticate(for: context)
        try file.write(AzidAccount(record: record, authorityHost: authority))
        Console.printNote("Signed in. Tokens: azid token --credential broker --scope S.")
        guard self.output == .json else { return }
        try Console.printResult(try OutputFormat.encoded(Report(credential: "BrokerCredential", storage: "broker")))
    }

    /// What to ask for: what flags say, else the resource manager of the cloud. Authorities that nobody knows, the emulator among them, are
    /// taken for the public cloud's. None for a cloud whose resource manager isn't known.
    private func scopes(authority: String?, cloud: AzureCloud?) -> [String] {
        if !self.scope.isEmpty { return self.scope }
        let host = authority.flatMap { try? AuthorityHost($0) }
        let clouds = [AzureCloud.usGovernment, .china, .bleu, .delos, .govSG]
        guard let known = cloud ?? clouds.first(where: { $0.authorityHost == host }) else {
            return ["https://management.azure.com/.default"]
        }
        return known.resourceManager.map { ["\($0)/.default"] } ?? []
    }

    private static var noStorage: AuthenticationError {
        AuthenticationError(
            .invalidConfiguration,
            credential: "azid",
            message: """
                Nothing here can keep tokens encrypted: no keyring of a desktop that is open, and no right to the kernel's, as in many containers. \
                --allow-unencrypted-storage keeps them in a file for you alone.
                """
        )
    }

    private func browserCredential(_ person: PeopleCredentials) -> InteractiveBrowserCredential {
        Console.printNote("Sign in in the browser that opens\(self.browser ? "" : ", if there is one"). Ctrl-C gives up.")
        return person.browser(redirectURL: self.redirectURL, username: self.username, fallsBack: !self.browser)
    }

    private func announce(_ storage: PersistentTokenCacheBackend) throws {
        Console.printNote("Signed in. Tokens: azid token --credential azid --scope S. Who you are: azid accounts.")
        guard self.output == .json else { return }
        let credential = self.deviceCode ? "DeviceCodeCredential" : "InteractiveBrowserCredential"
        try Console.printResult(try OutputFormat.encoded(Report(credential: credential, storage: storage.description)))
    }
}
#endif
