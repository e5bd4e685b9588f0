// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// The errors of a sign-in by a browser. Pure.
struct BrowserErrors: Sendable {
    private static let link = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    /// What a service says that would have to ask the person, and was told not to.
    private static let needsPerson: Set<String> = [
        "login_required", "interaction_required", "consent_required", "account_selection_required",
    ]

    /// The type name of the credential.
    let credential: String

    /// No browser can be used here.
    func unavailable(_ problem: BrowserProblem) -> AuthenticationError {
        var error = AuthenticationError.credentialUnavailable(
            "\(self.credential): \(Self.text(problem))", credential: self.credential)
        if case .notOpened(_, let underlying) = problem { error.underlyingError = underlying }
        if case .notListening(.portInUse) = problem {
            error.remedy = Self.remedy(
                .g02, "Close the program that listens at this port, or register a redirect URL with another one.")
        } else {
            error.remedy = Self.remedy(
                .g02,
                """
                Sign in with a code on another device: DeviceCodeCredential, or the option deviceCodeFallback. On a machine with a browser, \
                name it in BROWSER (a command; %s stands for the page), or open the page yourself with the option openURL.
                """,
                variables: BrowserPlan.variables
            )
        }
        return error
    }

    /// Why a browser can't be used, for a log.
    static func text(_ problem: BrowserProblem) -> String {
        switch problem {
        case .headless:
            "No browser can be opened here: this looks like a machine without a screen (none of BROWSER, DISPLAY and WAYLAND_DISPLAY helps)."
        case .noLauncher: "No browser can be opened here: no program that does it was found on the PATH, and BROWSER names none."
        case .notOpened(let reason, _): "The browser could not be opened: \(HostileText.sanitized(reason, limit: 300))."
        case .notListening(.portInUse(let port)): "Port \(port) of localhost, to which the browser comes back, is in use."
        case .notListening(.notBound(let reason)):
            "Nobody can listen on localhost for the browser to come back: \(HostileText.sanitized(reason, limit: 200))."
        case .notListening(.notBuilt): "This build can't listen for the browser to come back: its trait AsyncHTTPClient is off."
        }
    }

    /// Nobody came back.
    func timedOut(_ time: Duration) -> AuthenticationError {
        var error = self.failed(
            "Timed out waiting for user to authenticate: the browser has not come back within \(time.components.seconds) s.")
        error.remedy = Self.remedy(
            .g04,
            """
            Sign in again, in the page that is opened. If the browser says that it can't reach localhost, it runs on another machine: use \
            DeviceCodeCredential there. The option timeout gives more time.
            """
        )
        return error
    }

    /// The first page was asked for twice, so somebody may know the state who isn't meant to.
    var enteredTwice: AuthenticationError {
        var error = self.failed(
            """
            The sign-in was given up: its page was opened twice, so another program or user of this machine may take part in it.
            """
        )
        error.remedy = Self.remedy(
            .g04,
            """
            Sign in again, and open the page once. If that doesn't help, find out what on this machine opens it, or use DeviceCodeCredential.
            """
        )
        return error
    }

    /// The token is somebody else's.
    var foreignToken: AuthenticationError {
        self.failed("The id token was not issued for this sign-in (its nonce is another one), so the token is not used.")
    }

    /// The authority has no page to sign in.
    var noPlace: AuthenticationError {
        self.failed("The authority names no page to sign in by a browser (authorization_endpoint).", code: .invalidConfiguration)
    }

    /// There is no SHA-256.
    var noCryptography: AuthenticationError {
        self.failed("This build can't sign in by a browser: its trait Cryptography is off.", code: .credentialUnavailable)
    }

    /// The browser came back with an error.
    ///
    /// - Parameters:
    ///   - parameters: What it came back with.
    ///   - request: What was asked for.
    ///   - clientID: The application.
    func refusal(_ parameters: RedirectParameters, request: AcquisitionRequest, clientID: String) -> AuthenticationError {
        let word = HostileText.sanitized(parameters["error"] ?? "", limit: 100)
        let text = HostileText.sanitized(parameters["error_description"] ?? "")
        var service = AuthenticationError.ServiceError(error: word, message: text, codes: ServiceText.codes(in: text))
        service.suberror = parameters["error_subcode"].map { HostileText.sanitized($0, limit: 100) }
        service.claims = parameters["claims"].flatMap { claims in
            claims.utf8.count <= TokenRequestContext.maximumClaimsLength && claims.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
                ? claims : nil
        }
        service.errorURL = parameters["error_uri"].map { HostileText.sanitized($0, limit: 300) }
        let code = service.codes.first.map { "\($0) - " } ?? ""
        let needsPerson = Self.needsPerson.contains(word)
        var error = self.failed(
            "\(word)\(text.isEmpty ? "" : ": \(code)\(text)")",
            code: needsPerson ? .authenticationRequired : .authenticationFailed)
        if needsPerson { error.context = request.context }
        error.isRetryable = word == "server_error" || word == "temporarily_unavailable"
        error.serviceError = service
        let facts = GuideFacts(clientID: clientID, proof: .person)
        let remedy = Guide.remedy(for: error, facts: facts)
        // Of who has pressed the button, or a refusal without a code, the guide knows less.
        error.remedy =
            word == "access_denied" && (service.codes.isEmpty || service.suberror == "cancel") ? Self.declinedRemedy : remedy
        return error
    }

    private static var declinedRemedy: AuthenticationError.Remedy {
        self.remedy(
            .g04,
            """
            The sign-in was cancelled, or the person or the tenant doesn't allow the application what it asks for. Sign in again to try once \
            more; where the page says that approval is needed, an administrator of the tenant has to consent.
            """
        )
    }

    private func failed(_ text: String, code: AuthenticationError.Code = .authenticationFailed) -> AuthenticationError {
        AuthenticationError(code, credential: self.credential, message: "\(self.credential): \(text)")
    }

    private static func remedy(_ row: GuideRow, _ text: String, variables: [String] = []) -> AuthenticationError.Remedy {
        AuthenticationError.Remedy(guide: row.rawValue, text: text, variables: variables, link: Self.link)
    }
}
