// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// An element of an XML document, as federation services write them. Knows where in the document it stands, so that what is signed can be
/// cut out byte by byte: written anew, its signature would be broken.
struct SOAPElement: Sendable, Equatable {
    /// A name with its namespace; no prefix is kept, since it means nothing by itself.
    struct Name: Sendable, Hashable {
        /// Empty: none.
        let namespace: String
        let local: String
    }

    /// The namespaces of the documents that are read and written.
    enum Namespace {
        static let envelope = "http://www.w3.org/2003/05/soap-envelope"
        static let addressing = "http://www.w3.org/2005/08/addressing"
        static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
        static let soapBinding = "http://schemas.xmlsoap.org/wsdl/soap12/"
        static let policy = "http://schemas.xmlsoap.org/ws/2004/09/policy"
        static let security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
        static let utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
    }

    let name: Name
    let attributes: [Name: String]
    var children: [SOAPElement] = []
    /// The text directly in it, without that of its children.
    var text = ""
    /// From the first byte of the start tag to the last one of the end tag.
    var range: Range<Int>

    /// The first child of a name.
    func child(_ namespace: String, _ local: String) -> SOAPElement? {
        self.children.first { $0.name.local == local && $0.name.namespace == namespace }
    }

    /// The children of a name.
    func children(_ namespace: String, _ local: String) -> [SOAPElement] {
        self.children.filter { $0.name.local == local && $0.name.namespace == namespace }
    }

    /// An attribute without a namespace.
    func attribute(_ local: String) -> String? { self.attributes[Name(namespace: "", local: local)] }

    /// The text without the blanks around it.
    var word: String {
        let start = self.text.drop(while: Self.isBlank)
        return String(start.reversed().drop(while: Self.isBlank).reversed())
    }

    /// Whether there is nothing but blanks between the children.
    var isBlank: Bool { self.text.allSatisfy(Self.isBlank) }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\n" || character == "\r" || character == "\r\n"
    }

    /// Text as it may stand between tags and in attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
