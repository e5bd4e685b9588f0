// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AzureKeyVaultSecrets

/// Circles of pages are found; pure.
@Suite struct CircleFinderTests {
    @Test(arguments: [0, 1, 5, 100], [1, 2, 3, 7, 100])
    func circlesAreFound(before: Int, length: Int) throws {
        var finder = CircleFinder()
        let end = (0..<10_000).first { index in
            finder.isClosed(by: index < before ? "\(index)" : "circle \((index - before) % length)")
        }
        // Not before the circle closes, and soon after.
        let found = try #require(end)
        #expect(found >= before + length && found <= 3 * (before + length))
    }

    @Test func whatIsNoneIsNotFound() {
        var finder = CircleFinder()
        let found = (0..<10_000).contains { finder.isClosed(by: "\($0)") }
        #expect(!found)
    }
}
