// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Decides what a request to the redirect address is: the browser that comes back from this sign-in, or anything else, which is answered and
/// otherwise ignored. Pure.
struct RedirectGate: Sendable {
    enum Verdict: Sendable {
        /// A stray request, and its answer.
        case stray(TransportResponse)
        /// The browser comes to be sent to the sign-in page.
        case entry
        /// The browser is back: the parameters hold the right state, and a code or an error.
        case redirect(RedirectParameters)
    }

    /// The path that the browser comes back to.
    let path: String
    /// The path that the browser comes to first. Nobody knows it but what opens the page, and whoever sees its arguments.
    let entry: String
    /// What nobody knows but who was sent away with it.
    let state: String
    let pages: SignInPages

    func verdict(on request: RedirectRequest) -> Verdict {
        // A page elsewhere whose name was made to lead here (DNS rebinding) has its own name in Host.
        guard Self.isHost(request.headers.values(for: "Host"), port: request.port) else { return .stray(Self.plain(400)) }
        let isEntry = RandomText.isSame(request.path, self.entry)
        if !isEntry, request.path != self.path {
            return .stray(request.path == "/favicon.ico" ? Self.plain(204) : self.page(404, .nothingHere))
        }
        switch request.method {
        case "GET": break
        case "POST" where !isEntry: break
        case "HEAD": return .stray(self.page(404, .nothingHere))
        default:
            var response = Self.plain(405)
            response.headers["Allow"] = isEntry ? "GET, HEAD" : "GET, HEAD, POST"
            return .stray(response)
        }
        // The browser as a whole goes from page to page; what scripts, images and frames of other pages ask for is none of a sign-in's.
        guard Self.isAnyOf(["navigate"], request.headers.values(for: "Sec-Fetch-Mode")),
            Self.isAnyOf(["document"], request.headers.values(for: "Sec-Fetch-Dest"))
        else { return .stray(Self.plain(403)) }
        return isEntry ? .entry : self.verdict(onParametersOf: request)
    }

    private func verdict(onParametersOf request: RedirectRequest) -> Verdict {
        let text: [UInt8]
        if request.method == "POST" {
            guard Self.isForm(request.headers["Content-Type"]) else { return .stray(Self.plain(415)) }
            text = request.body
        } else {
            text = Array((request.query ?? "").utf8)
        }
        guard !text.isEmpty else { return .stray(self.page(404, .nothingHere)) }
        // The state first: of what somebody else made up, nothing else is looked at.
        guard let parameters = RedirectParameters(text), let state = parameters["state"], RandomText.isSame(state, self.state)
        else {
            return .stray(self.page(400, .anotherSignIn))
        }
        guard parameters["code"] != nil || parameters["error"] != nil else { return .stray(self.page(400, .incomplete)) }
        return .redirect(parameters)
    }

    private func page(_ status: Int, _ notice: SignInPage.Notice) -> TransportResponse {
        SignInPage.notice(notice, pages: self.pages).response(status: status)
    }

    private static func plain(_ status: Int) -> TransportResponse {
        TransportResponse(status: status, headers: ["Cache-Control": "no-store"])
    }

    /// Whether there is one `Host`, and it names this machine and the port.
    private static func isHost(_ values: [String], port: Int) -> Bool {
        guard values.count == 1, let value = values.first?.lowercased() else { return false }
        return RedirectAddress.hosts.contains { value == "\($0):\(port)" || (port == 80 && value == $0) }
    }

    /// Whether a header is one of the words, as far as there is one: old browsers, and other programs, send none.
    private static func isAnyOf(_ words: [String], _ values: [String]) -> Bool {
        values.allSatisfy { words.contains($0.lowercased()) }
    }

    private static func isForm(_ type: String?) -> Bool {
        type?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() == "application/x-www-form-urlencoded"
    }
}
