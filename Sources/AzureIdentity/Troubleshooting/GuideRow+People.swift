// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

/// The rows on people who sign in.
extension GuideRow {
    /// What to do where a person signs in (row G17); `nil` for other rows.
    var peopleText: String? {
        switch self {
        case .g17:
            """
            Check the user name and the password, and that the account is one of the tenant's. Signing in with a password is deprecated, and \
            fails for accounts with multifactor authentication: have people sign in with InteractiveBrowserCredential or \
            DeviceCodeCredential, and give programs an identity of their own.
            """
        default: nil
        }
    }

    /// A page that says more about people who sign in; `nil` for other rows.
    var peopleLink: String? {
        switch self {
        case .g17: "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc"
        default: nil
        }
    }
}

/// What Microsoft Entra ID wants of a person, or has against one, by the code of its refusal. Pure, and for remedies alone: codes may change.
enum SignInTrouble: CaseIterable, Sendable {
    /// Another proof than the password, or a newer one.
    case multifactor
    /// The other proof has to be set up first.
    case multifactorSetUp
    /// Nobody has allowed the application what it asks for.
    case consent
    /// The person has refused to.
    case consentRefused
    /// The sign-in is too old, by time or by a rule of the tenant's.
    case signInExpired
    /// The sign-in was ended: a new password, or an administrator.
    case signInRevoked
    case passwordExpired
    case unknownAccount
    case accountDisabled
    case accountLocked
    /// The account isn't one of those that may use the application.
    case notAssigned
    /// A rule of the tenant's doesn't let the person in from this device, place or application.
    case blocked

    /// - Parameter code: The number behind `AADSTS`.
    init?(code: Int) {
        switch code {
        case 50_074, 50_076, 50_078, 50_158: self = .multifactor
        case 50_072, 50_079: self = .multifactorSetUp
        case 65_001, 90_094: self = .consent
        case 65_004: self = .consentRefused
        case 70_008, 70_043, 70_044, 700_082, 700_084: self = .signInExpired
        case 50_132, 50_133, 50_173: self = .signInRevoked
        case 50_055: self = .passwordExpired
        case 50_034: self = .unknownAccount
        case 50_057: self = .accountDisabled
        case 50_053: self = .accountLocked
        case 50_105: self = .notAssigned
        case 53_000...53_004, 530_031...530_036: self = .blocked
        default: return nil
        }
    }

    /// Whether signing in again, as the page asks, may mend it.
    var isMendedBySignIn: Bool {
        switch self {
        case .multifactor, .multifactorSetUp, .consent, .signInExpired, .signInRevoked, .passwordExpired: true
        case .consentRefused, .unknownAccount, .accountDisabled, .accountLocked, .notAssigned, .blocked: false
        }
    }

    /// What has happened and who can mend it, in a sentence.
    var text: String {
        switch self {
        case .multifactor: "The account needs multifactor authentication for this."
        case .multifactorSetUp: "The person has to set up multifactor authentication first, which the sign-in page helps with."
        case .consent:
            """
            The application isn't allowed what it asks for: the person has to consent when signing in, or an administrator for the tenant.
            """
        case .consentRefused:
            "The person didn't allow the application what it asks for. Ask for less, or have an administrator consent."
        case .signInExpired: "The sign-in has expired, by its age or by a rule of the tenant's."
        case .signInRevoked: "The sign-in was ended, by a new password or by an administrator."
        case .passwordExpired: "The password has expired: it is changed on the sign-in page, in a browser."
        case .unknownAccount:
            "The tenant doesn't know the account: check the user name and the tenant, or have the account invited as a guest."
        case .accountDisabled: "The account is disabled: an administrator of the tenant can turn it on."
        case .accountLocked: "The account is locked after too many attempts, or the address is. Wait before you try again."
        case .notAssigned: "The account isn't assigned to the application: an administrator of the tenant can assign it."
        case .blocked:
            """
            Conditional access doesn't let the person in from this device, place or application: use one that the tenant's rules allow, or \
            ask its administrator.
            """
        }
    }
}

