// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

extension HostileText {
    /// Shorter runs behind `eyJ` are words and ids.
    private static let shortestJWT = 20
    /// Shorter words behind `Bearer` belong to a sentence.
    private static let shortestBearer = 16

    /// Returns a text of a server's without what looks like a token in it: a run of base64url and dots from `eyJ` on, as a JWT begins, and a
    /// long word behind `Bearer`.
    package static func withoutTokens(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { !Self.isInToken($0) } ?? bytes.count
            guard end > index else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let run = bytes[index..<end]
            let isNamed = end < bytes.count && bytes[end] == UInt8(ascii: "=")
            if run.count >= Self.shortestBearer, !isNamed, Self.endsWithBearer(result) {
                result += Array("<redacted>".utf8)
            } else if let start = run.firstRange(of: Array("eyJ".utf8))?.lowerBound, end - start >= Self.shortestJWT {
                result += run[..<start] + Array("<redacted>".utf8)
            } else {
                result += run
            }
            index = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isInToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func endsWithBearer(_ bytes: [UInt8]) -> Bool {
        bytes.last == UInt8(ascii: " ") && bytes.dropLast().suffix(6).map { $0 | 0x20 } == Array("bearer".utf8)
    }
}
