// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureCredentials
import AzureHTTP
import ScenarioSupport
import Testing

@testable import AzureIdentity

/// Every row of the troubleshooting guide is brought about, and has the message and the remedy that the guide wants.
@Suite(.timeLimit(.minutes(2))) struct TroubleshootingTests {
    @Test func everyRowHasACase() {
        #expect(RowDiscovery.rows.count == 54 && Set(RowDiscovery.all.keys) == Set(RowDiscovery.rows))
        let proved = Set(RowCases.all.map(\.row))
        #expect(RowDiscovery.rows.filter { !proved.contains($0) }.isEmpty, "rows without a case")
        #expect(proved.isSubset(of: RowDiscovery.rows))
        #expect(Set(GuideRow.allCases.map(\.rawValue)).isSubset(of: proved))
        #expect(Set(RowCases.all.map(\.testDescription)).count == RowCases.all.count)
    }

    @Test(arguments: RowCases.all)
    func isWhatTheGuideSays(one: RowCase) async throws {
        let outcome = try await one.produce(RowSetting())
        let isFault = one.discovery != .notAFault || one.row == "G51"
        switch outcome {
        case .error(let error):
            #expect(isFault)
            try self.check(error, one)
        case .response(let error):
            #expect(isFault && error.remedy?.guide == one.row, "\(error)")
            self.check(error.remedy, one)
        case .token(let token):
            #expect(!isFault && token.source == .network && token.provenance?.credential == "ManagedIdentityCredential")
        case .answer(let command, let status, let body):
            #expect(!isFault && status == 200 && body.contains("access_token"), "\(command): \(status)")
            let remedy = Guide.remedy(try #require(GuideRow(rawValue: one.row)))
            #expect(remedy.commands.contains(command) && remedy.text.contains("don't share it"))
        case .log(let quiet, let loud):
            #expect(!isFault)
            self.check(quiet: quiet, loud: loud, secret: RowSetting().words["secret"])
        }
    }

    private func check(_ error: AuthenticationError, _ one: RowCase) throws {
        if let code = one.expected.code { #expect(error.code == code, "\(error)") }
        for part in one.expected.contains { #expect(error.message.contains(part), "\(part) is missing: \(error)") }
        #expect(error.serviceError?.codes ?? [] == one.expected.aadsts, "\(error)")
        let rows = (one.expected.remedy ?? one.row).split(separator: "|").map(String.init)
        #expect(rows.contains(error.remedy?.guide ?? ""), "\(error)")
        self.check(error.remedy, one)
        guard error.serviceError?.codes.isEmpty == false, let service = error.serviceError, service.traceID != nil else { return }
        // What row G04 wants of every refusal.
        for detail in [service.traceID, service.correlationID, service.timestamp] {
            #expect(error.message.contains(try #require(detail)), "\(error)")
        }
        #expect(error.message.contains(error.credential), "\(error)")
    }

    private func check(_ remedy: AuthenticationError.Remedy?, _ one: RowCase) {
        guard let remedy else {
            Issue.record("\(one.testDescription) has no remedy")
            return
        }
        let commands = remedy.commands.map { $0.joined(separator: " ") }
        let said = ([remedy.text, remedy.link ?? ""] + commands + remedy.variables).joined(separator: "\n")
        #expect(!remedy.text.isEmpty && remedy.link.map { $0.hasPrefix("https://") } ?? true, "\(remedy)")
        for part in one.expected.advice { #expect(said.contains(part), "\(part) is missing in the remedy: \(said)") }
    }

    /// Row G05: one line for an exchange at info, without secrets; bodies at debug, if somebody asked for them.
    private func check(quiet: [String], loud: [String], secret: String) {
        let exchanges = quiet.filter { $0.hasPrefix("info HTTP exchange") }
        #expect(exchanges.count == 1 && exchanges.first?.contains("POST") == true && exchanges.first?.contains("200") == true)
        #expect(
            !quiet.contains { $0.contains(secret) || $0.contains("request content") || $0.contains("response content") },
            "\(quiet)")
        #expect(loud.contains { $0.contains("HTTP request content") && $0.contains(secret) })
        #expect(loud.contains { $0.contains("HTTP response content") && $0.contains("access_token") })
    }
}
#endif
