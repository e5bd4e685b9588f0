// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import Testing

@testable import AzureIdentityBroker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is decided about the broker library without asking it.
@Suite struct MSALRuntimePlanTests {
    private func request(_ change: (inout BrokerRequest) -> Void = { _ in }) -> BrokerRequest {
        var request = BrokerRequest(
            clientID: "client",
            authority: "https://login.microsoftonline.com/contoso",
            scopes: ["one", "two"],
            redirectURL: "redirect",
            correlationID: "id",
            deadline: MonotonicTime(nanoseconds: 0)
        )
        change(&request)
        return request
    }

    @Test func aPlainRequestHasScopesAndAnAddress() throws {
        let silent = try MSALRuntimeSetting.settings(for: self.request(), isInteractive: false)
        #expect(silent == [.scopes("one two"), .redirect("redirect")])
        // Without a window of the program's, the library's own needs a thread.
        let interactive = try MSALRuntimeSetting.settings(for: self.request(), isInteractive: true)
        #expect(interactive == silent + [.additional(name: "msal_gui_thread", value: "true")])
        let window = try MSALRuntimeSetting.settings(
            for: self.request { $0.window = BrokerWindow(handle: 5) }, isInteractive: true)
        #expect(window == silent)
    }

    @Test func allElseIsSetOnlyIfItIsAskedFor() throws {
        let settings = try MSALRuntimeSetting.settings(
            for: self.request {
                $0.claims = "{}"
                $0.tokenToRenew = "old"
                $0.isMSAPassthroughEnabled = true
                $0.validatesAuthority = false
            },
            isInteractive: false
        )
        let expected: [MSALRuntimeSetting] = [
            .scopes("one two"), .redirect("redirect"), .claims("{}"), .tokenToRenew("old"),
            .additional(name: "msal_request_type", value: "consumer_passthrough"),
            .additional(name: "validateAuthority", value: "no"),
        ]
        #expect(settings == expected)
        #expect(!"\(settings)".contains("old"))
    }

    @Test(arguments: [
        ("https://api.contoso.com/", "api.contoso.com", "/"),
        ("https://api.contoso.com:8443/a%20b?c=d#e", "api.contoso.com:8443", "/a%20b"),
        ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443", "/x"),
    ])
    func aProofNamesHostAndPath(_ text: String, _ host: String, _ path: String) throws {
        let url = try #require(URL(string: text))
        let settings = try MSALRuntimeSetting.settings(
            for: self.request { $0.proofOfPossession = ProofOfPossession(nonce: "n", method: "PUT", url: url) },
            isInteractive: false
        )
        #expect(settings.contains(.proof(method: "PUT", host: host, path: path, nonce: "n")))
    }

