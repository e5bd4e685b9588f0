// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityBroker
import Foundation
import Testing

extension ToolProcesses {
    /// Broker libraries that aren't there, aren't what they should be, or say what they shouldn't.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: RealPart.compiler.isWanted)) struct MSALRuntimeBadInputTests {
        /// The failure of a request for a token.
        private func failure(path: String) async throws -> BrokerFailure {
            let broker = MSALRuntimeBroker(host: Host(environment: EnvironmentVariables([:])), path: path)
            return try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                try await broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
            }
        }

        /// Why there is no broker; empty if the failure is another one.
        private func reason(_ failure: BrokerFailure) -> String {
            if case .absent(let reason) = failure.kind { return reason }
            return ""
        }

        @Test func aLibraryThatIsNotOneIsAbsentWithTheLoadersReason() async throws {
            try await ToolPlace.withFolder { folder in
                let garbage = "\(folder)/garbage.so"
                try Data("no library \u{1B}[31m".utf8).write(to: URL(filePath: garbage))
                for path in [garbage, folder, "\(folder)/none.so", "\(folder)/no\u{1B}[31mne.so"] {
                    let failure = try await self.failure(path: path)
                    let reason = self.reason(failure)
                    #expect(reason.contains(folder) && reason.contains("Install it"), "\(failure)")
                    #expect(!reason.contains("\u{1B}"), "\(failure)")
                }
            }
        }

        @Test(arguments: ["libmsalruntime.so", "./libmsalruntime.so", "folder/libmsalruntime.so", "", "/usr/lib/a\0b.so"])
        func aPathThatIsNotAbsoluteIsNotLookedAt(_ path: String) async throws {
            let failure = try await self.failure(path: path)
            #expect(failure.kind == .configuration && failure.context.contains("absolute"), "\(failure)")
        }

        @Test func aLibraryWithoutTheFunctionsIsRefusedWithTheirNames() async throws {
            try await ToolPlace.withFolder { folder in
                let path = try await MSALRuntimeStandIn.compiled(in: folder, defines: ["WITHOUT_SOME"])
                let reason = self.reason(try await self.failure(path: path))
                #expect(reason.contains("\(path) has no MSALRUNTIME_CancelAsyncOperation, MSALRUNTIME_GetExpiresOn"), "\(reason)")
            }
        }

        @Test func withoutABrokerTheLibraryIsAsAbsentAsOne() async throws {
            let said = "Broker cannot be initialized for MSALRuntime"
            try await MSALRuntimeStandIn.with(["startup": "6", "context": said]) { library in
                let failure = try await self.failure(path: library.path)
                #expect(self.reason(failure).contains("finds no broker (\(said))"), "\(failure)")
                #expect(failure.status == 6 && failure.tag == 507_897_694 && failure.context == said)
                // A broker that has been installed since is found, and the library started once.
                try library.set("startup", "")
                for _ in 1...3 {
                    let answer = try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                    #expect(answer.token.revealed == "MARKED-token")
                }
                #expect(try library.record("startups") == ["1", "1"])
            }
        }

        @Test(arguments: ["huge", "negative", "growing", "refused"])
        func aTextThatTheLibraryDoesNotGiveIsNoToken(_ size: String) async throws {
            try await MSALRuntimeStandIn.with(["size": size]) { library in
                let failure = try await self.failure(path: library.path)
                #expect(failure.kind == .protocolError && !"\(failure)".contains("MARKED"), "\(failure)")
            }
        }

        @Test func anAnswerWithoutATokenOrAResultIsNone() async throws {
            for setting in [["token": ""], ["callback": "null"], ["token": "", "status": "2"]] {
                try await MSALRuntimeStandIn.with(setting) { library in
                    let failure = try await self.failure(path: library.path)
                    #expect(failure.kind == (setting["status"] == nil ? .protocolError : .interactionRequired), "\(failure)")
                }
            }
        }

        @Test(arguments: ["0", "-7", "9223372036854775807"]) func anExpiryThatIsNoneIsNone(_ seconds: String) async throws {
            try await MSALRuntimeStandIn.with(["expires": seconds]) { library in
                let answer = try await library.broker.acquireSilently(MSALRuntimeSample.request(), account: nil)
                #expect(answer.expiresOn == nil)
            }
        }

        @Test(arguments: ["begin", "create"]) func anOperationThatDoesNotBeginSaysWhy(_ place: String) async throws {
            try await MSALRuntimeStandIn.with([place: "6", "context": "Invalid window handle"]) { library in
                let failure = try await self.failure(path: library.path)
                #expect(failure.kind == .configuration && failure.context == "Invalid window handle", "\(failure)")
                #expect(try library.number("Callbacks") == 0)
            }
        }

        @Test(arguments: ["scopes", "redirect", "claims", "renew", "proof", "additional"])
        func aSettingThatTheLibraryRefusesEndsTheRequest(_ name: String) async throws {
            try await MSALRuntimeStandIn.with(["refused": name]) { library in
                let url = try #require(URL(string: "https://api.contoso.com"))
                let request = MSALRuntimeSample.request {
                    $0.claims = "{}"
                    $0.tokenToRenew = "MARKED-old"
                    $0.proofOfPossession = ProofOfPossession(nonce: "nonce", method: "GET", url: url)
                    $0.isMSAPassthroughEnabled = true
                }
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await library.broker.acquireSilently(request, account: nil)
                }
                #expect(failure.kind == .configuration && failure.status == 9 && !"\(failure)".contains("MARKED"), "\(failure)")
                #expect(try library.record("operations").isEmpty)
            }
        }

        @Test func aTextWithAZeroIsNotCutShort() async throws {
            try await MSALRuntimeStandIn.with { library in
                let request = MSALRuntimeSample.request { $0.claims = "{\"a\":\"\0\"}" }
                let failure = try await MSALRuntimeSample.failure { () async throws(BrokerFailure) in
                    try await library.broker.acquireSilently(request, account: nil)
                }
                #expect(failure.kind == .configuration)
                #expect(try library.record("operations").isEmpty)
            }
        }
    }
}
#endif
