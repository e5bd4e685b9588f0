// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A PEM file of certificate authorities that may be replaced while it is in use. What was good stays in use until the file is good again.
final class AuthorityFile: Sendable {
    private struct Kept: Sendable {
        let contents: [UInt8]
        let stamp: FileStamp
    }

    private let path: String
    private let kept = Locked<Kept?>(nil)

    init(path: String) { self.path = path }

    /// The authorities, read again if the file has changed.
    ///
    /// - Throws: `FileProblem` if the file was never good.
    func contents() throws(FileProblem) -> [UInt8] {
        let stamp = Host.stamp(ofFile: self.path)
        let kept = self.kept.withLock { $0 }
        if let kept, kept.stamp == stamp { return kept.contents }
        do throws(FileProblem) {
            let contents = try Host.contents(ofFile: self.path, limit: ServerProof.largestAuthorities)
            guard !contents.isEmpty else { throw FileProblem(reason: "it is empty") }
            guard Self.isWhole(contents) else { throw FileProblem(reason: "it holds no whole certificate in PEM") }
            if let stamp { self.kept.withLock { $0 = Kept(contents: contents, stamp: stamp) } }
            return contents
        } catch {
            guard let kept else { throw error }
            return kept.contents
        }
    }

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// Whether there is a certificate, and no half one: each block ends, and looks like DER. Pure.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        var count = 0
        while let begin = rest.firstRange(of: Self.begin) {
            rest = rest[begin.upperBound...]
            guard let end = rest.firstRange(of: Self.end) else { return false }
            let text = rest[..<end.lowerBound].filter { !$0.isWhitespace }
            guard let data = Data(base64Encoded: text), Self.isWholeSequence(Array(data)) else { return false }
            rest = rest[end.upperBound...]
            count += 1
        }
        return count > 0
    }

    /// Whether bytes are a sequence in DER with the length that it says (X.690, 8.1.3).
    private static func isWholeSequence(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == 0x30 else { return false }
        guard bytes[1] >= 0x80 else { return bytes.count == 2 + Int(bytes[1]) }
        let count = Int(bytes[1] & 0x7F)
        guard (1...3).contains(count), bytes.count > 2 + count else { return false }
        return bytes.count == 2 + count + bytes[2..<(2 + count)].reduce(0) { $0 << 8 | Int($1) }
    }
}
