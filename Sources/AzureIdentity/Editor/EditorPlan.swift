// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What Visual Studio Code has left on this machine, as it was at one look.
struct EditorFiles: Sendable {
    /// Who is signed in to the extension Azure Resources; `nil`: nobody.
    let record: Result<AuthenticationRecord, EditorProblem>?
    /// What the settings say to the extension Azure Account; `nil`: the editor was never started here.
    let settings: Result<EditorSettings, EditorProblem>?

    /// Looks. Reads two files at most, of bounded size and regular ones alone.
    ///
    /// - Parameters:
    ///   - places: Where they are.
    ///   - host: The machine.
    init(_ places: EditorPlaces, host: Host) {
        self.record = places.records.first { host.stamp($0) != nil }.map { path in
            Self.read(
                path, limit: EditorRecord.limit, tooLarge: EditorRecord.tooLarge, "the authentication record", EditorRecord.record
            )
        }
        let hasSettings = places.settings.map { host.stamp($0) != nil } ?? false
        guard hasSettings || places.userFolder.map({ host.stamp($0) != nil }) ?? false else {
            self.settings = nil
            return
        }
        guard hasSettings, let path = places.settings else {
            self.settings = .success(.usual)
            return
        }
        let title = "the settings of Visual Studio Code"
        self.settings = Self.read(
            path, limit: EditorSettings.limit, tooLarge: "\(title) are unexpectedly large", title
        ) { bytes throws(EditorProblem) in try EditorSettings(bytes) }
    }

    private static func read<Value>(
        _ path: String,
        limit: Int,
        tooLarge: String,
        _ title: String,
        _ parse: ([UInt8]) throws(EditorProblem) -> Value
    ) -> Result<Value, EditorProblem> {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try Host.contents(ofFile: path, limit: limit)
        } catch {
            return .failure(EditorProblem(reason: error.isTooLarge ? tooLarge : "\(title) can't be read: \(error.reason)"))
        }
        do throws(EditorProblem) {
            return .success(try parse(bytes))
        } catch {
            return .failure(error)
        }
    }
}

/// Which ways to the editor's account there are, by what was found and how the credential is configured. Pure.
struct EditorPlan: Sendable {
    /// How the credential is configured.
    struct Configuration: Sendable {
        /// The tenant of the credential; `nil`: the account's.
        var tenantID: String?
        /// Whether there is a way to a broker.
        var hasBroker: Bool
        var options: CredentialOptions
        /// The variables.
        var environment: EnvironmentVariables
    }

    /// The tenant that tokens are asked from.
    let tenantID: String
    /// The way of today: the account of the extension Azure Resources, by the broker; or what is missing for it.
    let broker: Result<AuthenticationRecord, EditorProblem>
    /// The older way: the refresh token that the extension Azure Account has kept; or what is missing for it.
    let older: Result<EditorSettings, EditorProblem>
    /// Who is signed in, whether or not a broker can be asked: nobody else's token is given out. Where a record is there and names nobody, or
    /// somebody of another cloud, none is by the older way.
    let record: AuthenticationRecord?
    /// Whether the editor was ever started here.
    let hasEditor: Bool
    /// Whether the extension Azure Resources has left a record, whatever is in it.
    let hasRecord: Bool
    /// Whether the program has given the credential a broker.
    let hasBroker: Bool

    init(_ files: EditorFiles, configuration: Configuration) {
        let checked = files.record.map { record in record.flatMap { Self.checked($0, configuration) } }
        self.record = try? checked?.get()
        self.broker = Self.broker(checked, hasBroker: configuration.hasBroker)
        if case .failure? = checked {
            // There is somebody signed in, and nobody knows who: the older way may be somebody else's.
            self.older = .failure(EditorProblem(reason: "it isn't used, since it may have another account than the record"))
        } else {
            self.older = (files.settings ?? .failure(Self.noEditor)).flatMap { Self.checked($0, configuration) }
        }
        self.hasEditor = files.settings != nil
        self.hasRecord = files.record != nil
        self.hasBroker = configuration.hasBroker
        let chosen = (try? self.older.get())?.tenantID
        let signedIn = self.record?.tenantID
        self.tenantID =
            configuration.tenantID ?? (configuration.hasBroker ? signedIn ?? chosen : chosen ?? signedIn)
            ?? UserEngine.anyOrganization
    }

