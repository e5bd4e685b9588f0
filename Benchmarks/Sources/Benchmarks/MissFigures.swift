// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity
import Measuring

/// What a whole request costs without a network: request, log, parsing, storing. The transport answers at once.
enum MissFigures {
    private static let callCount = 1000

    @concurrent
    static func measure() async throws {
        let tokens = CannedTransport.tokens(length: 1300).credential(cache: .inMemory)
        Self.print("a whole miss without a network: a token of 1300 bytes", try await samples { try await Self.perMiss(tokens) })
        let refusals = CannedTransport.refusals().credential(cache: .inMemory)
        Self.print("… a refusal (AADSTS7000215)", try await samples { try await Self.perRefusal(refusals) })
    }

    private static func perMiss(_ credential: ClientSecretCredential) async throws -> Double {
        let start = Machine.nanoseconds
        for _ in 0..<Self.callCount {
            credential.removeCachedTokens()
            _ = try await credential.token(for: Scene.context)
        }
        return Double(Machine.nanoseconds - start) / Double(Self.callCount) / 1000
    }

    private static func perRefusal(_ credential: ClientSecretCredential) async throws -> Double {
        let start = Machine.nanoseconds
        for _ in 0..<Self.callCount {
            do {
                _ = try await credential.token(for: Scene.context)
                throw BenchmarkProblem("a token where a refusal was due")
            } catch let error as AuthenticationError {
                guard error.serviceError?.codes == [7_000_215] else { throw error }
            }
        }
        return Double(Machine.nanoseconds - start) / Double(Self.callCount) / 1000
    }

    private static func print(_ name: String, _ values: [Double]) {
        Machine.print(Figure(name, unit: "µs", samples: values).row)
    }
}
