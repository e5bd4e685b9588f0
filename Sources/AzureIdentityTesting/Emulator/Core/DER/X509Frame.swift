// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The outer parts of a certificate: what was signed, how, and the signature. Pure; says nothing about whether they fit.
package struct X509Frame: Sendable {
    /// The part that was signed, whole.
    package let signed: [UInt8]
    /// The object identifier of the algorithm.
    package let algorithm: [UInt8]
    package let signature: [UInt8]

    package init?(der: [UInt8]) {
        guard var certificate = DERReader.sequence(der),
            let signed = certificate.next(0x30),
            var algorithm = certificate.next(0x30)?.reader, let identifier = algorithm.next(0x06),
            let signature = certificate.next(0x03)?.content, signature.first == 0, certificate.isAtEnd
        else { return nil }
        self.signed = Array(signed.whole)
        self.algorithm = Array(identifier.content)
        self.signature = Array(signature.dropFirst())
    }

    /// The common names in a name, in DER.
    package static func commonNames(_ name: [UInt8]) -> [String] {
        guard var parts = DERReader.sequence(name) else { return [] }
        var names: [String] = []
        while let part = parts.next(0x31) {
            var pairs = part.reader
            while var pair = pairs.next(0x30)?.reader {
                guard pair.next(0x06)?.content.elementsEqual([0x55, 0x04, 0x03]) == true, let value = pair.next() else {
                    continue
                }
                if [0x0C, 0x13, 0x16].contains(value.tag), let text = String(validating: value.content, as: UTF8.self) {
                    names.append(text)
                }
            }
        }
        return names
    }
}
