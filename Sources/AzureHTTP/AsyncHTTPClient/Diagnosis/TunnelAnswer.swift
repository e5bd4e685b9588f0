// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
/// The beginning of a proxy's answer to `CONNECT`. Pure.
enum TunnelAnswer: Hashable {
    /// Good so far, but the head's end is missing.
    case incomplete
    /// No HTTP/1.
    case garbage
    /// A whole head with this status.
    case status(Int)

    init(_ bytes: [UInt8]) {
        let start = Array("HTTP/1.".utf8)
        guard bytes.starts(with: start.prefix(bytes.count)) else {
            self = .garbage
            return
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // An empty line ends the head; what follows the last line feed is no line yet.
        guard lines.dropFirst().dropLast().contains(where: { $0.isEmpty || $0.elementsEqual([UInt8(ascii: "\r")]) }) else {
            self = .incomplete
            return
        }
        let words = lines[0].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
        guard words.count > 1, words[1].count == 3, let status = Int(String(decoding: words[1], as: UTF8.self)), status >= 100
        else {
            self = .garbage
            return
        }
        self = .status(status)
    }
}
#endif
