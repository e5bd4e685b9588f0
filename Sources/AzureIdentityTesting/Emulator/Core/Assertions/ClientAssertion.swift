// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import AzureHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client assertion in its parts: a signed JSON Web Token whose form has been checked, and nothing else. Pure.
struct ClientAssertion: Sendable {
    /// The longest assertion that is read, in bytes.
    private static let limit = 64 << 10

    let header: EmulatorJSON
    let claims: EmulatorJSON
    /// The `alg` of the header.
    let algorithm: String
    /// What was signed: the first two segments as they came.
    let signingInput: [UInt8]
    let signature: [UInt8]

    /// Takes an assertion apart.
    ///
    /// - Parameters:
    ///   - text: The assertion.
    ///   - isExact: Whether padding is refused, as RFC 7515 wants it.
    ///   - isSigned: Whether there has to be a signature.
    init(_ text: String, isExact: Bool, isSigned: Bool = true) throws(EmulatorRefusal) {
        let segments = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.limit, segments.count == 3 else { throw .malformedAssertion("it has not three segments") }
        var parts: [[UInt8]] = []
        for segment in segments {
            let isEmpty = !isSigned && parts.count == 2 && segment.isEmpty
            parts.append(isEmpty ? [] : try Self.decoded(segment, isExact: isExact))
        }
        self.header = try Self.object(parts[0])
        self.claims = try Self.object(parts[1])
        self.signature = parts[2]
        self.signingInput = Array("\(segments[0]).\(segments[1])".utf8)
        guard let algorithm = self.header["alg"]?.string else { throw .malformedAssertion("its header has no 'alg'") }
        self.algorithm = algorithm
        if let type = self.header["typ"], !["jwt", "http://openid.net/specs/jwt/1.0"].contains(type.string?.lowercased()) {
            throw .wrongHeaderType
        }
        // There is no extension that the service would have to understand.
        guard self.header["crit"] == nil else { throw .malformedAssertion("its header has 'crit'") }
    }

    /// Decodes base64url. Blanks and line breaks are no part of it, not even at the end.
    private static func decoded(_ segment: Substring, isExact: Bool) throws(EmulatorRefusal) -> [UInt8] {
        var digits = segment
        if !isExact, segment.utf8.count % 4 == 0 {
            for _ in 0..<2 where digits.hasSuffix("=") { digits.removeLast() }
        }
        guard let bytes = Base64URL.decodeExactly(digits), !bytes.isEmpty else {
            throw .malformedAssertion("a segment is not base64url\(isExact ? " without padding" : "")")
        }
        return bytes
    }

    private static func object(_ bytes: [UInt8]) throws(EmulatorRefusal) -> EmulatorJSON {
        guard let json = try? JSONDecoder().decode(EmulatorJSON.self, from: Data(bytes)), case .object = json else {
            throw .malformedAssertion("its header or its claims are not a JSON object")
        }
        return json
    }

    /// The time of a claim. `nil`: there is none.
    ///
    /// - Parameter isExact: Whether fractions of a second are refused.
    func time(_ name: String, isExact: Bool) throws(EmulatorRefusal) -> Date? {
        switch self.claims[name] {
        case nil: return nil
        case .integer(let seconds) where abs(Double(seconds)) < 1e11: return Date(timeIntervalSince1970: Double(seconds))
        case .number(let seconds) where !isExact && abs(seconds) < 1e11: return Date(timeIntervalSince1970: seconds)
        default: throw .malformedAssertion("the claim '\(name)' is not a time")
        }
    }

    /// The audience: a string, or the only string of an array. `nil`: anything else.
    var federatedAudience: String? {
        if let elements = self.claims["aud"]?.elements { return elements.count == 1 ? elements[0].string : nil }
        return self.claims["aud"]?.string
    }
}
