// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import NIOCore

/// Hands out a body piece by piece. Pure.
///
/// Hands out the body first, then blanks up to `total`, or for ever if there is none.
struct BodyPump {
    private let body: [UInt8]
    private let total: Int?
    private let pieceSize: Int
    private var position = 0

    /// How long to wait between two pieces.
    let interval: TimeAmount?

    private init(body: [UInt8], total: Int?, pieceSize: Int, interval: TimeAmount?) {
        self.body = body
        self.total = total
        self.pieceSize = pieceSize
        self.interval = interval
    }

    /// A body filled up with blanks, as fast as the client reads.
    static func padded(_ body: [UInt8], to total: Int) -> BodyPump {
        BodyPump(body: body, total: max(total, body.count), pieceSize: 1 << 16, interval: nil)
    }

    /// A body that drips: ten times a second, or less often if that were less than a byte.
    static func slow(_ body: [UInt8], bytesPerSecond: Int) -> BodyPump {
        let rate = Int64(min(max(1, bytesPerSecond), 1 << 30))
        let pieceSize = max(1, rate / 10)
        return BodyPump(
            body: body,
            total: body.count,
            pieceSize: Int(pieceSize),
            interval: .nanoseconds(1_000_000_000 * pieceSize / rate)
        )
    }

    /// A body that is followed by blanks without end, 64 bytes ten times a second.
    static func endless(_ body: [UInt8]) -> BodyPump {
        BodyPump(body: body, total: nil, pieceSize: 64, interval: .milliseconds(100))
    }

    /// The next piece; `nil` at the end.
    mutating func next() -> [UInt8]? {
        let end = min(self.position + self.pieceSize, self.total ?? .max)
        guard end > self.position else { return nil }
        defer { self.position = end }
        let ofBody = self.body[min(self.position, self.body.count)..<min(end, self.body.count)]
        return ofBody + Array(repeating: UInt8(ascii: " "), count: end - self.position - ofBody.count)
    }
}
#endif
