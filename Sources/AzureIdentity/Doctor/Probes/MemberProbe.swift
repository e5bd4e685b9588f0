// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// Finds out what a member of the chain would do: whether it is set up, and where scopes are given, whether it gives a token.
struct MemberProbe: DoctorProbe {
    let member: ChainMember
    let area = IdentityDoctor.Area.credentials

    var subject: String { self.member.name }

    /// What the guide's own checks ask for, in the public cloud and where nobody knows the cloud.
    private static let management = "https://management.core.windows.net/.default"

    func examine(_ place: DoctorPlace) async -> DoctorFindings {
        var findings = DoctorFindings()
        let start = place.host.clock.now
        if let outcome = await self.obstacle() {
            findings.note(self.member.name, outcome)
            return findings
        }
        if self.member.asksPeople {
            var outcome = DoctorMember.Outcome.ready(note: "not asked: a person would have to sign in")
            if let absence = await self.member.absence?(place.limit) { outcome = .unfit(absence) }
            findings.note(self.member.name, outcome, after: place.host.clock.now - start)
            return findings
        }
        let outcome: DoctorMember.Outcome
        if !place.scopes.isEmpty {
            async let check = self.check(place)
            outcome = await self.ask(for: place.scopes, place)
            if let check = await check { findings.observations.append(check.observation) }
        } else if let check = await self.check(place) {
            outcome = check.outcome
            findings.observations.append(check.observation)
        } else if let absence = await self.member.absence?(place.limit) {
            outcome = .unfit(absence)
        } else {
            findings.note(self.member.name, .ready(note: "set up; not asked for a token"))
            return findings
        }
        findings.note(self.member.name, outcome, after: place.host.clock.now - start)
        return findings
    }

    /// Why it isn't asked, by what is known without a request.
    private func obstacle() async -> DoctorMember.Outcome? {
        if let reason = self.member.skipped { return .leftOut(reason: reason) }
        if let reason = self.member.exclusion?([]) { return .leftOut(reason: reason) }
        do {
            try self.member.validate()
        } catch let error {
            return self.outcome(of: error, isBeforehand: true)
        }
        if let error = await self.member.look?() { return .unfit(error) }
        return nil
    }

    private func ask(for scopes: [String], _ place: DoctorPlace) async -> DoctorMember.Outcome {
        var context = TokenRequestContext(scopes: scopes)
        context.tenantID = place.requestTenantID
        // Who has no answer in time is asked whether there is anybody at all, which is known within a second.
        let reserve: Duration = self.member.absence == nil ? .zero : .seconds(1)
        context.timeout = max(place.limit - reserve, .milliseconds(50))
        do {
            let token = try await self.member.token(context)
            return .token(DoctorIdentity.identity(of: token, showsAccounts: place.showsAccounts))
        } catch let error {
            // The time is the examination's: the credential alone would have had more.
            if (error as? AuthenticationError)?.code == .timedOut {
                if let absence = await self.member.absence?(place.limit) { return .unfit(absence) }
                return .unanswered
            }
            return self.outcome(of: error, isBeforehand: false)
        }
    }

    private func outcome(of error: any Error, isBeforehand: Bool) -> DoctorMember.Outcome {
        guard let error = AuthenticationError.wrapping(error, credential: self.member.name) as? AuthenticationError else {
            return .unanswered
        }
        return isBeforehand || error.isUnavailable ? .unfit(error) : .failed(error)
    }

    // MARK: The guide's own checks

    /// The row by which it is checked by hand; `nil`: there is none.
    private func verificationRow(_ place: DoctorPlace) -> GuideRow? {
        switch self.member.credentialType {
        case "AzureCLICredential": return .g35
        case "AzureDeveloperCLICredential": return .g37
        case "AzurePowerShellCredential": return .g40
        case "ManagedIdentityCredential": break
        default: return nil
        }
        switch place.selection.source {
        case .metadata: return .g27
        case .appService, .appService2017: return .g29
        default: return nil
        }
    }

    /// Does what the row's commands do, by the credential itself; `nil`: it isn't to be done. The token is dropped.
    private func check(
        _ place: DoctorPlace
    ) async -> (outcome: DoctorMember.Outcome, observation: IdentityDoctor.Observation)? {
        guard place.isDeep, let row = self.verificationRow(place) else { return nil }
        let outcome = await self.ask(for: [Self.resource(place)], place)
        let area: IdentityDoctor.Area = row == .g27 || row == .g29 ? .metadata : .tools
        func observed(_ state: IdentityDoctor.State, _ text: String) -> IdentityDoctor.Observation {
            .init(area: area, subject: "check by a token", state: state, text: text)
        }
        if case .token = outcome {
            let seen = observed(.good, "\(self.member.name) gave a token, which isn't shown")
            return (.ready(note: "checked: it gives tokens"), seen)
        }
        guard let error = outcome.error else {
            return (outcome, observed(.unknown, "\(self.member.name) gave no answer in the time that there was"))
        }
        let text = "\(self.member.name) gave no token, as by row \(row.rawValue): \(error.reason)"
        return (outcome, observed(.bad, text))
    }

    /// The resource manager of the cloud, which everybody who signs in may ask for.
    static func resource(_ place: DoctorPlace) -> String {
        let cloud = (try? Authority(options: place.options, environment: place.host.environment))?.cloud
        guard let resource = cloud?.resourceManager, resource != AzureCloud.publicCloud.resourceManager else {
            return Self.management
        }
        return resource + "/.default"
    }
}

/// Whom a token is for. Pure.
enum DoctorIdentity {
    /// The most names of roles or scopes that are told.
    private static let listLimit = 50

    static func identity(of token: AccessToken, showsAccounts: Bool) -> IdentityDoctor.Identity {
        let claims = token.unverifiedClaims
        func shown(_ text: String?) -> String? { text.map { HostileText.sanitized($0, limit: 200) } }
        func list(_ texts: [String]?) -> [String] { (texts ?? []).prefix(Self.listLimit).compactMap { shown($0) } }
        let userName = token.provenance?.userName ?? claims?.userName
        return IdentityDoctor.Identity(
            tenantID: shown(token.provenance?.tenantID ?? claims?.tenantID),
            objectID: shown(token.provenance?.objectID ?? claims?.objectID),
            clientID: shown(claims?.clientID ?? token.provenance?.clientID),
            userName: userName.flatMap { showsAccounts ? shown($0) : AccountText.mark },
            roles: list(claims?.roles),
            scopes: list(claims?.scopes),
            expiresOn: token.expiresOn
        )
    }
}