    @Test func aProofWithoutAHostIsNoRequest() throws {
        let url = try #require(URL(string: "/only/a/path"))
        let error = #expect(throws: BrokerFailure.self) {
            try MSALRuntimeSetting.settings(
                for: self.request { $0.proofOfPossession = ProofOfPossession(nonce: "n", method: "PUT", url: url) },
                isInteractive: false
            )
        }
        #expect(error?.kind == .configuration)
    }

    @Test(arguments: ["", "plain", "Zoë €1 👩‍💻 é", String(repeating: "ü", count: 5000)])
    func textsComeBackAsTheyWent(_ text: String) throws {
        let characters = try OSText.characters(text)
        #expect(characters.last == 0 && characters.filter { $0 == 0 }.count == 1)
        #expect(OSText.string(characters) == text)
        #expect(OSText.string(characters + [65, 66]) == text)
    }

    @Test func aTextWithAZeroIsRefused() {
        #expect(throws: BrokerFailure.self) { try OSText.characters("a\0b") }
        #expect(OSText.string([]) == "")
    }

    @Test(arguments: [
        ("PoP eyJ.a.b", "eyJ.a.b"), ("pop  eyJ.a.b ", "eyJ.a.b"), ("Bearer eyJ.a.b", ""), ("PoP", ""), ("", ""), ("eyJ.a.b", ""),
    ])
    func aHeaderHasASignedRequestBehindItsScheme(_ header: String, _ request: String) {
        #expect(MSALRuntimeFunctions.signedRequest(header: header) == request)
    }

    @Test(arguments: [Int64.min, -1, 0, 253_402_300_800, .max]) func whatNoCalendarHasIsNoDate(_ seconds: Int64) {
        #expect(MSALRuntimeFunctions.date(seconds: seconds) == nil)
        #expect(MSALRuntimeFunctions.date(seconds: 1) == Date(timeIntervalSince1970: 1))
    }

    @Test func aPathHasToBeAbsolute() throws {
        for path in ["", "lib.so", "./lib.so", "a/lib.so", "..", #"a\lib.so"#, "/a\0b"] {
            let error = #expect(throws: BrokerFailure.self) { try MSALRuntimeLocation.path(path).names() }
            #expect(error?.kind == .configuration, "\(path)")
        }
        #if !os(Windows)
        #expect(try MSALRuntimeLocation.path("/a/lib.so").names() == ["/a/lib.so"])
        #endif
        #expect(try !MSALRuntimeLocation.installed.names().isEmpty)
        for name in try MSALRuntimeLocation.installed.names() { #expect(NativeLibrary.isTaken(name), "\(name)") }
    }

    /// A start that fails otherwise is no broker's absence, which would let the browser take its place.
    @Test(arguments: [
        (19, "", true), (6, "Broker cannot be initialized for MSALRuntime", true), (6, "the request breaks the contract", false),
        (0, "Unexpected", false), (21, "", false), (5, "cannot be initialized", false),
    ])
    func onlyAMissingBrokerIsAbsent(status: Int, context: String, isAbsent: Bool) {
        let failure = MSALRuntimeAbsence.broker(.from(status: status, context: context, tag: 507_897_694))
        #expect(failure.isAbsence == isAbsent && failure.status == status && failure.context == context)
        if !isAbsent { #expect(failure.kind == .refused) }
        // What to install is said once, by the error.
        for platform in BrokerPlatform.allCases { #expect(!"\(failure.kind)".contains(platform.installation)) }
    }

    @Test func aWindowOfTheProgramsIsItsNumber() {
        #expect(MSALRuntimeWindow.number(of: BrokerWindow(handle: 77)) == 77)
        #expect(MSALRuntimeWindow.number(of: BrokerWindow(handle: .max)) == -1)
        #if os(Linux)
        #expect(MSALRuntimeWindow.number(of: .console) == 1)
        #endif
    }

    @Test func aLibraryWithoutManyFunctionsNamesEight() {
        let names = MSALRuntimeFunction.allCases.map(\.symbol)
        #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix("MSALRUNTIME_") })
        let reason = MSALRuntimeFunctions.reason("/a/lib.so", missing: names)
        #expect(reason.hasPrefix("/a/lib.so has no MSALRUNTIME_Startup, "))
        #expect(reason.hasSuffix(" and \(names.count - 8) more functions"))
        #expect(MSALRuntimeFunctions.reason("l", missing: ["a", "b"]) == "l has no a, b")
    }

    @Test func aNumberIsForOneCallback() throws {
        let callbacks = MSALRuntimeCallbacks()
        let first = try #require(callbacks.add { _ in })
        let second = try #require(callbacks.add { _ in })
        #expect(first != second && callbacks.count == 2)
        callbacks.remove(first)
        callbacks.remove(first)
        #expect(callbacks.count == 1)
        for _ in callbacks.count..<MSALRuntimeCallbacks.limit { _ = callbacks.add { _ in } }
        #expect(callbacks.add { _ in } == nil)
        callbacks.remove(second)
        #expect(callbacks.add { _ in } != nil)
    }
}
