// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureCredentials

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Base64 with the URL-safe alphabet and without padding (RFC 4648, section 5; RFC 7515, section 2). Pure.
package enum Base64URL {
    /// The text of some bytes.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = Array(Data(bytes).base64EncodedData())
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "+"): text[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): text[index] = UInt8(ascii: "_")
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, padded or not; `nil` if it isn't in this alphabet or the standard one.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        Base64Text.data(urlSafe: text).map(Array.init)
    }

    /// The bytes of a text that is exactly as ``encode(_:)`` writes it: unpadded, in this alphabet, without spare bits.
    package static func decodeExactly(_ text: some StringProtocol) -> [UInt8]? {
        guard let bytes = Self.decode(text), Self.encode(bytes).utf8.elementsEqual(text.utf8) else { return nil }
        return bytes
    }
}
