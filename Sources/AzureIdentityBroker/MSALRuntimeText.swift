// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureIdentity

/// The characters of the library's texts: UTF-8, but on Windows UTF-16.
#if os(Windows)
typealias OSCharacter = UInt16
#else
typealias OSCharacter = CChar
#endif

/// The way of a text to the library and back. Pure; the one place that knows the form.
enum OSText {
    /// The text with the zero behind it, which ends texts in C.
    ///
    /// - Throws: `BrokerFailure` if it has a zero of its own: the library would get half of it.
    static func characters(_ text: String) throws(BrokerFailure) -> [OSCharacter] {
        guard !text.utf8.contains(0) else {
            throw BrokerFailure(.configuration, context: "a text with a zero byte can't be asked for")
        }
        #if os(Windows)
        return Array(text.utf16) + [0]
        #else
        return text.utf8.map { OSCharacter(bitPattern: $0) } + [0]
        #endif
    }

    /// The text up to the first zero; what is no Unicode in it is replaced.
    static func string(_ characters: [OSCharacter]) -> String {
        let text = characters.prefix { $0 != 0 }
        #if os(Windows)
        return String(decoding: text, as: UTF16.self)
        #else
        return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #endif
    }
}
