// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Measuring

/// Measures everything, or the groups named as arguments, and prints one Markdown table.
@main
struct BenchmarkProgram {
    /// In this order: what is measured in bytes comes first, while the process's memory is still fresh.
    private enum Group: String, CaseIterable {
        case size, memory, parallel, storm, miss, sign, wire, hosts, tools, people

        func measure() async throws {
            switch self {
            case .size: try await SizeFigures.measure()
            case .memory: try await MemoryFigures.measure()
            case .parallel: try await ParallelFigures.measure()
            case .storm: try await StormFigures.measure()
            case .miss: try await MissFigures.measure()
            case .sign: try await SignFigures.measure()
            case .wire: try await WireFigures.measure()
            case .hosts: try await HostFigures.measure()
            case .tools: try await ToolFigures.measure()
            case .people: try await PeopleFigures.measure()
            }
        }
    }

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        let names = Group.allCases.map(\.rawValue)
        guard wanted.allSatisfy({ names.contains($0) }) else {
            Machine.print("usage: Benchmarks [\(names.joined(separator: "|")) …]", to: 2)
            Machine.exit(64)
        }
        // A log line for each of some hundred thousand exchanges would be what is measured.
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        Machine.print(Figure.heading)
        for group in Group.allCases where wanted.isEmpty || wanted.contains(group.rawValue) {
            try await group.measure()
        }
    }
}

/// A result that makes figures worthless.
struct BenchmarkProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Takes samples: one that doesn't count, then as many as asked for.
func samples(_ count: Int = 15, _ sample: () async throws -> Double) async throws -> [Double] {
    _ = try await sample()
    var values: [Double] = []
    for _ in 0..<count { values.append(try await sample()) }
    return values
}

/// Milliseconds since a time of ``Machine/nanoseconds``.
func milliseconds(since start: UInt64) -> Double { Double(Machine.nanoseconds - start) / 1_000_000 }