    /// Whether the tenant is one that nobody signs in to here.
    var isADFS: Bool { Authority.isADFS(self.tenantID) }

    /// Whether there is any way at all.
    var hasWay: Bool { (try? self.broker.get()) != nil || (try? self.older.get()) != nil }

    /// The options with the authority that a record or the settings name, where nothing else names one.
    static func options(
        _ options: CredentialOptions,
        at host: AuthorityHost,
        environment: EnvironmentVariables
    ) -> CredentialOptions {
        guard !Self.namesAuthority(options, environment) else { return options }
        var options = options
        options.authorityHost = host
        return options
    }

    private static let anotherCloud = "azure.cloud in the settings of Visual Studio Code is another cloud than the credential's"
    private static let noEditor = EditorProblem(reason: "Visual Studio Code was never started by this user")

    private static func broker(
        _ record: Result<AuthenticationRecord, EditorProblem>?,
        hasBroker: Bool
    ) -> Result<AuthenticationRecord, EditorProblem> {
        let noBroker =
            "a broker: this program has given the credential none (BrokeredSignIn.system of the product AzureIdentityBroker)"
        switch record {
        case nil:
            let nobody =
                "the user to be signed in to Azure via Visual Studio Code: there is no authentication record of the extension Azure Resources"
            return .failure(EditorProblem(reason: hasBroker ? nobody : "\(nobody); and \(noBroker)"))
        case .failure(let problem)?:
            let unusable = "a good authentication record: \(problem.reason)"
            return .failure(EditorProblem(reason: hasBroker ? unusable : "\(unusable); and \(noBroker)"))
        case .success(let record)?: return hasBroker ? .success(record) : .failure(EditorProblem(reason: noBroker))
        }
    }

    private static func namesAuthority(_ options: CredentialOptions, _ environment: EnvironmentVariables) -> Bool {
        options.authorityHost != nil || options.cloud != nil || environment["AZURE_AUTHORITY_HOST"] != nil
    }

    /// A record, if it is of the credential's cloud, or of a known one where the credential names none: what a file says leads to no other host.
    private static func checked(
        _ record: AuthenticationRecord,
        _ configuration: Configuration
    ) -> Result<AuthenticationRecord, EditorProblem> {
        guard Self.namesAuthority(configuration.options, configuration.environment) else {
            guard KnownAuthorities.clouds[record.authority] != nil else {
                return .failure(EditorProblem(reason: "its authority is no known host of Microsoft Entra ID"))
            }
            return .success(record)
        }
        let authority = try? Authority(options: configuration.options, environment: configuration.environment)
        guard authority?.environments.contains(record.authority) ?? false else {
            return .failure(EditorProblem(reason: "it is of another cloud than the credential's"))
        }
        return .success(record)
    }

    /// Settings, if they don't name another cloud than the credential. At a host that no cloud knows, only if the options name it and the settings
    /// no cloud but the usual one.
    private static func checked(
        _ settings: EditorSettings,
        _ configuration: Configuration
    ) -> Result<EditorSettings, EditorProblem> {
        guard Self.namesAuthority(configuration.options, configuration.environment) else { return .success(settings) }
        let authority = try? Authority(options: configuration.options, environment: configuration.environment)
        let own = authority.flatMap { KnownAuthorities.clouds[$0.environment] }
        guard let own else {
            // The stored refresh token is sent there: who sets a variable doesn't decide that.
            let isGiven = configuration.options.authorityHost != nil || configuration.options.cloud != nil
            guard isGiven, settings.cloud == .usual else {
                let unknown = "the authority host is of no known cloud, and only a variable names it, not the options"
                return .failure(EditorProblem(reason: isGiven ? Self.anotherCloud : unknown))
            }
            return .success(settings)
        }
        guard own == KnownAuthorities.clouds[settings.cloud.authorityHost.name] else {
            return .failure(EditorProblem(reason: Self.anotherCloud))
        }
        return .success(settings)
    }
}

extension Result where Failure == EditorProblem {
    /// What is missing; `nil`: nothing.
    var problem: EditorProblem? {
        guard case .failure(let problem) = self else { return nil }
        return problem
    }
}
