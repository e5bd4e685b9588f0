// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if AsyncHTTPClient
import SwiftASN1

/// The servers that a certificate is for: the names and addresses of its extension `subjectAltName`. Nothing of it is verified.
struct CertificateNames: Hashable {
    /// Domain names and addresses, in the certificate's order; at most 100.
    let names: [String]
    /// The domain names among them.
    let domains: [String]
    /// Whether there is an address among them, one that can't be read included.
    let hasAddresses: Bool

    private static let extensionIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 17]

    /// Reads a certificate.
    ///
    /// - Parameter der: The certificate in DER.
    /// - Throws: ``CertificateProblem``. A certificate without the extension has no names.
    init(der: [UInt8]) throws(CertificateProblem) {
        let what = "the certificate"
        guard der.count <= CertificateSummary.maximumSize, let root = try? DER.parse(der) else {
            throw CertificateProblem("\(what) is damaged")
        }
        var certificate = try ASN1Members(of: root, what: what)
        var signed = try certificate.members()
        while let member = signed.next() {
            guard member.identifier == ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific) else { continue }
            var wrapper = try ASN1Members(of: member, member.identifier, what: what)
            let found = try Self.names(in: try wrapper.members(), what: what)
            (self.names, self.domains, self.hasAddresses) = (found.all, found.domains, found.hasAddresses)
            return
        }
        (self.names, self.domains, self.hasAddresses) = ([], [], false)
    }

    private typealias Found = (all: [String], domains: [String], hasAddresses: Bool)

    private static func names(in extensions: ASN1Members, what: String) throws(CertificateProblem) -> Found {
        var extensions = extensions
        while let node = extensions.next() {
            var member = try ASN1Members(of: node, what: what)
            guard let identifier = member.next(), (try? ASN1ObjectIdentifier(derEncoded: identifier)) == self.extensionIdentifier
            else { continue }
            _ = member.nextIfPresent(.boolean)
            guard case .primitive(let value) = try member.next(.octetString).content else { throw member.problem }
            var list = try ASN1Members(parsing: value, what: what)
            var found: Found = ([], [], false)
            while let name = list.next() {
                guard name.identifier.tagClass == .contextSpecific, case .primitive(let bytes) = name.content else { continue }
                switch name.identifier.tagNumber {
                case 2:
                    found.domains.append(String(decoding: bytes, as: UTF8.self))
                    if found.all.count < 100 { found.all.append(String(decoding: bytes, as: UTF8.self)) }
                case 7:
                    found.hasAddresses = true
                    if found.all.count < 100, let address = NetworkAddress(bytes: Array(bytes)) { found.all.append("\(address)") }
                default: continue
                }
            }
            return found
        }
        return ([], [], false)
    }
}
#endif
