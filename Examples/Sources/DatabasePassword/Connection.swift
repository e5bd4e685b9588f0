// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import CLibpq
import Dispatch

/// One connection to PostgreSQL, by libpq, whose calls block: they have a thread of their own.
actor Connection {
    private let executor = BlockingExecutor()
    private var handle: OpaquePointer?

    nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    /// Connects. Where to and as whom, libpq's variables say.
    ///
    /// - Parameter password: The password.
    /// - Throws: `ConnectionError` with what the server, or libpq, says.
    func open(password: String) throws {
        self.close()
        self.handle = PQsetdbLogin(nil, nil, nil, nil, "connect_timeout=10", nil, password)
        guard PQstatus(self.handle) == CONNECTION_OK else {
            defer { self.close() }
            throw ConnectionError(self.handle)
        }
    }

    /// The first value of the first row of a query's result.
    ///
    /// - Parameter query: The query.
    /// - Returns: The value, as text.
    /// - Throws: `ConnectionError` if there is none.
    func value(of query: String) throws -> String {
        let result = PQexec(self.handle, query)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK, PQntuples(result) > 0, let text = PQgetvalue(result, 0, 0) else {
            throw ConnectionError(self.handle)
        }
        return String(cString: text)
    }

    /// Ends the connection. Whoever opens one closes it.
    func close() {
        if let handle = self.handle { PQfinish(handle) }
        self.handle = nil
    }
}

/// What libpq says when something didn't work.
struct ConnectionError: Error, CustomStringConvertible {
    let description: String

    init(_ handle: OpaquePointer?) {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
        self.description = lines.isEmpty ? "libpq gives no reason" : lines.joined(separator: " ")
    }
}

/// Runs an actor's jobs, one after the other, on a thread that may block.
final class BlockingExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "libpq")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
