// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// What probes look at.
struct DoctorPlace: Sendable {
    let host: Host
    let options: CredentialOptions
    let selection: HostSelection
    let subject: DoctorSubject
    let scopes: [String]
    let requestTenantID: String?
    let isDeep: Bool
    let showsAccounts: Bool
    /// When the last probe has to have come to its end.
    let deadline: MonotonicTime

    /// How long a probe may take now: less than there is, so that it can say itself that the time was up, and end what it has started.
    var limit: Duration {
        let rest = self.deadline - self.host.clock.now
        return max(rest - max(rest / 5, .milliseconds(250)), .milliseconds(50))
    }
}

/// What a probe has found.
struct DoctorFindings: Sendable {
    var observations: [IdentityDoctor.Observation] = []
    var complaints: [DoctorComplaint] = []
    /// What became of members, by their names.
    var members: [String: MemberFinding] = [:]

    /// What became of one.
    struct MemberFinding: Sendable {
        let outcome: DoctorMember.Outcome
        var duration: Duration?
    }

    mutating func observe(_ area: IdentityDoctor.Area, _ subject: String, _ state: IdentityDoctor.State, _ text: String) {
        self.observations.append(.init(area: area, subject: subject, state: state, text: text))
    }

    mutating func note(_ name: String, _ outcome: DoctorMember.Outcome, after duration: Duration? = nil) {
        self.members[name] = MemberFinding(outcome: outcome, duration: duration)
    }
}

/// Looks at one thing. Changes nothing, and ends when its task is cancelled or the place's limit is reached.
protocol DoctorProbe: Sendable {
    /// What it looks at, for who waits and for what is said if there was no time.
    var subject: String { get }
    var area: IdentityDoctor.Area { get }

    func examine(_ place: DoctorPlace) async -> DoctorFindings
}

/// Hides what no report may show. Pure.
struct DoctorRedaction: Sendable {
    private let secrets: [String]
    /// The directory of the user, whose name often is the last part of it; empty: not known.
    private let home: String
    private let showsAccounts: Bool

    /// Ends of names of variables whose values are taken for secrets.
    private static let secretEnds = ["SECRET", "PASSWORD", "PASSWD", "TOKEN", "KEY", "HEADER"]

    /// - Parameters:
    ///   - environment: The variables, for the values of those that hold secrets.
    ///   - proxy: The proxy that the program names itself.
    ///   - isThere: Whether a file has a name: what a variable that names one holds besides is no path, and often a secret.
    ///   - showsAccounts: Whether names of people are shown.
    init(
        _ environment: EnvironmentVariables, proxy: ProxyServer? = nil, isThere: (String) -> Bool = { _ in false },
        showsAccounts: Bool
    ) {
        let known = SecretVariables.ofApplications.union(SecretVariables.ofHosts)
        var secrets: [String] = []
        for (name, value) in environment.dictionary {
            let isSecret = known.contains(name)
            // A short value of an unknown variable may be a word of every second sentence.
            guard isSecret || (Self.isSecretName(name) && value.utf8.count >= 8) else { continue }
            secrets += [value, HostileText.trimmed(value), HostileText.trimmed(value).trimmingQuotes]
        }
        for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"] {
            guard let value = environment[name] else { continue }
            secrets += Self.secrets(ofProxy: value)
        }
        secrets += Self.secrets(proxy) + PathValue.hidden(environment, isThere: isThere).flatMap { PathValue.traces(of: $0) }
        self.secrets = Set(secrets).filter { !Self.isWord($0) }
        self.home = HostileText.sanitized(environment["HOME"].map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? "")
        self.showsAccounts = showsAccounts
    }

    /// What may be a secret in a proxy's URL, whether this library can use it or not: what stands before the last @, and so the whole.
    private static func secrets(ofProxy value: String) -> [String] {
        let rest = value.firstRange(of: "://").map { value[$0.upperBound...] } ?? value[...]
        guard let end = rest.lastIndex(of: "@") else { return [] }
        let parts = rest[..<end].split(separator: ":", maxSplits: 1).map { String($0) }
        let whole = [value, HostileText.trimmed(value), String(rest[..<end])]
        return whole + parts + Self.secrets(try? ProxyServer("http://" + String(rest)))
    }

    private static func secrets(_ proxy: ProxyServer?) -> [String] {
        guard let credentials = proxy?.credentials else { return [] }
        return [credentials.user, credentials.password].flatMap { FormEncoding.echoes(of: $0.revealed) }
    }

    /// Whether a value is nothing but a word, as `token` or `PATH` is: hidden in the doctor's own sentences, the gaps would tell what it is.
    private static func isWord(_ text: String) -> Bool {
        let letters = text.utf8
        return letters.count < 12
            && (letters.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
                || letters.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    }

    /// The text with `~` for the user's directory.
    private func withoutHome(_ text: String) -> String {
        guard self.home.hasPrefix("/"), self.home.utf8.count > 2 else { return text }
        let parts = text.split(separator: self.home, omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(parts.first.map { String($0) } ?? "") { result, part in
            // The name of another directory may begin so.
            let goesOn = part.utf8.first.map { TenantID.isLetterOrDigit($0) || "-_".utf8.contains($0) } ?? false
            return result + (goesOn ? self.home : "~") + part
        }
    }

    private static func isSecretName(_ name: String) -> Bool {
        let name = name.uppercased()
        return self.secretEnds.contains { name.hasSuffix("_\($0)") || name == $0 }
    }

    /// A text as it may be shown, in one line.
    ///
    /// - Parameters:
    ///   - text: The text, as long as it is: what is cut off before would leave the beginning of a secret or a name.
    ///   - limit: The most scalars to keep.
    func shown(_ text: String, limit: Int = HostileText.defaultLimit) -> String {
        // Room for a name that the limit would cut.
        let clean = HostileText.sanitized(text, removing: self.secrets, limit: limit + 320)
        return HostileText.sanitized(
            self.showsAccounts ? clean : AccountText.redacted(self.withoutHome(clean)), limit: limit)
    }

    func shown(_ remedy: AuthenticationError.Remedy) -> AuthenticationError.Remedy {
        var remedy = remedy
        remedy.text = self.shown(remedy.text)
        remedy.commands = remedy.commands.map { $0.map { self.shown($0) } }
        return remedy
    }
}

extension String {
    /// The text without the quotation marks around it; the text itself if there are none.
    var trimmingQuotes: String {
        guard self.count >= 2, let first = self.first, first == self.last, first == "\"" || first == "'" else { return self }
        return String(self.dropFirst().dropLast())
    }
}
