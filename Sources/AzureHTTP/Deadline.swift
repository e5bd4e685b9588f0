// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Runs an operation for at most a while.
///
/// - Parameters:
///   - timeout: How long it may take.
///   - clock: The clock to wait by.
///   - onTimeout: Makes the error that is thrown when the time is up.
///   - operation: What to do. It is cancelled, and waited for, when the time is up.
/// - Returns: What the operation returns.
package func withTimeout<Result: Sendable>(
    _ timeout: Duration,
    clock: any MachineClock,
    onTimeout: @escaping @Sendable () -> any Error,
    operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await clock.sleep(for: timeout)
            return nil
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() ?? nil else { throw onTimeout() }
        return result
    }
}
