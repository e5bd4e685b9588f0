// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentityTesting
import Testing

@testable import AzureIdentity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A listener without sockets, to which a test sends what a browser, or somebody else, would.
final class RedirectStandIn: RedirectListening {
    static let form = ("Content-Type", "application/x-www-form-urlencoded")

    let port = 41_234
    private let handler = Locked<RedirectHandler?>(nil)
    private let closed = Locked(false)

    var isClosed: Bool { self.closed.withLock { $0 } }

    var listen: RedirectListen {
        { port, handler in
            #expect(port == nil)
            self.handler.withLock { $0 = handler }
            self.closed.withLock { $0 = false }
            return self
        }
    }

    func close() async { self.closed.withLock { $0 = true } }

    /// Sends a request and waits for the answer; `nil` if nobody listens.
    func send(_ method: String, _ path: String = "/", form: [String: String] = [:]) async -> TransportResponse? {
        guard !self.isClosed, let handler = self.handler.withLock({ $0 }) else { return nil }
        let pairs = form.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let request = RedirectRequest(
            method: method, path: path, query: nil, headers: ["Host": "localhost:\(self.port)", "Content-Type": Self.form.1],
            body: FormEncoding.body(pairs), port: self.port)
        return await withCheckedContinuation { continuation in
            let isOpen = Locked(true)
            let answer: @Sendable (TransportResponse) -> Void = { response in
                let isFirst = isOpen.withLock { open in
                    defer { open = false }
                    return open
                }
                if isFirst { continuation.resume(returning: response) }
            }
            if let response = handler(request, RedirectReply { answer($0) }) { answer(response) }
        }
    }
}

/// A person at a browser, the emulator as the cloud, and what they saw.
struct BrowserStage: Sendable {
    let emulator = EntraEmulator(clock: VirtualClock())
    let listener = RedirectStandIn()
    let pages = Locked<[String]>([])
    /// The sign-in pages that the browser was led to.
    let opened = Locked<[URL]>([])
    /// What the browser was opened with.
    let addresses = Locked<[URL]>([])

    /// Where the page was opened last, as parameters.
    var asked: [String: String] {
        let query = self.opened.withLock { $0.last }?.query(percentEncoded: true) ?? ""
        guard let parameters = RedirectParameters(Array(query.utf8)) else { return [:] }
        let names = [
            "client_id", "response_type", "redirect_uri", "response_mode", "scope", "state", "nonce", "code_challenge",
            "code_challenge_method", "client_info", "prompt", "login_hint", "domain_hint", "claims",
        ]
        return Dictionary(uniqueKeysWithValues: names.compactMap { name in parameters[name].map { (name, $0) } })
    }

    /// Goes to the address that a browser is opened with; where that leads to.
    func enter(_ address: URL) async -> URL? {
        let response = await self.listener.send("GET", address.path())
        #expect(response?.status == 302)
        return response?.headers["Location"].flatMap { URL(string: $0) }
    }

    /// Comes back with parameters, and looks at the page.
    func comeBack(_ parameters: [String: String]) async {
        guard let response = await self.listener.send("POST", form: parameters) else { return }
        self.pages.withLock { $0.append(String(decoding: response.body, as: UTF8.self)) }
    }

    /// A credential whose browser is played by a closure; by default Ada signs in.
    func credential(_ person: (@Sendable (BrowserStage, URL) async throws -> Void)? = nil) -> InteractiveBrowserCredential {
        self.credential(changing: { _ in }, person)
    }

    /// The same with other options.
    func credential(
        changing change: (inout InteractiveBrowserCredential.Options) -> Void,
        _ person: (@Sendable (BrowserStage, URL) async throws -> Void)? = nil
    ) -> InteractiveBrowserCredential {
        var options = InteractiveBrowserCredential.Options(credentialOptions: self.emulator.credentialOptions(retry: .none))
        options.openURL = { address in
            self.addresses.withLock { $0.append(address) }
            guard let url = await self.enter(address) else { return }
            self.opened.withLock { $0.append(url) }
            if let person { return try await person(self, url) }
            let parameters = try self.emulator.signIn(at: url.absoluteString, as: Sample.userName, password: Sample.password)
            await self.comeBack(parameters)
        }
        change(&options)
        return InteractiveBrowserCredential(
            tenantID: Sample.tenantID, clientID: Sample.publicClientID, options: options, listen: self.listener.listen,
            start: { _ in throw ToolFailure.notStarted(reason: "not in tests") })
    }
}
