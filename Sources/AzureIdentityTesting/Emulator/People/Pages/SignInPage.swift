// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A page that people see, before it is HTML. Its texts come from anywhere. Pure.
struct SignInPage: Sendable {
    /// Something to fill in.
    struct Field: Sendable {
        var name: String
        var label: String
        var value = ""
        /// The `type` of the element.
        var kind = "text"
        var autocomplete = "off"
    }

    /// A button. What is pressed comes as `action`; the id in the page is the same.
    struct Button: Sendable {
        var action: String
        var label: String
        var isMain = true
    }

    var heading: String
    var paragraphs: [String] = []
    /// What went wrong.
    var refusal: EmulatorRefusal?
    /// What went wrong, as people read it.
    var problem: String?
    var fields: [Field] = []
    var hidden: [(name: String, value: String)] = []
    var buttons: [Button] = []
    /// Where the form goes. `nil`: to the page's own address.
    var target: String?
    /// Whether a script sends the form at once.
    var isSentAtOnce = false

    private static let cancel = Button(action: "cancel", label: "Cancel", isMain: false)

    // MARK: Signing in

    /// Asks for the name and the password.
    static func password(_ purpose: SignInPurpose, userName: String, error: EmulatorRefusal? = nil) -> SignInPage {
        SignInPage(
            heading: "Sign in",
            paragraphs: ["to continue to \(purpose.application.name)"],
            refusal: error,
            problem: error.map(Self.text),
            fields: [
                Field(
                    name: "username", label: "User name", value: String(userName.prefix(256)), kind: "email",
                    autocomplete: "username"
                ),
                Field(name: "password", label: "Password", kind: "password", autocomplete: "current-password"),
            ],
            buttons: [Button(action: "signin", label: "Sign in"), Self.cancel]
        )
    }

    /// Asks whether to go on as the user whom the browser knows.
    static func account(_ purpose: SignInPurpose, userName: String) -> SignInPage {
        SignInPage(
            heading: "Pick an account",
            paragraphs: ["to continue to \(purpose.application.name)"],
            buttons: [
                Button(action: "select", label: userName), Button(action: "other", label: "Use another account", isMain: false),
                Self.cancel,
            ]
        )
    }

    /// Asks for what comes after the password.
    static func step(_ step: SignInStep, _ purpose: SignInPurpose, userName: String, ticket: String) -> SignInPage {
        var page: SignInPage
        switch step {
        case .multifactor:
            page = SignInPage(heading: "Approve sign-in request", paragraphs: ["The emulator plays the phone of \(userName)."])
            page.buttons = [Button(action: "continue", label: "Approve")]
        case .registration:
            page = SignInPage(heading: "More information required", paragraphs: ["\(userName) has to set up a second factor."])
            page.buttons = [Button(action: "continue", label: "Set up")]
        case .consent:
            page = SignInPage(heading: "Permissions requested", paragraphs: ["\(purpose.application.name) would like to:"])
            page.paragraphs += purpose.scopes.granted.map { "\($0) (\(purpose.scopes.resource))" }
            page.buttons = [Button(action: "continue", label: "Accept")]
        case .confirmation:
            page = SignInPage(
                heading: "Are you trying to sign in to \(purpose.application.name)?",
                paragraphs: ["As \(userName), on another device. Only continue if you have got the code from your own device."]
            )
            page.buttons = [Button(action: "continue", label: "Continue")]
        }
        page.buttons.append(Self.cancel)
        page.hidden = [("ticket", ticket)]
        return page
    }

    // MARK: Devices

    /// Asks for the code of a device.
    static func code(_ code: String, problem: String? = nil) -> SignInPage {
        SignInPage(
            heading: "Enter code",
            paragraphs: ["Enter the code that is displayed on your device or in your app."],
            problem: problem,
            fields: [Field(name: "user_code", label: "Code", value: String(code.prefix(20)))],
            buttons: [Button(action: "next", label: "Next")]
        )
    }

    /// Says how it ended.
    static func end(_ heading: String, _ paragraph: String) -> SignInPage {
        SignInPage(heading: heading, paragraphs: [paragraph])
    }

    // MARK: Ends

    /// Says why it can't go on.
    static func refusal(_ description: String) -> SignInPage {
        SignInPage(heading: "Sorry, but we're having trouble signing you in.", problem: description)
    }

    /// Sends the parameters of a redirect as a form.
    static func form(_ parameters: [(name: String, value: String)], to target: String) -> SignInPage {
        SignInPage(
            heading: "Working...",
            hidden: parameters,
            buttons: [Button(action: "", label: "Continue")],
            target: target,
            isSentAtOnce: true
        )
    }

    private static func text(_ refusal: EmulatorRefusal) -> String {
        (refusal.code.map { "AADSTS\($0): " } ?? "") + refusal.message
    }
}

extension EmulatorConfiguration.Application {
    /// What people call it.
    var name: String { self.displayName.isEmpty ? self.clientID : self.displayName }
}
