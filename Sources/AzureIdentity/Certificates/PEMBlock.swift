// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Cryptography
import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A block of a PEM file: what stands between two lines of dashes, decoded.
struct PEMBlock {
    let label: String
    /// `Proc-Type` and the like, by name.
    let headers: [String: String]
    let bytes: [UInt8]

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)

    /// Whether a file is PEM rather than DER, which begins with a character and then something that is none.
    static func isPEM(_ bytes: [UInt8]) -> Bool {
        let isDER = bytes.count >= 2 && bytes[0] == 0x30 && bytes[1] >= 0x80
        return !isDER && bytes.firstRange(of: Self.begin) != nil
    }

    /// The certificates and private keys of a PEM file; other blocks, and text around blocks, are left out.
    static func contents(of bytes: [UInt8]) throws(CertificateProblem) -> CertificateContents {
        var contents = CertificateContents()
        for block in try Self.blocks(of: bytes) {
            switch block.label {
            case "CERTIFICATE", "X509 CERTIFICATE": try contents.add(certificate: block.bytes)
            case let label where label.hasSuffix("PRIVATE KEY"): try contents.add(key: PrivateKeySource(block))
            default: break
            }
        }
        return contents
    }

    /// All blocks, in order. Takes any line ends, a byte order mark, blanks around lines, and text between blocks.
    static func blocks(of bytes: [UInt8]) throws(CertificateProblem) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var open: Draft?
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = Self.trimmed(line)
            if line.starts(with: Self.end), let draft = open {
                guard Self.label(line, after: Self.end) == draft.label else { throw draft.notEnded }
                blocks.append(try draft.block())
                open = nil
            } else if line.starts(with: Self.begin) {
                guard open == nil else { throw open?.notEnded ?? CertificateProblem("a PEM block in it is damaged") }
                guard let label = Self.label(line, after: Self.begin) else {
                    throw CertificateProblem("a PEM block in it doesn't begin with a line of its own")
                }
                guard blocks.count < CertificateLimits.blocks else {
                    throw CertificateProblem("it holds more than \(CertificateLimits.blocks) PEM blocks")
                }
                open = Draft(label: label)
            } else {
                open?.add(line)
            }
        }
        guard let open else { return blocks }
        throw open.notEnded
    }

    /// The text between the marks of a line; `nil` unless it is upper-case ASCII of sensible length.
    private static func label(_ line: ArraySlice<UInt8>, after mark: [UInt8]) -> String? {
        guard line.count > mark.count + Self.dashes.count, line.suffix(Self.dashes.count).elementsEqual(Self.dashes) else {
            return nil
        }
        let label = line.dropFirst(mark.count).dropLast(Self.dashes.count)
        let isPlain = label.allSatisfy { byte in
            byte == 0x20 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        }
        return isPlain && label.count <= 40 ? String(decoding: label, as: UTF8.self) : nil
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        line = line.drop { $0 == 0x20 || $0 == 0x09 }
        while line.last == 0x20 || line.last == 0x09 { line = line.dropLast() }
        return line
    }

    /// A block that is being read.
    private struct Draft {
        let label: String
        var headers: [String: String] = [:]
        var text: [UInt8] = []

        var notEnded: CertificateProblem { CertificateProblem("the PEM block \(self.label) in it has no end") }

        mutating func add(_ line: ArraySlice<UInt8>) {
            if self.text.isEmpty, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                guard self.headers.count < 16, line.count <= 200 else { return }
                let value = line[line.index(after: colon)...].drop { $0 == 0x20 }
                self.headers[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            } else {
                self.text += line
            }
        }

        func block() throws(CertificateProblem) -> PEMBlock {
            guard let data = Data(base64Encoded: Data(self.text)), !data.isEmpty else {
                throw CertificateProblem("the PEM block \(self.label) in it is not base64")
            }
            return PEMBlock(label: self.label, headers: self.headers, bytes: Array(data))
        }
    }
}
#endif
