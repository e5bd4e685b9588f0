// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP

/// A page that the browser shows: HTML without a script, which loads nothing, and in which all text is escaped. Pure.
struct SignInPage: Sendable {
    /// What a page is about.
    enum Kind: Sendable {
        case success, failure, notice
    }

    /// A page for whoever isn't back from this sign-in.
    enum Notice: Sendable {
        case nothingHere, anotherSignIn, incomplete, enteredTwice
    }

    /// More is no use to a person.
    private static let messageLimit = 900

    let kind: Kind
    let html: String
    /// Whether somebody else has written it.
    private let isForeign: Bool

    /// The page for who has signed in.
    static func success(user: String?, pages: SignInPages) -> SignInPage {
        if let template = pages.success {
            return SignInPage(kind: .success, html: Self.filled(template, ["user": user ?? ""]), isForeign: true)
        }
        var content = "<h1>You are signed in</h1>\n"
        if let user { content += "<p class=\"user\">\(Self.escaped(user))</p>\n" }
        content += "<p>You can close this page and go back to \(Self.program(pages)).</p>"
        return SignInPage(kind: .success, html: SignInPageFrame.page("You are signed in", .success, content), isForeign: false)
    }

    /// The page for who hasn't.
    static func failure(_ error: any Error, advice: String?, pages: SignInPages) -> SignInPage {
        let message = Self.message(of: error)
        if let template = pages.failure {
            let values = ["message": message, "advice": advice ?? ""]
            return SignInPage(kind: .failure, html: Self.filled(template, values), isForeign: true)
        }
        var content = "<h1>The sign-in did not succeed</h1>\n<p class=\"message\">\(Self.escaped(message))</p>\n"
        if let advice { content += "<h2>What to do</h2>\n<p>\(Self.escaped(advice))</p>\n" }
        content += "<p>You can close this page and try again from \(Self.program(pages)).</p>"
        return SignInPage(
            kind: .failure, html: SignInPageFrame.page("The sign-in did not succeed", .failure, content), isForeign: false)
    }

    /// A page that has nothing to do with how the sign-in ends.
    static func notice(_ notice: Notice, pages: SignInPages) -> SignInPage {
        let program = Self.program(pages)
        let (title, text) =
            switch notice {
            case .nothingHere:
                (
                    "Nothing to see here",
                    "\(Self.capitalized(program)) waits at this address for you to sign in, on the page that was opened for it."
                )
            case .anotherSignIn:
                (
                    "This is not the sign-in that is waited for",
                    """
                    The answer belongs to another sign-in, perhaps an older one. Nobody was signed in by it. Go on with the page that was \
                    opened last, or start again from \(program).
                    """
                )
            case .enteredTwice:
                (
                    "This page was opened before",
                    """
                    Its address leads to one sign-in, once. If you have opened it twice, start again from \(program). If you haven't, \
                    another program or user of this machine has: nobody is signed in by it.
                    """
                )
            case .incomplete:
                (
                    "The answer is not complete",
                    "It holds neither a code nor an error. Go back one page and try again, or start again from \(program)."
                )
            }
        let content = "<h1>\(title)</h1>\n<p>\(text)</p>"
        return SignInPage(kind: .notice, html: SignInPageFrame.page(title, .notice, content), isForeign: false)
    }

    /// The page as an answer. No other site may show it in a frame, and nothing keeps it.
    func response(status: Int = 200) -> TransportResponse {
        let policy = self.isForeign ? "" : "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        return TransportResponse(
            status: status,
            headers: [
                "Content-Type": "text/html; charset=utf-8",
                "Cache-Control": "no-store",
                "Content-Security-Policy": "\(policy)base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            ],
            body: Array(self.html.utf8)
        )
    }

    /// What a person is told: the service's words where it has some.
    private static func message(of error: any Error) -> String {
        guard let error = error as? AuthenticationError else { return "The program has stopped waiting for the sign-in." }
        let text =
            error.message.hasPrefix("\(error.credential): ")
            ? error.message.dropFirst(error.credential.count + 2) : error.message[...]
        return HostileText.sanitized(text, limit: Self.messageLimit)
    }

    private static func program(_ pages: SignInPages) -> String {
        let name = pages.applicationName.map { HostileText.sanitized($0, limit: 60) } ?? ""
        return name.isEmpty ? "the program" : Self.escaped(name)
    }

    private static func capitalized(_ text: String) -> String { text == "the program" ? "The program" : text }

    /// A template with its marks replaced, in one go: a value that looks like a mark stays what it is.
    private static func filled(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            rest = rest[start...]
            if let mark = values.keys.first(where: { rest.hasPrefix("{\($0)}") }) {
                result += Self.escaped(values[mark] ?? "")
                rest = rest.dropFirst(mark.count + 2)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
