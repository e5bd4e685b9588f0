// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

/// Runs an operation for at most a while. One that goes on when its time is up, or when its caller is cancelled, is cancelled and left
/// behind: nobody waits for a closure that doesn't return.
///
/// - Parameters:
///   - limit: How long it may take.
///   - clock: The clock to wait by.
///   - onTimeout: Makes the error that is thrown when the time is up.
///   - operation: What to do.
/// - Returns: What the operation returns.
func leavingBehind<Value: Sendable>(
    after limit: Duration,
    clock: any MachineClock,
    onTimeout: @escaping @Sendable () -> any Error,
    operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await SingleFlight<Int, Value>().value(
        for: 0,
        patience: nil,
        limit: .init(limit, clock: clock, error: onTimeout),
        operation: operation
    )
}
