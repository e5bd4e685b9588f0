// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
package import AzureIdentityTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The scenarios of `Tests/Scenarios`.
package enum ScenarioLibrary {
    /// A scenario whose words aren't filled in.
    package struct Source: Sendable, CustomStringConvertible {
        package let name: String
        /// The name of its file, without the ending.
        package let file: String
        package let json: EmulatorJSON

        package var description: String { self.name }

        /// The scenario, with these words.
        package func scenario(_ words: ScenarioWords = ScenarioWords()) throws -> Scenario {
            try JSONDecoder().decode(Scenario.self, from: Data(words.fill(self.json).bytes))
        }

        /// The names of its members that no scenario has.
        package var unknownMembers: [String] {
            guard case .object(let members) = self.json else { return ["(not an object)"] }
            let known = Set(Scenario.CodingKeys.allCases.map(\.rawValue))
            return members.map(\.name).filter { !known.contains($0) }
        }
    }

    /// The folder `Tests`, without a slash at the end.
    package static let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
        separator: "/")
    /// The folder of the scenarios.
    package static let folder = Self.tests + "/Scenarios"

    /// All of them, by their file and in its order. A file that can't be read is nothing here, which `problems` tells.
    package static let all: [Source] = Self.read().sources
    /// What is wrong with the files.
    package static let problems: [String] = Self.read().problems

    /// The scenario of that name.
    package static func named(_ name: String) throws -> Source {
        guard let source = self.all.first(where: { $0.name == name }) else {
            throw ScenarioProblem("There is no scenario \(name).")
        }
        return source
    }

    private static func read() -> (sources: [Source], problems: [String]) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: self.folder)) ?? []).filter { $0.hasSuffix(".json") }
        var sources: [Source] = []
        var problems = names.isEmpty ? ["There are no scenarios in \(self.folder)."] : []
        for name in names.sorted() {
            let data = FileManager.default.contents(atPath: "\(self.folder)/\(name)") ?? Data()
            guard let json = try? JSONDecoder().decode(EmulatorJSON.self, from: data), let elements = json["scenarios"]?.elements
            else {
                problems.append("\(name) is not a file of scenarios.")
                continue
            }
            for element in elements {
                sources.append(.init(name: element["name"]?.string ?? "", file: String(name.dropLast(5)), json: element))
            }
        }
        return (sources, problems)
    }
}

/// A scenario can't be run as it stands.
package struct ScenarioProblem: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
#endif
