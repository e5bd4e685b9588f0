// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient || Cryptography
import AzureCredentials
import SwiftASN1

/// Renders the names in certificates in the manner of RFC 4514: the last part first, special characters escaped. Pure.
package enum CertificateName {
    /// The longest text of a name, in characters.
    package static let maximumLength = 200

    private static let attributes = [
        "2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
        "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "emailAddress",
    ]

    /// A name as text: cleaned, at most ``maximumLength`` characters.
    ///
    /// - Parameter der: The name in DER.
    /// - Returns: The text; empty for an empty name, `(unreadable)` for bytes that are no name.
    package static func text(_ der: [UInt8]) -> String {
        guard let node = try? DER.parse(der), let text = try? Self.render(node) else { return "(unreadable)" }
        return HostileText.sanitized(text, limit: Self.maximumLength)
    }

    private static func render(_ node: ASN1Node) throws(CertificateProblem) -> String {
        var sets: [ASN1Node] = []
        var name = try ASN1Members(of: node, what: "the name")
        while let set = name.next() { sets.append(set) }
        var text = ""
        for set in sets.reversed() {
            // What comes after is cut off in any case.
            guard text.utf8.count <= 16 * Self.maximumLength else { break }
            var members = try ASN1Members(of: set, .set, what: "the name")
            var isFirst = true
            while let pair = members.next() {
                if !text.isEmpty { text += isFirst ? "," : "+" }
                isFirst = false
                text += try Self.attribute(pair)
            }
        }
        return text
    }

    private static func attribute(_ node: ASN1Node) throws(CertificateProblem) -> String {
        var pair = try ASN1Members(of: node, what: "the name")
        let type = try pair.objectIdentifier()
        guard let value = pair.next() else { throw pair.problem }
        return "\(Self.attributes[type] ?? type)=\(Self.value(value))"
    }

    private static func value(_ node: ASN1Node) -> String {
        // Four bytes may be one character.
        guard case .primitive(let all) = node.content else { return "#" }
        let bytes = all.prefix(4 * Self.maximumLength)
        switch node.identifier {
        case .utf8String, .printableString, .ia5String, .numericString, .visibleString:
            return Self.escaped(String(decoding: bytes, as: UTF8.self))
        case .teletexString:
            return Self.escaped(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
        case .bmpString:
            return Self.escaped(String(decoding: Self.units(bytes, size: 2).map { UInt16($0) }, as: UTF16.self))
        case .universalString:
            return Self.escaped(String(decoding: Self.units(bytes, size: 4), as: UTF32.self))
        default:
            return "#" + bytes.prefix(32).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private static func units(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt32] {
        let bytes = Array(bytes)
        return stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { start in
            bytes[start..<start + size].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        let last = value.unicodeScalars.count - 1
        for (index, scalar) in value.unicodeScalars.enumerated() {
            switch scalar {
            case ",", "+", "\"", "\\", "<", ">", ";": text += "\\"
            case "#" where index == 0: text += "\\"
            case " " where index == 0 || index == last: text += "\\"
            default: break
            }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
#endif
