// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the texts and bodies of services have in common. Pure.
enum ServiceText {
    /// The code of Microsoft Entra ID in a text, such as `AADSTS7000215: …`; the first one, if there are several.
    static func codes(in text: String) -> [Int] {
        guard let range = text.firstRange(of: "AADSTS") else { return [] }
        let digits = text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
        return digits.count <= 9 ? [Int(digits)].compactMap { $0 } : []
    }

    /// A body without a byte order mark, which JSON decoders don't take.
    static func json(_ body: [UInt8]) -> Data {
        body.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(body.dropFirst(3)) : Data(body)
    }
}
