// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

extension SignInPage {
    /// Text as it may stand in HTML, in attributes too.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where scalar.value < 0x20 && scalar != "\n": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """
        body{font-family:system-ui,sans-serif;background:#f2f2f2;color:#1b1b1b;display:grid;place-items:center;min-height:95vh}
        main{background:#fff;padding:44px;width:352px;box-shadow:0 2px 6px rgba(0,0,0,.2)}
        h1{font-size:1.5rem;font-weight:600;margin:0 0 12px;overflow-wrap:anywhere}
        p{overflow-wrap:anywhere}
        label{display:block;margin-top:16px}
        input{box-sizing:border-box;width:100%;padding:6px 0;font-size:1rem;border:0;border-bottom:1px solid #666}
        [role=alert]{color:#b00020}
        div{margin-top:24px;display:flex;flex-direction:row-reverse;flex-wrap:wrap;gap:8px}
        button{padding:6px 20px;font-size:1rem;border:1px solid #0067b8;background:#0067b8;color:#fff}
        button.other{background:#ccc;border-color:#ccc;color:#000}
        """

    /// The page in HTML.
    ///
    /// - Parameter nonce: What its style and its script are allowed by.
    func html(nonce: String) -> String {
        let target = self.target.map { " action=\"\(Self.escaped($0))\"" } ?? ""
        var lines = [
            "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<title>\(Self.escaped(self.heading)) - emulator</title>", "<style nonce=\"\(nonce)\">\(Self.style)</style>",
            "</head>",
            "<body>", "<main>", "<h1>\(Self.escaped(self.heading))</h1>",
        ]
        lines += self.paragraphs.map { "<p>\(Self.escaped($0))</p>" }
        if let problem = self.problem { lines.append("<p role=\"alert\" id=\"problem\">\(Self.escaped(problem))</p>") }
        if !self.buttons.isEmpty {
            lines.append("<form method=\"post\" id=\"form\"\(target)>")
            lines += self.hidden.map {
                "<input type=\"hidden\" name=\"\(Self.escaped($0.name))\" value=\"\(Self.escaped($0.value))\">"
            }
            lines += self.fields.map(Self.html)
            lines.append("<div>")
            lines += self.buttons.map(Self.html)
            lines += ["</div>", "</form>"]
        }
        if self.isSentAtOnce {
            lines.append("<script nonce=\"\(nonce)\">document.getElementById(\"form\").submit();</script>")
        }
        return (lines + ["</main>", "</body>", "</html>", ""]).joined(separator: "\n")
    }

    private static func html(_ field: Field) -> String {
        let name = Self.escaped(field.name)
        return """
            <label for="\(name)">\(Self.escaped(field.label))</label>
            <input id="\(name)" name="\(name)" type="\(field.kind)" value="\(Self.escaped(field.value))" \
            autocomplete="\(field.autocomplete)">
            """
    }

    private static func html(_ button: Button) -> String {
        let action = Self.escaped(button.action)
        let name = action.isEmpty ? "" : " name=\"action\" value=\"\(action)\" id=\"\(action)\""
        let style = button.isMain ? "" : " class=\"other\""
        // The first button is what the return key presses; cancelling is no reason to ask for fields.
        return "<button type=\"submit\"\(name)\(style) formnovalidate>\(Self.escaped(button.label))</button>"
    }
}

extension EmulatorExchange {
    /// An answer of HTML. It may run no script but its own, and be in no frame.
    func page(_ page: SignInPage, status: Int = 200) -> EmulatorResponse {
        let nonce = EmulatorTokenIssuer.randomID()
        let headers: TransportHeaders = [
            "Date": HTTPDate.format(self.date),
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store, no-cache",
            "Content-Security-Policy":
                "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "x-ms-request-id": self.traceID,
        ]
        return EmulatorResponse(status: status, headers: headers, body: Array(page.html(nonce: nonce).utf8))
    }

    /// A refusal as people see it.
    func pageResponse(_ refusal: EmulatorRefusal) -> EmulatorResponse {
        var response = self.page(SignInPage.refusal(self.description(refusal)), status: refusal.status)
        for header in refusal.headers { response.headers.append(name: header.name, value: header.value) }
        return response
    }

    /// The session of the browser that has sent the request.
    func browserSession(_ people: PeopleLedger) -> UserSession? {
        for header in self.request.headers.values(for: "Cookie") {
            for pair in header.split(separator: ";") {
                let halves = pair.split(separator: "=", maxSplits: 1)
                guard halves.count == 2, halves[0].filter({ $0 != " " }) == Self.cookieName else { continue }
                let name = String(halves[1])
                return people.withState { $0.sessions[name] }
            }
        }
        return nil
    }

    /// Has the browser know a session from now on.
    func remember(_ session: UserSession, in people: PeopleLedger, _ response: inout EmulatorResponse) {
        let name = PeopleLedger.randomCode("")
        people.withState { $0.sessions[name] = session }
        response.headers.append(
            name: "Set-Cookie", value: "\(Self.cookieName)=\(name); Path=/; Secure; HttpOnly; SameSite=None")
    }

    private static let cookieName = "EMULATORAUTH"
}
