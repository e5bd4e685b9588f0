// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

public import AzureCredentials
import AzureHTTP

/// Looks at the place a program runs in, says what keeps credentials from getting a token, the likeliest cause first, and what to do about it.
///
/// ```swift
/// let report = try await IdentityDoctor(options: .init(scopes: ["https://vault.azure.net/.default"])).examine()
/// for finding in report.findings { print(finding.summary, finding.remedy?.text ?? "") }
/// ```
///
/// The same as `azid doctor`, for a program that offers it to its operators. It looks at the host, the variables, the files that they name, the
/// developer tools, the proxy, the way to Microsoft Entra ID and who signed its certificate, the clock, the metadata service, and at each member
/// of the default chain; with scopes, it asks each member for a token, and tells whom the tokens are for.
///
/// **What it does to the machine.** Nothing: it reads, asks and runs the tools' commands that show their state. It asks no person. One request
/// goes to the authority host, without any credentials; one to the metadata service where a chain would make one too. Where a credential
/// uses them, the system's broker is asked for its accounts, and the secret store for what Visual Studio Code has left. Tokens are got only
/// with ``IdentityDoctorOptions/scopes``, or for ``IdentityDoctorOptions/isDeep``, and dropped. With an exception: ``AzidCredential`` and
/// ``SharedTokenCacheCredential`` have a cache that they share with other programs. Asked for a token, they may answer from it, and put into it
/// what they had to renew.
///
/// **What it shows.** No token, no secret, no value of a header or of a variable that could be either; names of people are masked. Paths are
/// shown, and a home directory in one is often named after whom it belongs to. A report can be pasted into an issue.
///
/// **How long it takes.** As long as its options allow, five seconds by default; what wasn't looked at by then is told. Everything runs at the same
/// time. Cancelling the task ends it at once.
///
/// Reads the variables that the credentials read, besides those that proxies and platforms go by. Keeps nothing.
public struct IdentityDoctor: Sendable {
    /// What is looked at, and for how long.
    public typealias Options = IdentityDoctorOptions

    /// How far an examination has come.
    public struct Progress: Sendable, Hashable {
        /// How many parts of it have come to their end.
        public let finished: Int
        /// How many parts there are.
        public let total: Int
        /// What was looked at last, in a few words.
        public let last: String
    }

    private let subject: DoctorSubject
    private let options: Options

    /// Examines the default chain.
    ///
    /// - Parameter options: What is looked at, and for how long.
    public init(options: Options = .init()) {
        var chain = options.chain
        // A kept token would say nothing about now, and another's cache is none of ours.
        chain.credentialOptions.tokenCache = .inMemory
        if chain.credentialOptions.retry == .default { chain.credentialOptions.retry = Self.retry }
        if chain.processTimeout == nil { chain.processTimeout = Self.processTimeout(within: options.timeout) }
        self.init(subject: DoctorSubject(DefaultAzureCredential(options: chain), name: nil), options: options)
    }

    /// Examines one credential, or a chain of your own.
    ///
    /// - Parameters:
    ///   - credential: The credential. What it keeps is part of the answer, so make one for the occasion, with a cache of its own.
    ///   - name: What the report calls it; `nil`: by its type.
    ///   - options: What is looked at, and for how long. Their chain isn't asked; its variables and network are what is looked at.
    public init(credential: any TokenCredential, name: String? = nil, options: Options = .init()) {
        self.init(subject: DoctorSubject(credential, name: name), options: options)
    }

    /// Examines a place where a credential couldn't even be made.
    ///
    /// - Parameters:
    ///   - failure: Why not.
    ///   - name: The type name of the credential.
    ///   - options: What is looked at, and for how long.
    package init(failure: AuthenticationError, name: String, options: Options = .init()) {
        self.init(subject: DoctorSubject(failure: failure, name: name), options: options)
    }

    /// As often as usual, but so soon that what comes of it is known in the time that there is.
    package static let retry = RetryOptions(baseDelay: .milliseconds(200), maximumDelay: .seconds(1))

    /// How long a run of a tool may take, so that it can still be told that it took too long.
    package static func processTimeout(within limit: Duration) -> Duration {
        min(limit * 7 / 10, .seconds(13))
    }

    private init(subject: DoctorSubject, options: Options) {
        self.subject = subject
        self.options = options
    }

    /// Looks at everything, and judges it.
    ///
    /// - Parameter onProgress: Told of each part that has come to its end; from any thread, of one after the other, and never when this has returned.
    ///   It should come back at once: what is left of the examination waits for it.
    /// - Returns: The report. That something is wrong is no error.
    /// - Throws: `CancellationError`.
    public func examine(onProgress: (@Sendable (Progress) -> Void)? = nil) async throws -> Report {
        let credentialOptions = self.options.chain.credentialOptions
        let host = credentialOptions.host
        let (start, date) = (host.clock.now, host.clock.date)
        let selection = HostSelection.select(host.environment, facts: host.facts)
        let place = DoctorPlace(
            host: host,
            options: credentialOptions,
            selection: selection,
            subject: self.subject,
            scopes: self.options.scopes,
            requestTenantID: self.options.requestTenantID,
            isDeep: self.options.isDeep,
            showsAccounts: self.options.showsAccounts,
            deadline: start + self.options.timeout
        )
        let examination = DoctorExamination(place)
        let door = ProgressDoor(onProgress)
        defer { door.close() }
        let isComplete = try await examination.run(within: self.options.timeout) { door.tell($0) }
        let redaction = DoctorRedaction(
            host.environment,
            proxy: credentialOptions.network.proxy,
            isThere: { host.stamp($0) != nil },
            showsAccounts: self.options.showsAccounts
        )
        return examination.report(
            redaction, date: date, duration: host.clock.now - start, isComplete: isComplete)
    }
}

/// Passes on how far an examination has come, until it has returned: what it leaves behind may go on.
final class ProgressDoor: Sendable {
    private let listener: (@Sendable (IdentityDoctor.Progress) -> Void)?
    private let isOpen = Locked(true)

    init(_ listener: (@Sendable (IdentityDoctor.Progress) -> Void)?) { self.listener = listener }

    func tell(_ progress: IdentityDoctor.Progress) {
        self.isOpen.withLock { isOpen in
            if isOpen { self.listener?(progress) }
        }
    }

    /// From now on, nobody is told of anything.
    func close() { self.isOpen.withLock { $0 = false } }
}
