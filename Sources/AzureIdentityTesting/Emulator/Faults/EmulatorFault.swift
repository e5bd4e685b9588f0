// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// One way in which the emulator misbehaves.
///
/// ```swift
/// emulator.play(FaultScript(.status(429, retryAfter: "2"), requests: 1))
/// ```
public struct EmulatorFault: Sendable, Hashable {
    /// What the fault does to an answer.
    package enum Kind: Sendable, Hashable {
        case status(Int, retryAfter: String?, body: [UInt8]?)
        case delay(Duration)
        case reset
        case refusal
        case truncation(afterBytes: Int)
        case garbage
        case hugeBody(bytes: Int)
        case slowBody(bytesPerSecond: Int)
        case endlessBody
        case clockOffset(Duration)
        case response(status: Int, headers: [String: String], body: [UInt8])
    }

    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    /// Answers with a status, instead of doing what was asked.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - retryAfter: The value of `Retry-After`, as it is sent.
    ///   - body: The body. `nil`: an error in the format of the service that was asked, `temporarily_unavailable`.
    /// - Returns: The fault.
    public static func status(_ status: Int, retryAfter: String? = nil, body: String? = nil) -> EmulatorFault {
        EmulatorFault(.status(status, retryAfter: retryAfter, body: body.map { Array($0.utf8) }))
    }

    /// Answers as usual, but later.
    ///
    /// - Parameter duration: How much later.
    /// - Returns: The fault.
    public static func delay(_ duration: Duration) -> EmulatorFault { EmulatorFault(.delay(duration)) }

    /// Resets the connection instead of answering.
    public static let reset = EmulatorFault(.reset)

    /// Refuses the connection, as a service does that doesn't listen yet. On a socket it is a ``reset``: there a connection is accepted
    /// before it is known what is asked.
    public static let refusal = EmulatorFault(.refusal)

    /// Announces the whole body, sends a part of it and closes the connection.
    ///
    /// - Parameter afterBytes: How many bytes of the body are sent.
    /// - Returns: The fault.
    public static func truncation(afterBytes: Int) -> EmulatorFault { EmulatorFault(.truncation(afterBytes: max(0, afterBytes))) }

    /// Sends bytes that are no HTTP and closes the connection.
    public static let garbage = EmulatorFault(.garbage)

    /// Answers as usual, and fills the body up with blanks.
    ///
    /// - Parameter bytes: How long the body gets.
    /// - Returns: The fault.
    public static func hugeBody(bytes: Int) -> EmulatorFault { EmulatorFault(.hugeBody(bytes: max(0, bytes))) }

    /// Answers as usual, but the body drips.
    ///
    /// - Parameter bytesPerSecond: How many bytes are sent each second; at least 1.
    /// - Returns: The fault.
    public static func slowBody(bytesPerSecond: Int) -> EmulatorFault {
        EmulatorFault(.slowBody(bytesPerSecond: max(1, bytesPerSecond)))
    }

    /// Answers as usual, but the body never ends: blanks follow it, few enough that a limit of size alone is no help.
    public static let endlessBody = EmulatorFault(.endlessBody)

    /// Answers as a service whose clock is wrong: the `Date` header, and the times in tokens.
    ///
    /// - Parameter offset: How far the clock is ahead; negative if it is behind.
    /// - Returns: The fault.
    public static func clockOffset(_ offset: Duration) -> EmulatorFault { EmulatorFault(.clockOffset(offset)) }

    /// Answers with exactly this, whatever was asked.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: All the headers, but for those that frame the body.
    ///   - body: The body.
    /// - Returns: The fault.
    public static func response(status: Int, headers: [String: String] = [:], body: [UInt8]) -> EmulatorFault {
        EmulatorFault(.response(status: status, headers: headers, body: body))
    }

    /// Answers with exactly this, whatever was asked.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: All the headers, but for those that frame the body.
    ///   - body: The body, sent in UTF-8.
    /// - Returns: The fault.
    public static func response(status: Int, headers: [String: String] = [:], body: String) -> EmulatorFault {
        Self.response(status: status, headers: headers, body: Array(body.utf8))
    }
}