extension Guide {
    /// The remedy of a refusal that is about a person; `nil` if it isn't, or if row G17 says what to do.
    static func peopleRemedy(for error: AuthenticationError, facts: GuideFacts) -> AuthenticationError.Remedy? {
        guard let service = error.serviceError else {
            return error.code == .authenticationRequired ? Self.signInRemedy : nil
        }
        let known = service.codes.lazy.compactMap { code in SignInTrouble(code: code).map { (code, $0) } }.first
        guard let (code, trouble) = known else {
            // The word counts, also for codes that nobody here knows.
            guard service.error == "interaction_required" || service.error == "consent_required" else { return nil }
            return Self.remedy(
                ["A person has to sign in again.", Self.advice(facts.proof)], guide: .g04, code: service.codes.first)
        }
        if trouble == .unknownAccount, facts.proof == .password { return nil }
        let isDeadEnd = facts.proof == .password && (trouble == .multifactor || trouble == .multifactorSetUp)
        var remedy = Self.remedy(
            [trouble.text] + (trouble.isMendedBySignIn ? [Self.advice(facts.proof)] : []),
            guide: isDeadEnd ? .g17 : .g04,
            code: code
        )
        if trouble == .consent, let clientID = facts.clientID.flatMap(Self.ownApplication) {
            remedy.commands = [["az", "ad", "app", "permission", "admin-consent", "--id", clientID]]
        }
        return remedy
    }

    /// The remedy of a credential that needs a person and may not ask.
    private static var signInRemedy: AuthenticationError.Remedy {
        self.remedy(
            [
                """
                Call authenticate(for:) with this error's context, where a person can be asked. Afterwards tokens come without asking, for \
                as long as the sign-in is good.
                """
            ],
            guide: .g02,
            code: nil
        )
    }

    /// How a sign-in is brought about, by who needs it.
    private static func advice(_ proof: GuideFacts.Proof?) -> String {
        switch proof {
        case .password:
            """
            A password alone can't do that: have the person sign in with InteractiveBrowserCredential or DeviceCodeCredential. A program that \
            runs without people needs an identity of its own.
            """
        case .secret, .certificate, .assertion, .workloadIdentity, .pipelines:
            """
            Only the client can ask the person: answer it with 401 and this error's claims in WWW-Authenticate \
            (Bearer error="insufficient_claims", claims in base64), and go on with the token that it comes back with.
            """
        case .person, nil:
            "Sign in again: authenticate(for:), with the claims of this error in the request, and do what the page asks."
        }
    }

    /// An application that somebody has registered: a GUID, and not the one that stands in where none is given, which isn't anybody's to change.
    private static func ownApplication(_ clientID: String) -> String? {
        let isGUID =
            clientID.utf8.count == 36 && clientID.utf8.allSatisfy { TenantID.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        guard isGUID, !clientID.hasPrefix("-"), clientID.lowercased() != "04b07795-8ddb-461a-bbee-02f9e1bf7b46" else {
            return nil
        }
        return clientID
    }

    private static func remedy(_ sentences: [String], guide: GuideRow, code: Int?) -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: guide.rawValue,
            text: sentences.joined(separator: " "),
            link: code.map(Self.link(code:)) ?? guide.link
        )
    }
}

extension Guide {
    /// The remedy of a sign-in whose code wasn't used in time.
    static var expiredCodeRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g04.rawValue,
            text:
                "Ask again, which brings a new code, and sign in before it expires. A longer time-out doesn't make a code last longer.",
            link: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code"
        )
    }

    /// The remedy of a sign-in that the person has declined.
    static var declinedRemedy: AuthenticationError.Remedy {
        AuthenticationError.Remedy(
            guide: GuideRow.g04.rawValue,
            text:
                "The person has declined the sign-in. Ask again only if that was a mistake; a code that somebody else sent you isn't yours.",
            link: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code"
        )
    }
}
