// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// Writes `application/x-www-form-urlencoded` bodies. Pure.
package enum FormEncoding {
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// The body for the parameters, in order; everything but letters, digits and `*-._` is percent-encoded, blanks become `+`.
    package static func body(_ parameters: [(name: String, value: String)]) -> [UInt8] {
        var body: [UInt8] = []
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { body.append(UInt8(ascii: "&")) }
            Self.append(parameter.name, to: &body)
            body.append(UInt8(ascii: "="))
            Self.append(parameter.value, to: &body)
        }
        return body
    }

    /// The forms in which a server may send back what it was sent: as it is, form-encoded, percent-encoded, and as
    /// JSON and HTML escape it.
    package static func echoes(of secret: String) -> [String] {
        // Assertions and most secrets have nothing in them that any of these forms changes.
        if secret.utf8.allSatisfy(Self.isUnreserved) { return [secret] }
        var form: [UInt8] = []
        Self.append(secret, to: &form)
        let encoded = String(decoding: form, as: UTF8.self)
        let escaped = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("/", with: "\\/")
        let escapedWithSlashes = secret.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        var lowercased = ""
        var digits = 0
        for character in encoded {
            lowercased += digits > 0 ? character.lowercased() : String(character)
            digits = character == "%" ? 2 : max(0, digits - 1)
        }
        let html = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let quoted = html.replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
        let slashed = quoted.replacing("/", with: "&#47;")
        return [
            html, quoted, slashed, secret, encoded, encoded.replacing("+", with: "%20"), lowercased,
            lowercased.replacing("+", with: "%20"), escaped, escapedWithSlashes,
        ]
    }

    private static func append(_ text: String, to body: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case _ where Self.isUnreserved(byte): body.append(byte)
            case UInt8(ascii: " "): body.append(UInt8(ascii: "+"))
            default:
                body.append(UInt8(ascii: "%"))
                body.append(Self.hexadecimal[Int(byte >> 4)])
                body.append(Self.hexadecimal[Int(byte & 0xF)])
            }
        }
    }

    /// Whether a byte stands for itself.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
