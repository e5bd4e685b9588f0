// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials
import AzureHTTP
import AzureIdentity
import AzureIdentityTesting
import InMemoryLogging
import Logging
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The pages about the log, the metrics and the spans say what is there: they can't rot.
@Suite(.timeLimit(.minutes(1))) struct ObservabilityPageTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func page(_ name: String) throws -> String {
        let file = Self.repository.appending(path: "Sources/AzureIdentity/Documentation.docc/\(name).md")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    /// The text in back quotes that begins each row of the tables of a page, with the next cell.
    private func rows(_ page: String) -> [String: String] {
        var rows: [String: String] = [:]
        for line in page.split(separator: "\n") {
            let cells = line.split(separator: "|").map { HostileText.trimmed($0) }
            guard line.hasPrefix("| `"), cells.count >= 2 else { continue }
            rows[cells[0].replacing("`", with: "")] = cells[1]
        }
        return rows
    }

    /// What differs from run to run, by its name.
    private func normalized(_ text: String) -> String {
        text
            .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "<id>")
            .replacing(#/ Trace ID: .*?(?= \(G|$)/#, with: " Trace ID: …")
            .replacing(/[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT/, with: "<date>")
            .replacing(/azsdk-swift-identity\/\S+ \([^)]*\)/, with: "<user agent>")
            .replacing(/(duration_ms|expires_in)=\d+/) { "\($0.output.1)=<number>" }
    }

    /// A client secret's hours: a token, a renewal that fails, a secret that is wrong, another identity.
    private func logOfALife() async throws -> String {
        let life = LoggedLife()
        let credential = life.credential()
        for _ in 0..<2 { _ = try await credential.token(forScopes: vaultScope) }
        life.clock.advance(by: .seconds(3400))
        life.emulator.play(FaultScript(steps: [.init(.status(503), requests: 1)]))
        _ = try await credential.token(forScopes: vaultScope)
        await life.settle()
        life.clock.advance(by: .seconds(600))
        let secrets = life.emulator.configuration.tenants[0].applications[0].secrets
        life.emulator.update { $0.tenants[0].applications[0].secrets = [.init(value: "rotated")] }
        _ = try? await credential.token(forScopes: vaultScope)
        life.emulator.update {
            $0.tenants[0].applications[0].secrets = secrets
            $0.tenants[0].applications[0].objectID = "b0000000-0000-4000-8000-00000000009f"
        }
        _ = try await credential.token(forScopes: vaultScope)
        return life.log.entries.map { entry in
            let metadata = entry.metadata.sorted { $0.key < $1.key }.map { "    \($0.key)=\($0.value)" }
            return self.normalized((["\(entry.level) \(entry.message)"] + metadata).joined(separator: "\n"))
        }.joined(separator: "\n")
    }

    @Test func G05_thePageShowsARealLog() async throws {
        let page = try self.page("Logging")
        let start = try #require(page.firstRange(of: "```text\n")?.upperBound)
        let shown = page[start...].prefix(upTo: try #require(page[start...].firstRange(of: "\n```")?.lowerBound))
        let real = try await self.logOfALife()
        let (shownLines, realLines) = (
            shown.split(separator: "\n").map(String.init), real.split(separator: "\n").map(String.init)
        )
        for (number, pair) in zip(shownLines, realLines).enumerated() {
            #expect(pair.0 == pair.1, "line \(number + 1) of the log in Logging.md")
        }
        #expect(shownLines.count == realLines.count, "The log is:\n\(real)")
    }

    /// All names of metadata: the constants, and what stands in the source as text before a colon.
    private func keysInTheSource() throws -> Set<String> {
        var keys: Set<String> = []
        for target in ["AzureHTTP", "AzureIdentity"] {
            let folder = Self.repository.appending(path: "Sources/\(target)")
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) where path.hasSuffix(".swift") {
                let text = String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
                let isTable = path.hasSuffix("LogKey.swift")
                let pattern = isTable ? /= "([a-z][a-z_.]+)"/ : /"((?:azure|http|url|error)\.[a-z_.]+)": "/
                keys.formUnion(text.matches(of: pattern).map { String($0.output.1) })
            }
        }
        return keys
    }

    @Test func G05_allMetadataIsInTheTable() throws {
        let keys = try self.keysInTheSource()
        #expect(keys.contains(LogKey.credential) && keys.contains(LogKey.body) && keys.count > 20)
        // The levels have a table too.
        #expect(Set(self.rows(try self.page("Logging")).keys.filter { $0.contains(".") }) == keys)
    }

    @Test func theTableOfMetricsAndSpansIsTheCodes() throws {
        let rows = self.rows(try self.page("Observability"))
        let attributes = Dictionary(uniqueKeysWithValues: TelemetryNames.Attribute.allCases.map { ($0.rawValue, "attribute") })
        #expect(rows == TelemetryNames.kinds.merging(attributes) { $1 })
    }
}
