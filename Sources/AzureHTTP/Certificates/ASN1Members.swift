// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient || Cryptography
package import SwiftASN1

/// Why a certificate, a key or a file of them can't be used: a part of a sentence, without a full stop.
///
/// Holds neither secrets nor text from outside that isn't cleaned.
package struct CertificateProblem: Error, Sendable, Hashable {
    package let message: String

    package init(_ message: String) { self.message = message }
}

/// Reads the members of a constructed ASN.1 value one after the other; whatever isn't as asked for is a `CertificateProblem`.
package struct ASN1Members {
    private var rest: ASN1NodeCollection.Iterator
    private var upcoming: ASN1Node?
    private let what: String

    /// The members of a value.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - identifier: What it must be.
    ///   - what: What is read, for the problem's message, such as `the certificate`.
    package init(
        of node: ASN1Node,
        _ identifier: ASN1Identifier = .sequence,
        what: String
    ) throws(CertificateProblem) {
        guard node.identifier == identifier, case .constructed(let nodes) = node.content else {
            throw CertificateProblem("\(what) is damaged")
        }
        self.rest = nodes.makeIterator()
        self.upcoming = self.rest.next()
        self.what = what
    }

    /// Reads bytes that hold one value and nothing else, in DER or BER, and gives its members.
    package init(parsing bytes: ArraySlice<UInt8>, what: String) throws(CertificateProblem) {
        guard let node = try? BER.parse(bytes) else { throw CertificateProblem("\(what) is damaged") }
        try self.init(of: node, what: what)
    }

    /// What to throw if a member's content is not as it should be.
    package var problem: CertificateProblem { CertificateProblem("\(self.what) is damaged") }

    /// The next member, whatever it is; `nil` after the last.
    package mutating func next() -> ASN1Node? {
        defer { self.upcoming = self.rest.next() }
        return self.upcoming
    }

    /// The next member, which must be there and be what is asked for.
    package mutating func next(_ identifier: ASN1Identifier) throws(CertificateProblem) -> ASN1Node {
        guard let node = self.nextIfPresent(identifier) else { throw self.problem }
        return node
    }

    /// The next member if it is what is asked for.
    package mutating func nextIfPresent(_ identifier: ASN1Identifier) -> ASN1Node? {
        guard let node = self.upcoming, node.identifier == identifier else { return nil }
        self.upcoming = self.rest.next()
        return node
    }

    /// The members of the next member.
    package mutating func members(
        of identifier: ASN1Identifier = .sequence
    ) throws(CertificateProblem) -> ASN1Members {
        try ASN1Members(of: self.next(identifier), identifier, what: self.what)
    }

    /// The next member, which must be an object identifier, as dotted numbers.
    package mutating func objectIdentifier() throws(CertificateProblem) -> String {
        let node = try self.next(.objectIdentifier)
        guard let identifier = try? ASN1ObjectIdentifier(derEncoded: node) else { throw self.problem }
        return identifier.description
    }

    /// The next member, which must be an octet string, in one piece or, as BER allows, in several.
    package mutating func octets(_ identifier: ASN1Identifier = .octetString) throws(CertificateProblem) -> ArraySlice<UInt8> {
        let node = try self.next(identifier)
        guard let string = try? ASN1OctetString(berEncoded: node, withIdentifier: identifier) else { throw self.problem }
        return string.bytes
    }

    /// The next member, which must be an integer; its bytes.
    package mutating func integerBytes() throws(CertificateProblem) -> ArraySlice<UInt8> {
        guard case .primitive(let bytes) = try self.next(.integer).content, !bytes.isEmpty else { throw self.problem }
        return bytes
    }

    /// The next member, which must be an integer that is not negative; what is larger than a counter can be is cut to the largest.
    package mutating func count() throws(CertificateProblem) -> Int {
        let bytes = try self.integerBytes()
        guard bytes.first.map({ $0 < 0x80 }) == true else { throw self.problem }
        let digits = bytes.drop { $0 == 0 }
        return digits.count > 7 ? .max : digits.reduce(0) { $0 << 8 | Int($1) }
    }

    /// The next member as ``count()`` if it is an integer.
    package mutating func countIfPresent() throws(CertificateProblem) -> Int? {
        self.upcoming?.identifier == .integer ? try self.count() : nil
    }

    /// Makes sure that nothing follows.
    package func end() throws(CertificateProblem) {
        guard self.upcoming == nil else { throw self.problem }
    }
}

extension ASN1Identifier {
    /// The tag `[number]` of a context.
    package static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
#endif
