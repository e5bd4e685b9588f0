// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Counts in several tasks at once without a lock: the race the thread sanitizer must report.
@main
struct PlantedRace {
    nonisolated(unsafe) static var count = 0

    static func main() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<50_000 { Self.count += 1 }
                }
            }
        }
        print("counted to \(Self.count)")
    }
}
